import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distinctSums, drawSum, drawSums, streamOfSums } from '../../experiments/addition.js';
import { EXPERIMENTS, experimentNamed, resultTable, writeResults } from '../../experiments/index.js';
import { openLabCompleter } from '../../experiments/lab-completer.js';
import { drawPassages } from '../../experiments/passages.js';
import { meanOverGroups, pooledOverSeeds, shareOfGroups } from '../../experiments/pooled.js';
import { readModel, train, trainTokenizer } from '../../lab/index.js';
import { UsageError } from '../../store/index.js';
import { smallTraining, TEXTS } from '../lab/small-model.js';
import { tempFolder } from '../support/temp-folder.js';

describe('findings', () => {
  it('over seeds have the mean of the estimates, and the interval of independent ones', () => {
    const found = pooledOverSeeds('gain', 'exact', 'nats', [
      { estimate: 1, low: 0, high: 2 },
      { estimate: 3, low: 2, high: 4 },
    ]);
    expect(found).toMatchObject({ value: 2, note: '2 seeds: 1.00, 3.00' });
    expect(found.high! - found.low!).toBeCloseTo(2 / Math.SQRT2, 12);
  });

  it('of shares lie between 0 and 1 by Wilson’s interval, and know no certainty', () => {
    const values = (right: number, texts: number) =>
      Array.from({ length: texts }, (_, i) => ({ group: `${i}`, value: Number(i < right) }));
    // Brown, Cai & DasGupta (2001): 0 of 10 is 0 to .278, 5 of 10 .237 to .763.
    const [none, half] = [shareOfGroups('m', 'c', values(0, 10)), shareOfGroups('m', 'c', values(5, 10))];
    expect([none.low, none.high!.toFixed(3)]).toEqual([0, '0.278']);
    expect([half.low!.toFixed(3), half.high!.toFixed(3)]).toEqual(['0.237', '0.763']);
    const twice = shareOfGroups('m', 'c', [...values(5, 10), ...values(5, 10)]);
    expect(twice.low).toBe(half.low);
    expect(twice.note).toBe('20 completions of 10 texts, Wilson interval of the texts');
  });

  it('of groups have a wider interval than their values would have alone', () => {
    const values = Array.from({ length: 40 }, (_, i) => ({ group: `${i % 4}`, value: i % 4 }));
    const clustered = meanOverGroups('m', 'c', 'u', values);
    const alone = meanOverGroups(
      'm',
      'c',
      'u',
      values.map((one, i) => ({ ...one, group: `${i}` })),
    );
    expect(clustered.value).toBe(alone.value);
    expect(clustered.high! - clustered.low!).toBeGreaterThan(2 * (alone.high! - alone.low!));
  });

  it('are written as a table and as JSON', () => {
    const folder = tempFolder();
    const finding = {
      measure: 'gain',
      condition: 'exact',
      value: 0.1234,
      low: null,
      high: null,
      unit: 'nats',
      note: 'one',
    };
    const result = {
      findings: [finding, { ...finding, low: -0.5, high: 0.00001 }],
      conclusion: 'So it is.',
      report: null,
    };
    writeResults(folder, EXPERIMENTS[0]!, result, { full: false, seeds: [1], seconds: 61.4 });
    const text = readFileSync(join(folder, 'results.md'), 'utf8');
    expect(text).toContain('| gain | exact | 0.123 | – | nats | one |');
    expect(text).toContain('| gain | exact | 0.123 | -0.500 to 0 | nats | one |');
    expect(text).toContain(resultTable(result.findings));
    expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toMatchObject({
      name: 'leak',
      seeds: [1],
      seconds: 61,
      command: 'densimeter lab run leak --quick --seeds 1',
      ...result,
    });
  });

  it('come from an experiment that there is', () => {
    expect(experimentNamed('goldfish').title).toContain('Goldfish');
    expect(() => experimentNamed('toString')).toThrow(UsageError);
  });
});

describe('passages', () => {
  it('are whole words, each number of copies as often, and the same again', () => {
    const texts = [Array.from({ length: 2000 }, (_, i) => `word${i}`).join(' ')];
    const drawn = drawPassages(texts, { copies: [1, 4], each: 5, seed: 1 });
    expect(drawn.map(({ copies }) => copies).sort()).toEqual([1, 1, 1, 1, 1, 4, 4, 4, 4, 4]);
    for (const { text } of drawn) {
      expect(texts[0]).toContain(text);
      expect(text).toMatch(/^word\d+( word\d+)+$/);
      expect(text.length).toBeGreaterThanOrEqual(330);
      expect(text.length).toBeLessThan(345);
    }
    expect(new Set(drawn.map(({ text }) => text)).size).toBe(10);
    expect(drawPassages(texts, { copies: [1, 4], each: 5, seed: 1 })).toEqual(drawn);
    expect(drawPassages(texts, { copies: [1, 4], each: 5, seed: 2 })).not.toEqual(drawn);
  });
});

describe('sums', () => {
  it('are right, with the lowest digit first', () => {
    const number = (text: string) => BigInt([...text].reverse().join(''));
    for (const { question, answer } of drawSums(200, 30, 3)) {
      const [a, b] = question.slice(0, -1).split('+');
      expect(number(a!) + number(b!)).toBe(number(answer));
      expect(a!.length).toBe(b!.length);
    }
    const sum = drawSum(3, () => 0.5);
    expect(sum).toEqual({ question: '555+555=', answer: '0111', digits: 3 });
    const some = drawSums(500, 2, 1);
    const distinct = distinctSums(some).map(({ question }) => question);
    expect(distinct).toEqual([...new Set(some.map(({ question }) => question))]);
    expect(some.filter(({ digits }) => digits === 1).length).toBeGreaterThan(200);
  });

  it('are learned by their answers alone', async () => {
    const tokenizer = await trainTokenizer([], 257);
    const { ids, weights } = await streamOfSums(
      tokenizer,
      [{ question: '1+2=', answer: '3', digits: 1 }],
      16,
    );
    const digit = (text: string) => tokenizer.encode([text]).then(([found]) => found![0]!);
    expect(ids[0]).toBe(0);
    expect(ids[5]).toBe(await digit('3'));
    // The end before the first text is no target; the answer and its end are.
    expect([...weights].map((kept, i) => (kept ? i : -1)).filter((i) => i > 0)).toEqual([5, 6]);
  });
});

describe('the completer of known texts', () => {
  it('completes what a model memorised word for word', async () => {
    const folder = join(tempFolder(), 'model');
    const training = await smallTraining(folder, { settings: { steps: 150, learningRate: 1e-2 } });
    await train(training);
    const model = readModel(folder);
    const completer = await openLabCompleter(model, [...TEXTS.slice(0, 20), 'Short.'], 4);
    expect(completer.split('Short.', 4)).toBeNull();
    expect(completer.split('Unknown.', 4)).toBeNull();
    let right = 0;
    for (const text of TEXTS.slice(0, 20)) {
      const { prefix, target } = completer.split(text, 4)!;
      expect(target).toHaveLength(4);
      right += Number((await completer.complete(prefix, 4)).join() === target.join());
    }
    expect(right).toBeGreaterThan(5);
  });
});
