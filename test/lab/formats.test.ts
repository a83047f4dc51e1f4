import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AutoModelForCausalLM, AutoTokenizer, Tensor } from '@xenova/transformers';
import { beforeAll, describe, expect, it } from 'vitest';
import { digitPlaces } from '../../lab/digit-places.js';
import {
  answersRightly,
  modelConfigSchema,
  openGenerator,
  openLossScorer,
  openTokenizer,
  packAlone,
  packTexts,
  readInWindows,
  readModel,
  type TokenStream,
  train,
  trainingSettingsSchema,
  trainTokenizer,
} from '../../lab/index.js';
import { lossLine } from '../../lab/loss-line.js';
import { readSafetensors, writeSafetensors } from '../../lab/safetensors.js';
import { learningRateAt } from '../../lab/schedule.js';
import { DataError, UsageError } from '../../store/index.js';
import { openScorer } from '../../study/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { lossOf, oracleLogits } from './forward-oracle.js';
import { smallTraining, TEXTS } from './small-model.js';

const dir = tempFolder();
const folder = join(dir, 'model');
const STRANGE = 'Ünïcødé, 数字 0012, emoji 🧭 <|endoftext|> \u0000 tab\tnew\nline';

/** A stream as often as that, whole windows behind each other. */
function repeated({ ids, weights, aligned }: TokenStream, times: number): TokenStream {
  const body = Array.from({ length: times }, () => [...ids.subarray(0, -1)]).flat();
  const kept = Array.from({ length: times }, () => [...weights.subarray(0, -1)]).flat();
  return { ids: Int32Array.from([...body, 0]), weights: Float32Array.from([...kept, 0]), aligned: aligned! };
}

beforeAll(async () => {
  await train(await smallTraining(folder, { settings: { steps: 60, learningRate: 1e-2 } }));
});

describe('safetensors', () => {
  const tensors = new Map([
    ['a', { shape: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, -0.5]) }],
    ['b', { shape: [], data: Float32Array.of(7) }],
  ]);
  const file = join(dir, 'some.safetensors');

  it('reads what it wrote, laid out as the format says', () => {
    writeSafetensors(file, { tensors, metadata: { note: 'ü' } });
    const bytes = readFileSync(file);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { note: 'ü' },
      a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      b: { dtype: 'F32', shape: [], data_offsets: [24, 28] },
    });
    expect(readSafetensors(file)).toEqual({ tensors, metadata: { note: 'ü' } });
  });

  it('says of a damaged file what is wrong', () => {
    truncateSync(file, readFileSync(file).length - 1);
    expect(() => readSafetensors(file)).toThrow(/some\.safetensors is cut off or damaged: the tensor b/);
    writeFileSync(file, 'no tensors');
    expect(() => readSafetensors(file)).toThrow(DataError);
    writeFileSync(file, '');
    expect(() => readSafetensors(file)).toThrow(/no safetensors file/);
  });
});

describe('the tokenizer', () => {
  it('has the size it was asked for, and any text comes back whole', async () => {
    const tokenizer = await trainTokenizer(TEXTS, 280);
    expect(tokenizer.size).toBe(280);
    const [ids] = await tokenizer.encode([STRANGE.replace('<|endoftext|>', '')]);
    expect(await tokenizer.decode(ids!)).toBe(STRANGE.replace('<|endoftext|>', ''));
    expect(await openTokenizer(tokenizer.json).encode(TEXTS)).toEqual(await tokenizer.encode(TEXTS));
    expect((await tokenizer.encode(['']))[0]).toHaveLength(0);
  });

  it('is one with no merges where 257 are asked for, and cannot be smaller', async () => {
    const bytes = await trainTokenizer([], 257);
    expect((await bytes.encode(['abc']))[0]).toHaveLength(3);
    await expect(trainTokenizer(TEXTS, 256)).rejects.toThrow(UsageError);
  });

  it('cuts texts as transformers.js does', async () => {
    const theirs = await AutoTokenizer.from_pretrained(folder);
    const { tokenizer } = readModel(folder);
    for (const text of [...TEXTS.slice(0, 5), STRANGE.replace('<|endoftext|>', '')]) {
      expect(Array.from((await tokenizer.encode([text]))[0]!)).toEqual(
        theirs.encode(text, { add_special_tokens: false }),
      );
    }
    expect(theirs.bos_token_id ?? theirs.eos_token_id).toBe(0);
  });
});

