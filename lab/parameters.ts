import { randomNormal } from 'd3';
import { seededUniform } from '../density/index.js';
import { blockNames, DIGIT_POSITIONS, EXPANSION, type ModelConfig } from './config.js';

/** A trained tensor of a model. */
export interface Parameter {
  name: string;
  shape: readonly number[];
  /** Standard deviation of its first values; gains begin at 1 and have none. */
  deviation: number | undefined;
}

/** Values of all parameters by name, row-major. */
export type Weights = ReadonlyMap<string, Float32Array>;

const DEVIATION = 0.02;

/** The parameters of a model in the order of its computation. */
export function parametersOf(config: ModelConfig): Parameter[] {
  const { vocabulary, context, width, positions } = config;
  const { before, core, after } = blockNames(config);
  const depth = before.length + core.length + after.length;
  // Residual branches add up, so that each begins smaller the more there are (GPT-2, Radford et al. 2019, section 2.3).
  const branch = DEVIATION / Math.sqrt(2 * depth);
  const matrix = (name: string, rows: number, columns: number, deviation = DEVIATION): Parameter => ({
    name,
    shape: [rows, columns],
    deviation,
  });
  const gain = (name: string): Parameter => ({ name, shape: [width], deviation: undefined });
  const block = (name: string): Parameter[] => [
    gain(`${name}.attention.norm`),
    matrix(`${name}.attention.qkv`, width, 3 * width),
    matrix(`${name}.attention.out`, width, width, branch),
    gain(`${name}.forward.norm`),
    matrix(`${name}.forward.in`, width, EXPANSION * width),
    matrix(`${name}.forward.out`, EXPANSION * width, width, branch),
  ];
  return [
    matrix('embedding', vocabulary, width),
    ...(positions === 'learned' ? [matrix('positions', context, width)] : []),
    ...(positions === 'abacus' ? [matrix('digits', DIGIT_POSITIONS, width)] : []),
    ...before.flatMap(block),
    ...(core.length > 0 ? [matrix('adapter', 2 * width, width)] : []),
    ...core.flatMap(block),
    ...(core.length > 0 ? [gain('core.norm')] : []),
    ...after.flatMap(block),
    gain('final.norm'),
  ];
}

/** Draws a model's first weights. */
export function drawWeights(config: ModelConfig, seed: number): Weights {
  const uniform = seededUniform(seed);
  return new Map(
    parametersOf(config).map(({ name, shape, deviation }) => {
      const values = new Float32Array(sizeOf(shape));
      const draw = deviation === undefined ? () => 1 : randomNormal.source(uniform)(0, deviation);
      for (let i = 0; i < values.length; i++) values[i] = draw();
      return [name, values];
    }),
  );
}

/** Elements of a tensor. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Trained numbers of a model. */
export function parameterCount(config: ModelConfig): number {
  return parametersOf(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
