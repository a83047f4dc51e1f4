import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../density/index.js';
import {
  beginTraining,
  drawWeights,
  type ModelConfig,
  modelConfigSchema,
  openLossScorer,
  openTrainingStep,
  readModel,
  settle,
  train,
} from '../../lab/index.js';
import { gradientGraph, type TrainingShape, trainingGraph } from '../../lab/training-graph.js';
import { float32Tensor, int32Tensor, openSession } from '../../onnx/index.js';
import { Interrupted, UsageError } from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { lossOf, oracleLogits } from './forward-oracle.js';
import { smallTraining } from './small-model.js';

const config = modelConfigSchema.parse({ vocabulary: 50, context: 16, width: 32, layers: 2, heads: 2 });
const BATCH = 3;
const rows = BATCH * config.context;

function batchOf(seed: number) {
  const ids = Int32Array.from({ length: rows }, (_, i) => (i * 7 + seed * 13) % config.vocabulary);
  const targets = Int32Array.from({ length: rows }, (_, i) => (i * 11 + seed) % config.vocabulary);
  return { ids, targets, weights: new Float32Array(rows).fill(1 / rows) };
}

/** Weights large enough that every part of the model matters. */
function loudWeights(of: ModelConfig) {
  const weights = drawWeights(of, 3);
  for (const [name, values] of weights) {
    for (let i = 0; i < values.length; i++) values[i]! *= name.endsWith('norm') ? 1 + (i % 5) / 10 : 8;
  }
  return weights;
}

const weightsOf = (folder: string) => readFileSync(join(folder, 'model.safetensors'));