describe('the ONNX model', () => {
  const recurrence = { prelude: 1, core: 1, coda: 1 };
  it.each([
    ['as it is', {}, {}],
    ['with learned positions', { positions: 'learned' as const }, {}],
    ['with a recurrent core', { recurrence }, { runs: 3 }],
    ['that attends to the best keys', {}, { topKeys: 5 }],
  ])(
    'is a causal language model that transformers.js loads, with equal logits, %s',
    async (name, given, settings) => {
      const path = join(dir, name);
      await train(
        await smallTraining(path, { model: given, settings: { ...settings, steps: 40, learningRate: 1e-2 } }),
      );
      const model = readModel(path);
      const { config, weights, runs, topKeys } = model;
      const ids = (await model.tokenizer.encode([TEXTS[4]!]))[0]!;
      const theirs = await AutoModelForCausalLM.from_pretrained(path, { dtype: 'fp32', device: 'cpu' });
      const read = [0, ...ids];
      const { logits } = (await theirs({
        input_ids: new Tensor('int64', BigInt64Array.from(read, BigInt), [1, read.length]),
        attention_mask: new Tensor('int64', new BigInt64Array(read.length).fill(1n), [1, read.length]),
      })) as { logits: Tensor };
      const zeros = Array.from(read, () => new Array<number>(config.width).fill(0));
      const scorer = await openLossScorer(model);
      const [losses] = await scorer.losses([ids]);
      await scorer.close();
      const size = config.vocabulary;
      const expected = oracleLogits(config, weights, {
        ...{ ids: read, state: zeros, runs },
        ...(topKeys !== undefined && { topKeys }),
      });
      for (const [t, row] of expected.entries()) {
        const their = (logits.data as Float32Array).subarray(t * size, (t + 1) * size);
        for (const [id, logit] of row.entries()) expect(Math.abs(their[id]! - logit)).toBeLessThan(1e-4);
        if (t < ids.length) expect(losses![t]).toBeCloseTo(lossOf(row, ids[t]!), 4);
      }
    },
  );

  it('scores the same through `densimeter score --model`', async () => {
    const model = readModel(folder);
    const ids = (await model.tokenizer.encode([TEXTS[7]!]))[0]!;
    const ours = await openLossScorer(model);
    const nll = (await ours.losses([ids]))[0]!.reduce((a, b) => a + b, 0);
    // A model's folder needs no study.
    const theirs = await openScorer(undefined as never, { kind: 'onnx', model: folder, dtype: 'fp32' });
    const score = await theirs.score({ context: '', text: TEXTS[7]! });
    expect(score.tokens).toBe(ids.length);
    expect(score.nll).toBeCloseTo(nll, 2);
    await theirs.close();
  });

  it('continues with its cache as without it', async () => {
    const model = readModel(folder);
    const generator = await openGenerator(model);
    const prompts = (await model.tokenizer.encode(['The cat of', 'The dog', 'The owl of'])).map((ids) => ids);
    const made = await generator.continue(prompts, { tokens: 8, stops: false });
    const scorer = await openLossScorer(model);
    for (const [p, prompt] of prompts.entries()) {
      expect(made[p]).toHaveLength(8);
      // The likeliest token is one of least loss among all that could stand there.
      for (let t = 0; t < 3; t++) {
        const before = [...prompt, ...made[p]!.subarray(0, t)];
        const options = Array.from({ length: model.config.vocabulary }, (_, id) =>
          Int32Array.of(...before, id),
        );
        const last = (await scorer.losses(options)).map((losses) => losses.at(-1)!);
        expect(last[made[p]![t]!]).toBeCloseTo(Math.min(...last), 4);
      }
    }
    await generator.close();
    await scorer.close();
  });
});

