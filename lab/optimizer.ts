import type { Value } from '../onnx/index.js';
import type { Tape } from './tape.js';

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2). */
export const ADAMW = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };

/** The state of a parameter: itself and its moments. */
export interface Moments {
  value: Value;
  first: Value;
  second: Value;
}

/** Scalars that change from step to step. */
export interface StepScalars {
  /** The learning rate, times √(1 − β₂ᵗ)/(1 − β₁ᵗ): the moments' bias. */
  rate: Value;
  /** ε·√(1 − β₂ᵗ). */
  epsilon: Value;
  /** 1 − learning rate·weight decay. */
  keep: Value;
}

/** √Σg² over all gradients (Pascanu et al. 2013, arXiv 1211.5063). */
export function globalNorm(tape: Tape, gradients: readonly Value[]): Value {
  const squares = gradients.map((gradient) => tape.op('ReduceSumSquare', [gradient], { keepdims: 0 }));
  return tape.op('Sqrt', [squares.reduce((a, b) => tape.op('Add', [a, b]))]);
}

/** The factor that brings gradients of a norm down to the limit, 1 for those below it. */
export function clipFactor(tape: Tape, norm: Value, limit: number): Value {
  return tape.op('Div', [tape.scalar(limit), tape.op('Max', [norm, tape.scalar(limit)])]);
}

/** One step of AdamW; `factor` scales the gradient first. */
export function adamw(
  tape: Tape,
  { value, first, second }: Moments,
  gradient: Value,
  factor: Value,
  { rate, epsilon, keep }: StepScalars,
  isDecayed: boolean,
): Moments {
  const mul = (a: Value, b: Value) => tape.op('Mul', [a, b]);
  const sum = (a: Value, b: Value) => tape.op('Add', [a, b]);
  const { beta1, beta2 } = ADAMW;
  const fresh = mul(factor, tape.scalar(1 - beta1));
  const freshSquare = mul(mul(factor, factor), tape.scalar(1 - beta2));
  const nextFirst = sum(mul(first, tape.scalar(beta1)), mul(gradient, fresh));
  const nextSecond = sum(mul(second, tape.scalar(beta2)), mul(mul(gradient, gradient), freshSquare));
  const change = tape.op('Div', [mul(nextFirst, rate), sum(tape.op('Sqrt', [nextSecond]), epsilon)]);
  return {
    value: tape.op('Sub', [isDecayed ? mul(value, keep) : value, change]),
    first: nextFirst,
    second: nextSecond,
  };
}
