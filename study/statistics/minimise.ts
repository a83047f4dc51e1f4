/** A function to minimise: writes its gradient at x into `gradient` and gives its value. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

/** Where a minimisation ended. */
export interface Minimum {
  x: Float64Array;
  value: number;
  iterations: number;
  /** Whether the gradient is small enough; otherwise no step lowered the value any more, or steps ran out. */
  converged: boolean;
}

export interface MinimiseOptions {
  /** 500 by default. */
  iterations?: number;
  /** Of the gradient's largest entry; 1e-9 by default. */
  tolerance?: number;
}

const MEMORY = 10;
/** Sufficient decrease and curvature (Wolfe), and how often a step is tried. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;
const TRIES = 40;

/**
 * Minimises a smooth function by L-BFGS with a line search for the Wolfe conditions by bisection.
 *
 * Nocedal & Wright (2006), Numerical Optimization, algorithms 7.4 and 7.5; the line search is Lewis & Overton (2013), algorithm 2.6.
 */
export function minimise(
  of: Differentiable,
  start: ArrayLike<number>,
  options: MinimiseOptions = {},
): Minimum {
  const { iterations: limit = 500, tolerance = 1e-9 } = options;
  let x: Float64Array = Float64Array.from(start);
  let gradient: Float64Array = new Float64Array(x.length);
  let value = of(x, gradient);
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  let iterations = 0;
  for (; iterations < limit && largest(gradient) > tolerance; iterations++) {
    let direction = descent(gradient, steps, changes);
    if (!(dot(direction, gradient) < 0)) {
      steps.length = 0;
      changes.length = 0;
      direction = gradient.map((entry) => -entry);
    }
    const first = steps.length === 0 ? Math.min(1, 1 / norm(gradient)) : 1;
    const found = search(of, x, value, gradient, direction, first);
    if (!found) {
      // Behind a poor model of the curvature, steepest descent may still go on.
      if (steps.length === 0) break;
      steps.length = 0;
      changes.length = 0;
      continue;
    }
    const step = found.x.map((entry, i) => entry - x[i]!);
    const change = found.gradient.map((entry, i) => entry - gradient[i]!);
    if (dot(step, change) > Number.EPSILON * norm(step) * norm(change)) {
      steps.push(step);
      changes.push(change);
      if (steps.length > MEMORY) {
        steps.shift();
        changes.shift();
      }
    }
    ({ x, value, gradient } = found);
  }
  return { x, value, iterations, converged: largest(gradient) <= tolerance };
}

/** −H·g by the two-loop recursion, H from the last steps and changes of the gradient. */
function descent(
  gradient: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
): Float64Array {
  const direction = gradient.map((entry) => -entry);
  const weights = steps.map(() => 0);
  for (let i = steps.length - 1; i >= 0; i--) {
    weights[i] = dot(steps[i]!, direction) / dot(steps[i]!, changes[i]!);
    add(direction, changes[i]!, -weights[i]!);
  }
  const [step, change] = [steps.at(-1), changes.at(-1)];
  if (step && change) {
    const scale = dot(step, change) / dot(change, change);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (let i = 0; i < steps.length; i++) {
    const rest = dot(changes[i]!, direction) / dot(steps[i]!, changes[i]!);
    add(direction, steps[i]!, weights[i]! - rest);
  }
  return direction;
}

function search(
  of: Differentiable,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: number,
): { x: Float64Array; value: number; gradient: Float64Array } | null {
  const slope = dot(direction, gradient);
  let [low, high, length] = [0, Number.POSITIVE_INFINITY, first];
  let best: { x: Float64Array; value: number; gradient: Float64Array } | null = null;
  for (let i = 0; i < TRIES; i++) {
    const next = x.map((entry, j) => entry + length * direction[j]!);
    const nextGradient = new Float64Array(x.length);
    const nextValue = of(next, nextGradient);
    if (!(nextValue <= value + DECREASE * length * slope)) high = length;
    else {
      best = { x: next, value: nextValue, gradient: nextGradient };
      if (dot(direction, nextGradient) >= CURVATURE * slope) return best;
      low = length;
    }
    length = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
  }
  return best && best.value < value ? best : null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * what[i]!;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return Number.isNaN(most) ? Number.POSITIVE_INFINITY : most;
}