describe('scoring', () => {
  it('reads long texts in windows, and each token once', async () => {
    const model = readModel(folder);
    const scorer = await openLossScorer(model);
    const [long, short] = await model.tokenizer.encode([TEXTS.slice(0, 9).join(' '), TEXTS[0]!]);
    const [of, alone, empty] = await scorer.losses([long!, short!, new Int32Array(0)]);
    expect(of).toHaveLength(long!.length);
    expect(of!.every((loss) => loss > 0)).toBe(true);
    expect(empty).toHaveLength(0);
    const context = model.config.context;
    expect(Array.from(of!.subarray(0, 10))).toEqual(Array.from(alone!.subarray(0, 10)));
    const tail = await scorer.losses([long!.subarray(0, context + 3)]);
    expect(tail[0]!.at(-1)).toBeCloseTo(of![context + 2]!, 5);
    await scorer.close();
  });
});

describe('reading a stream', () => {
  it('reads each token once in a pass, the same at every step number', () => {
    const texts = Array.from({ length: 20 }, (_, i) => ({
      ids: Int32Array.from({ length: 11 }, (_, j) => 1 + i * 11 + j),
    }));
    const stream = packTexts(texts);
    const batches = readInWindows(stream, { batch: 2, context: 8, seed: 1 });
    const seen: number[] = [];
    for (let step = 0; step * 2 < batches.windows; step++) {
      const { ids, targets } = batches.at(step);
      // The last batch goes on with the next pass.
      seen.push(...ids.subarray(0, 8 * Math.min(2, batches.windows - 2 * step)));
      for (const [i, id] of ids.entries()) if (i % 8 < 7) expect(targets[i]).toBe(ids[i + 1] ?? id);
    }
    const words = seen.filter((id) => id !== 0);
    expect(new Set(words).size).toBe(words.length);
    expect(batches.at(3)).toEqual(readInWindows(stream, { batch: 2, context: 8, seed: 1 }).at(3));
    expect(batches.at(3)).not.toEqual(readInWindows(stream, { batch: 2, context: 8, seed: 2 }).at(3));
    expect(() => readInWindows(stream, { batch: 2, context: 400, seed: 1 })).toThrow(DataError);
  });

  it('leaves masked tokens out of the loss', () => {
    const stream = packTexts([
      {
        ids: Int32Array.from({ length: 40 }, (_, i) => i + 1),
        mask: Uint8Array.from({ length: 40 }, (_, i) => i % 2),
      },
    ]);
    const { targets, weights } = readInWindows(stream, { batch: 3, context: 8, seed: 1 }).at(0);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    // Ids from 1 on stand at odd places and are masked by their parity.
    for (const [i, id] of targets.entries()) expect(weights[i]! > 0).toBe(id === 0 || id % 2 === 0);
  });

  it('lets a text count as much as its weight, what is masked of it nothing', () => {
    const texts = [
      { ids: Int32Array.of(1, 2), weight: 3 },
      { ids: Int32Array.of(4, 5), weight: 0.5, mask: Uint8Array.of(1, 0) },
    ];
    expect([...packTexts(texts).weights]).toEqual([1, 3, 3, 3, 0.5, 0, 0.5]);
    expect([...packAlone(texts, 5).weights]).toEqual([0, 3, 3, 3, 0, 0, 0.5, 0, 0.5, 0, 0]);
  });
});

it('digits have their place in their number, from the offset on', () => {
  const places = digitPlaces(['<end>', '1', '2', '+', 'a', '12']);
  expect([...places(Int32Array.of(1, 2, 3, 1, 4, 5, 2, 2), 8, 0)]).toEqual([1, 2, 0, 1, 0, 0, 1, 2]);
  expect([...places(Int32Array.of(1, 2, 2, 1, 1, 3), 3, 10)]).toEqual([11, 12, 13, 11, 12, 0]);
});

