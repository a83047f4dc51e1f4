import { randomNormal } from 'd3';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../density/index.js';
import { type ModelConfig, modelConfigSchema } from '../../lab/config.js';
import { parametersOf, sizeOf } from '../../lab/parameters.js';
import { gradientGraph, lossGraph, type TrainingShape } from '../../lab/training-graph.js';
import { openSession } from '../../onnx/index.js';

const BATCH = 2;
const STEP = 1e-6;

const small = { vocabulary: 11, context: 5, width: 8, heads: 2, layers: 2 };
const CASES: [string, Partial<ModelConfig>, Omit<TrainingShape, 'clip'>][] = [
  ['rotary', {}, { batch: BATCH }],
  ['learned positions', { positions: 'learned' }, { batch: BATCH }],
  ['no positions', { positions: 'none' }, { batch: BATCH }],
  ['Abacus embeddings', { positions: 'abacus' }, { batch: BATCH }],
  ['noise on the embeddings', {}, { batch: BATCH, noise: true }],
  [
    'a recurrent core',
    { recurrence: { prelude: 1, core: 1, coda: 1 } },
    { batch: BATCH, loops: { runs: 3, differentiated: 3 } },
  ],
];

/** Values for every input of a loss graph. */
function feedsOf(config: ModelConfig, shape: Omit<TrainingShape, 'clip'>): Record<string, ort.Tensor> {
  const uniform = seededUniform(5);
  const normal = randomNormal.source(uniform)(0, 0.5);
  const rows = shape.batch * config.context;
  const random = (size: readonly number[]) =>
    new ort.Tensor('float64', Float64Array.from({ length: sizeOf(size) }, normal), size);
  const integers = (below: number) =>
    new ort.Tensor(
      'int32',
      Int32Array.from({ length: rows }, () => Math.floor(uniform() * below)),
      [rows],
    );
  const weights = Float64Array.from({ length: rows }, (_, i) => (i % 4 === 3 ? 0 : uniform()));
  return {
    ...Object.fromEntries(parametersOf(config).map(({ name, shape: size }) => [name, random(size)])),
    ids: integers(config.vocabulary),
    targets: integers(config.vocabulary),
    weights: new ort.Tensor('float64', weights, [rows]),
    ...(shape.noise && { noise: random([rows, config.width]) }),
    ...(config.positions === 'abacus' && { places: integers(20) }),
    ...(shape.loops && { state: random([rows, config.width]) }),
  };
}

describe('gradients of whole models, float64, against central differences', () => {
  it.each(CASES)('%s', async (_, given, shape) => {
    const config = modelConfigSchema.parse({ ...small, ...given });
    const session = await openSession(gradientGraph(config, shape, 'float64'));
    const feeds = feedsOf(config, shape);
    const lossOf = async () => (await session.run(feeds, ['loss'])).loss!.data[0] as number;
    const found = await session.run(feeds);
    let checked = 0;
    for (const { name, shape: size } of parametersOf(config)) {
      const gradient = found[`${name}.gradient`]!.data as Float64Array;
      const values = feeds[name]!.data as Float64Array;
      const largest = Math.max(...gradient.map(Math.abs));
      expect(largest, name).toBeGreaterThan(0);
      const every = Math.max(1, Math.floor(sizeOf(size) / 24));
      for (let i = 0; i < values.length; i += every) {
        const value = values[i]!;
        values[i] = value + STEP;
        const above = await lossOf();
        values[i] = value - STEP;
        const below = await lossOf();
        values[i] = value;
        const difference = (above - below) / (2 * STEP);
        const scale = Math.max(Math.abs(difference), Math.abs(gradient[i]!), 1e-3 * largest);
        expect(Math.abs(difference - gradient[i]!) / scale, `${name}[${i}]`).toBeLessThan(1e-5);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(200);
    await session.release();
  });
});

it('runs of the core that are not differentiated are as a first state that is given', async () => {
  const config = modelConfigSchema.parse({ ...small, recurrence: { prelude: 1, core: 1, coda: 1 } });
  const shape = (runs: number) => ({ batch: BATCH, loops: { runs, differentiated: 1 } });
  const feeds = feedsOf(config, shape(3));
  const { tape, state } = lossGraph(config, shape(2), 'float64');
  tape.graph.output('after', state!.value, 'float64', [BATCH * config.context, config.width]);
  const early = await openSession(tape.graph.serialize());
  const { after } = await early.run(feeds);
  const [whole, late] = await Promise.all(
    [shape(3), shape(1)].map((one) => openSession(gradientGraph(config, one, 'float64'))),
  );
  const found = await whole!.run(feeds);
  const expected = await late!.run({ ...feeds, state: after! });
  for (const [name, { data }] of Object.entries(expected)) {
    const largest = Math.max(...Array.from(data as Float64Array, Math.abs));
    for (const [i, value] of (data as Float64Array).entries())
      expect(Math.abs((found[name]!.data[i] as number) - value) / largest, name).toBeLessThan(1e-10);
  }
  await Promise.all([early, whole!, late!].map((session) => session.release()));
});