describe('a training step', () => {
  const recurrence = { prelude: 1, core: 2, coda: 1 };
  const OPTIONS: [string, Partial<ModelConfig>, Omit<TrainingShape, 'batch' | 'clip'>][] = [
    ['rotary positions', {}, {}],
    ['learned positions', { positions: 'learned' }, {}],
    ['no positions', { positions: 'none' }, {}],
    ['Abacus embeddings', { positions: 'abacus' }, {}],
    ['noise on the embeddings', {}, { noise: true }],
    ['a recurrent core', { recurrence }, { loops: { runs: 3, differentiated: 2 } }],
  ];

  it.each(OPTIONS)('has the loss of plain loops with %s', async (_, given, shape) => {
    const model = modelConfigSchema.parse({ ...config, ...given });
    const { context, width } = model;
    const weights = loudWeights(model);
    const { ids, targets, weights: counted } = batchOf(1);
    const places = Int32Array.from(ids, (id) => id % 7);
    const random = randomNormal.source(seededUniform(9))(0, 0.3);
    const wide = Float32Array.from({ length: rows * width }, random);
    const wideRows = (b: number) =>
      Array.from({ length: context }, (_, t) => [
        ...wide.subarray((b * context + t) * width, (b * context + t + 1) * width),
      ]);
    const expected = Array.from({ length: BATCH }, (_, b) => {
      const part = (all: Int32Array) => [...all.subarray(b * context, (b + 1) * context)];
      const logits = oracleLogits(model, weights, {
        ...{ ids: part(ids), places: part(places) },
        ...(shape.noise && { noise: wideRows(b) }),
        ...(shape.loops && { state: wideRows(b), runs: shape.loops.runs }),
      });
      return logits.map((row, t) => lossOf(row, part(targets)[t]!));
    }).flat();
    const step = await openTrainingStep(model, { batch: BATCH, clip: 1, ...shape });
    const batch = {
      ...{ ids, targets, weights: counted },
      ...(model.positions === 'abacus' && { places }),
      ...(shape.noise && { noise: wide }),
      ...(shape.loops && { state: wide }),
    };
    const found = await step.run(beginTraining(model, weights), batch, { learningRate: 1e-3, decay: 0.1 });
    for (const [i, loss] of expected.entries())
      expect(Math.abs(found.losses[i]! - loss) / loss).toBeLessThan(1e-5);
    await step.close();
  });

  it('has the gradients of the float64 graph', async () => {
    const weights = loudWeights(config);
    const { ids, targets, weights: counted } = batchOf(2);
    const integers = { ids: int32Tensor(ids, [rows]), targets: int32Tensor(targets, [rows]) };
    const single = await openSession(gradientGraph(config, { batch: BATCH }, 'float32'));
    const double = await openSession(gradientGraph(config, { batch: BATCH }, 'float64'));
    const shapes = new Map(
      [...beginTraining(config, weights).first.keys()].map((name) => [name, shapeOf(name)]),
    );
    const { Tensor } = await import('onnxruntime-node');
    const inputs = (type: 'float32' | 'float64') => ({
      ...integers,
      ...Object.fromEntries(
        [...weights].map(([name, values]) => [
          name,
          type === 'float32'
            ? float32Tensor(values, shapes.get(name)!)
            : new Tensor(type, Float64Array.from(values), shapes.get(name)!),
        ]),
      ),
      weights:
        type === 'float32'
          ? float32Tensor(counted, [rows])
          : new Tensor(type, Float64Array.from(counted), [rows]),
    });
    const found = await single.run(inputs('float32'));
    const expected = await double.run(inputs('float64'));
    for (const name of weights.keys()) {
      const a = found[`${name}.gradient`]!.data as Float32Array;
      const b = expected[`${name}.gradient`]!.data as Float64Array;
      const norm = Math.sqrt(b.reduce((sum, x) => sum + x * x, 0));
      const error = Math.sqrt(b.reduce((sum, x, i) => sum + (x - a[i]!) ** 2, 0));
      expect(norm, name).toBeGreaterThan(0);
      expect(error / norm, name).toBeLessThan(1e-5);
    }
  });

  it.each([1, 2])('changes the same weights to the last bit with %i threads, and again', async (threads) => {
    const run = async (options: { threads?: number }) => {
      const step = await openTrainingStep(config, { batch: BATCH, clip: 1 }, options);
      const state = beginTraining(config, drawWeights(config, 1));
      for (let s = 0; s < 5; s++) await step.run(state, batchOf(s), { learningRate: 1e-2, decay: 0.1 });
      await step.close();
      return state.weights;
    };
    const [first, again] = [await run({ threads }), await run({ threads: 2 })];
    for (const [name, values] of first) expect(again.get(name), name).toEqual(values);
  });

  it.each(OPTIONS)('has no ScatterND, which loses additions, with %s', (_, given, shape) => {
    const model = modelConfigSchema.parse({ ...config, ...given });
    const graph = Buffer.from(trainingGraph(model, { batch: BATCH, clip: 1, ...shape })).toString('latin1');
    expect(graph).toContain('ScatterElements');
    expect(graph).not.toContain('ScatterND');
  });

  it('clips the norm of all gradients together', async () => {
    const state = beginTraining(config, loudWeights(config));
    const step = await openTrainingStep(config, { batch: BATCH, clip: 0.01 });
    const { norm } = await step.run(state, batchOf(1), { learningRate: 1e-3, decay: 0 });
    expect(norm).toBeGreaterThan(0.1);
    // After the first step the moments are (1 − β₁) times the clipped gradients.
    const squares = [...state.first.values()].flatMap((values) => [...values]).map((x) => (x / 0.1) ** 2);
    expect(Math.sqrt(squares.reduce((a, b) => a + b, 0))).toBeCloseTo(0.01, 6);
    await step.close();
  });
});

function shapeOf(name: string): number[] {
  const { width, vocabulary } = config;
  if (name.endsWith('norm')) return [width];
  if (name === 'embedding') return [vocabulary, width];
  if (name.endsWith('qkv')) return [width, 3 * width];
  if (name.endsWith('forward.in')) return [width, 4 * width];
  return name.endsWith('forward.out') ? [4 * width, width] : [width, width];
}