it('the learning rate rises, and falls to a tenth', () => {
  const schedule = { learningRate: 1, warmup: 10, steps: 100 };
  const rates = Array.from({ length: 100 }, (_, step) => learningRateAt(step, schedule));
  expect(rates[0]).toBeCloseTo(1 / 11, 9);
  expect(Math.max(...rates)).toBe(rates[10]);
  expect(rates[10]).toBe(1);
  expect(rates[55]).toBeCloseTo(0.55, 9);
  expect(learningRateAt(100, schedule)).toBeCloseTo(0.1, 9);
});

describe('answers', () => {
  it('are right where the likeliest tokens are the answer and then the end', async () => {
    const tokenizer = await trainTokenizer([], 257);
    const texts = ['12=21', '34=43', '5=5'];
    const ids = await tokenizer.encode(texts);
    const stream = packAlone(
      ids.map((all, i) => ({
        ids: all,
        mask: Uint8Array.from(all, (_, t) => Number(t > texts[i]!.indexOf('='))),
      })),
      16,
    );
    const config = modelConfigSchema.parse({
      ...{ vocabulary: 257, context: 16, width: 32, layers: 1, heads: 2, positions: 'abacus' },
    });
    const settings = trainingSettingsSchema.parse({ steps: 150, batch: 4, learningRate: 1e-2 });
    const learned = join(dir, 'sums');
    await train({ folder: learned, config, tokenizer, stream: repeated(stream, 40), settings });
    const model = readModel(learned);
    const from = texts.map((text) => text.indexOf('=') + 1);
    const right = await answersRightly(
      model,
      ids.map((all, i) => ({ ids: all, from: from[i]! })),
    );
    expect(right).toEqual([true, true, true]);
    const wrong = await tokenizer.encode(['12=22', '34=4', '5=55']);
    expect(
      await answersRightly(
        model,
        wrong.map((all, i) => ({ ids: all, from: from[i]! })),
      ),
    ).toEqual([false, false, false]);
    await expect(answersRightly(model, [{ ids: new Int32Array(16), from: 2 }])).rejects.toThrow(RangeError);
  });

  it('stand in windows of their own, with what is behind them left out of the loss', () => {
    const texts = [4, 6, 3].map((length, i) => ({ ids: new Int32Array(length).fill(i + 1) }));
    const { ids, weights, aligned } = packAlone(texts, 8);
    expect(aligned).toBe(8);
    expect([...ids]).toEqual([0, 1, 1, 1, 1, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 0, 0, 3, 3, 3, 0, 0, 0, 0, 0]);
    expect([...weights]).toEqual([0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0]);
    // A text that fills its window ends at the beginning of the next one.
    const full = packAlone([{ ids: Int32Array.of(1, 2, 3) }, { ids: Int32Array.of(4) }], 4);
    expect([...full.weights]).toEqual([0, 1, 1, 1, 1, 1, 1, 0, 0]);
    const read = readInWindows(packAlone(texts, 8), { batch: 3, context: 8, seed: 1 });
    expect(read.windows).toBe(3);
    expect([...read.at(0).ids].filter((id) => id > 0).sort()).toEqual(texts.flatMap((text) => [...text.ids]));
    expect(() => packAlone(texts, 6)).toThrow(RangeError);
  });
});

it('a loss curve is a line of bars, from its highest to its lowest', () => {
  const curve = Array.from({ length: 240 }, (_, step) => ({ step, loss: 8 - step / 40, norm: 1 }));
  expect(lossLine(curve)).toBe('█▇▇▆▅▅▄▄▃▂▂▁');
  expect(lossLine(curve.slice(0, 5))).toBe('');
  expect(lossLine(curve.map((point) => ({ ...point, loss: 1 })))).toBe('▁'.repeat(12));
});
