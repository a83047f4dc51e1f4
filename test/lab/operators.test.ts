import { randomNormal } from 'd3';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../density/index.js';
import {
  add,
  attention,
  concatColumns,
  crossEntropy,
  embedding,
  linear,
  mergeHeads,
  rmsNorm,
  rotary,
  splitHeads,
  squaredRelu,
} from '../../lab/operators/index.js';
import { sizeOf } from '../../lab/parameters.js';
import { Tape, type Variable } from '../../lab/tape.js';
import { openSession } from '../../onnx/index.js';

const STEP = 1e-6;
const layout = (tape: Tape, batch: number, tokens: number) => ({
  shape: tape.graph.ints(batch, tokens),
  batch,
  tokens,
});
const ints = (tape: Tape, values: number[], shape: number[]) =>
  tape.graph.constant(BigInt64Array.from(values, BigInt), shape);

type Build = (tape: Tape, inputs: Variable[]) => Variable | Variable[];

const CASES: [string, number[][], Build][] = [
  [
    'add',
    [
      [3, 4],
      [3, 4],
    ],
    (tape, [a, b]) => add(tape, a!, b!),
  ],
  ['add of a tensor to itself', [[3, 4]], (tape, [a]) => add(tape, a!, a!)],
  ['squaredRelu', [[5, 4]], (tape, [x]) => squaredRelu(tape, x!)],
  [
    'concatColumns',
    [
      [3, 2],
      [3, 5],
    ],
    (tape, [a, b]) => concatColumns(tape, a!, b!),
  ],
  [
    'linear',
    [
      [4, 3],
      [3, 5],
    ],
    (tape, [x, w]) => linear(tape, x!, w!),
  ],
  ['rmsNorm', [[4, 6], [6]], (tape, [x, gain]) => rmsNorm(tape, x!, gain!)],
  [
    'embedding, with a row twice',
    [[5, 3]],
    (tape, [table]) => embedding(tape, table!, ints(tape, [4, 1, 4, 0], [4]), 4),
  ],
  ['splitHeads', [[6, 24]], (tape, [x]) => splitHeads(tape, x!, layout(tape, 2, 3), 3, 2)],
  ['mergeHeads', [[2, 2, 3, 4]], (tape, [x]) => mergeHeads(tape, x!, layout(tape, 2, 3))],
  ['rotary', [[2, 2, 3, 4]], (tape, [x]) => rotary(tape, x!, ints(tape, [0, 1, 2, 5, 6, 7], [2, 3]), 8)],
  [
    'attention',
    [
      [2, 2, 3, 4],
      [2, 2, 3, 4],
      [2, 2, 3, 4],
    ],
    (tape, [q, k, v]) => {
      const mask = tape.constant([0, -Infinity, -Infinity, 0, 0, -Infinity, 0, 0, 0], [3, 3]);
      return attention(tape, q!, k!, v!, mask);
    },
  ],
  [
    'crossEntropy, with a token left out',
    [
      [4, 3],
      [6, 3],
    ],
    (tape, [x, table]) => {
      const weights = tape.constant([0.3, 0, 0.5, 0.2], [4]);
      return crossEntropy(tape, x!, table!, ints(tape, [5, 2, 0, 5], [4]), weights).loss;
    },
  ],
];

/** Σ c·y over the outputs, with constants c that are all different: the loss that an operator is checked by. */
function weightedSum(tape: Tape, outputs: readonly Variable[]): Variable {
  const parts = outputs.map((y) => {
    const shape = y.shape as number[];
    const c = tape.constant(
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i + 1)),
      shape,
    );
    const sum = tape.op('ReduceSum', [tape.op('Mul', [y.value, c])], { keepdims: 0 });
    return tape.record([y], sum, [], (gradient) => [tape.op('Mul', [gradient, c])]);
  });
  return parts.reduce((a, b) => add(tape, a, b));
}

describe('the reverse of each operator, float64, against central differences', () => {
  it.each(CASES)('%s', async (_, shapes, build) => {
    const tape = new Tape('operator', 'float64');
    const inputs = shapes.map((shape, i) => tape.input(`x${i}`, shape, { differentiable: true }));
    const made = build(tape, inputs);
    const loss = Array.isArray(made) || made.shape.length > 0 ? weightedSum(tape, [made].flat()) : made;
    tape.backward(loss);
    // Two inputs may have the same gradient, which can be an output but once.
    for (const [i, input] of inputs.entries())
      tape.graph.output(
        `gradient${i}`,
        tape.op('Identity', [tape.gradientOf(input)]),
        'float64',
        input.shape,
      );
    tape.graph.output('loss', loss.value, 'float64', []);
    const session = await openSession(tape.graph.serialize());
    const normal = randomNormal.source(seededUniform(3))();
    const feeds = Object.fromEntries(
      shapes.map((shape, i) => [
        `x${i}`,
        new ort.Tensor('float64', Float64Array.from({ length: sizeOf(shape) }, normal), shape),
      ]),
    );
    const found = await session.run(feeds);
    const lossOf = async () => (await session.run(feeds, ['loss'])).loss!.data[0] as number;
    for (const i of shapes.keys()) {
      const values = feeds[`x${i}`]!.data as Float64Array;
      const gradient = found[`gradient${i}`]!.data as Float64Array;
      const largest = Math.max(...gradient.map(Math.abs));
      expect(largest).toBeGreaterThan(0);
      for (const [j, value] of values.entries()) {
        values[j] = value + STEP;
        const above = await lossOf();
        values[j] = value - STEP;
        const below = await lossOf();
        values[j] = value;
        const difference = (above - below) / (2 * STEP);
        const scale = Math.max(Math.abs(difference), Math.abs(gradient[j]!), 1e-3 * largest);
        expect(Math.abs(difference - gradient[j]!) / scale, `x${i}[${j}]`).toBeLessThan(1e-5);
      }
    }
    await session.release();
  });

  it('top keys: all of them are full attention, and one copies the value of the best', async () => {
    const tape = new Tape('top');
    const [q, k, v] = ['q', 'k', 'v'].map((name) => tape.input(name, [1, 1, 4, 2]));
    const keys = tape.graph.input('keys', 'int64', [1]);
    const mask = tape.constant(new Array<number>(16).fill(0), [4, 4]);
    const top = attention(tape, q!, k!, v!, mask, { keys });
    const full = attention(tape, q!, k!, v!, mask);
    tape.graph.output('top', top.value, 'float32', [1, 1, 4, 2]);
    tape.graph.output('full', full.value, 'float32', [1, 1, 4, 2]);
    const session = await openSession(tape.graph.serialize());
    const tensor = (values: number[]) => new ort.Tensor('float32', Float32Array.from(values), [1, 1, 4, 2]);
    const feeds = {
      q: tensor([1, 0, 0, 1, -1, 0, 0, -1]),
      k: tensor([3, 0, 0, 3, -3, 0, 0, -3]),
      v: tensor([1, 2, 3, 4, 5, 6, 7, 8]),
    };
    const run = (count: number) =>
      session.run({ ...feeds, keys: new ort.Tensor('int64', [BigInt(count)], [1]) });
    const all = await run(4);
    expect(all.top!.data).toEqual(all.full!.data);
    expect(Array.from((await run(1)).top!.data as Float32Array)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await session.release();
  });

  it('says that a variable does not reach the loss', () => {
    const tape = new Tape('apart');
    const x = tape.input('x', [2], { differentiable: true });
    const other = tape.input('other', [2], { differentiable: true });
    tape.backward(weightedSum(tape, [x]));
    expect(() => tape.gradientOf(other)).toThrow(/other does not reach the loss/);
  });
});