describe('training a model', () => {
  it('lowers the loss, and what it wrote scores as it did', async () => {
    const folder = join(tempFolder(), 'model');
    const training = await smallTraining(folder, { settings: { steps: 80, learningRate: 1e-2 } });
    const { curve, isNew, tokens } = await train(training);
    expect(isNew).toBe(true);
    expect(tokens).toBe(80 * 4 * 32);
    expect(curve).toHaveLength(80);
    expect(curve[0]!.loss).toBeCloseTo(Math.log(training.config.vocabulary), 0);
    expect(curve.at(-1)!.loss).toBeLessThan(1.5);
    const scorer = await openLossScorer(readModel(folder));
    const [known, unknown] = await scorer.losses(
      await training.tokenizer.encode([
        'The cat of house 3 eats fish at 3 o’clock.',
        'Zebras quickly vex jumping wolves, by 8!',
      ]),
    );
    const mean = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(known!)).toBeLessThan(1.5);
    expect(mean(unknown!)).toBeGreaterThan(4);
    await scorer.close();
    expect((await train(training)).isNew).toBe(false);
    const other = await smallTraining(folder, { settings: { steps: 81 } });
    await expect(train(other)).rejects.toThrow(UsageError);
  });

  it('of a recurrent core settles, run after run, as if it ran as often in one go', async () => {
    const folder = join(tempFolder(), 'model');
    const recurrence = { prelude: 1, core: 1, coda: 1 };
    await train(
      await smallTraining(folder, { model: { recurrence }, settings: { runs: 3, learningRate: 1e-2 } }),
    );
    const model = readModel(folder);
    const ids = await model.tokenizer.encode(['The cat of house 3', 'The owl eats', 'bread at 6 o’clock.']);
    const settled = await settle(model, ids, { most: 4, batch: 2 });
    for (const runs of [1, 2, 4]) {
      const scorer = await openLossScorer({ ...model, runs });
      for (const [i, losses] of (await scorer.losses(ids)).entries())
        for (const [t, loss] of losses.entries())
          expect(settled[i]!.losses[runs - 1]![t]!).toBeCloseTo(loss, 5);
      await scorer.close();
    }
    const exits = async (threshold: number) =>
      (await settle(model, ids, { most: 4, threshold })).map((one) => [...new Set(one.exits)]);
    expect(await exits(Number.POSITIVE_INFINITY)).toEqual([[1], [1], [1]]);
    // Rounding makes a divergence of 0 a little less.
    expect(await exits(-1)).toEqual([[4], [4], [4]]);
  });

  it.each([
    ['as it is', {}, {}],
    ['with noise', {}, { noise: 5 }],
    [
      'with a recurrent core',
      { recurrence: { prelude: 1, core: 1, coda: 1 } },
      { runs: 3, differentiated: 2 },
    ],
  ])('stopped and resumed ends with the same bits, %s', async (_, model, settings) => {
    const dir = tempFolder();
    await train(await smallTraining(join(dir, 'whole'), { model, settings }));
    const stop = new AbortController();
    const stopped = await smallTraining(join(dir, 'stopped'), { model, settings });
    const rowsOfStep = stopped.settings.batch * stopped.config.context;
    await expect(
      train({
        ...stopped,
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done === 5 * rowsOfStep) stop.abort();
        },
      }),
    ).rejects.toThrow(Interrupted);
    expect(() => readModel(join(dir, 'stopped'))).toThrow(UsageError);
    await train(await smallTraining(join(dir, 'stopped'), { model, settings }));
    expect(weightsOf(join(dir, 'stopped'))).toEqual(weightsOf(join(dir, 'whole')));
    const told = (name: string) =>
      JSON.parse(readFileSync(join(dir, name, 'training.json'), 'utf8')) as object;
    expect(told('stopped')).toEqual(told('whole'));
  });

  it('that diverges says so, and with another rate begins anew', async () => {
    const folder = join(tempFolder(), 'model');
    const wild = await smallTraining(folder, { settings: { steps: 30, learningRate: 1e30 } });
    await expect(train(wild)).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringMatching(/diverged at step \d+, at a learning rate of .*smaller learning rate/),
    });
    const tame = await smallTraining(folder, { settings: { steps: 3 } });
    expect((await train(tame)).isNew).toBe(true);
  });

  it('is not done by two at once, nor over another that was stopped', async () => {
    const folder = join(tempFolder(), 'model');
    const stop = new AbortController();
    const first = await smallTraining(folder, { settings: { steps: 50 } });
    const running = train({ ...first, signal: stop.signal });
    await expect(train(first)).rejects.toThrow(/is being written by process/);
    stop.abort();
    await expect(running).rejects.toThrow(Interrupted);
    const other = await smallTraining(folder, { settings: { steps: 51 } });
    await expect(train(other)).rejects.toThrow(/holds another training, stopped at step \d+/);
    expect((await train(first)).isNew).toBe(true);
  });
});
