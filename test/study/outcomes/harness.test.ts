import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../indexer/index.js';
import { sampleFrom } from '../../../study/outcomes/import/harness.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';

const at = 'samples_x.jsonl:1';

/** A sample as version 0.4.0 wrote it: lists of arguments, numbers as such, no hashes. */
function oldSample(fields: Record<string, unknown>) {
  return { at, fields: { doc_id: 0, doc: { query: 'Two and two?' }, ...fields } };
}

describe('a sample of lm-evaluation-harness', () => {
  it('has the likelihood of the right choice, named by number', () => {
    const { metrics, texts, filter } = sampleFrom(
      oldSample({
        target: 1,
        arguments: [
          ['Two and two?', ' three'],
          ['Two and two?', ' four'],
        ],
        resps: [[[-3.5, false]], [[-1.25, true]]],
        filtered_resps: [
          [-3.5, false],
          [-1.25, true],
        ],
        acc: 1.0,
        acc_norm: 1.0,
      }),
    );
    expect(metrics).toEqual({ nll: 1.25, bytes: 5, correct: 1, acc_norm: 1 });
    expect(texts).toEqual(['Two and two?', 'Two and two?', 'Two and two? four']);
    expect(filter).toBe('none');
  });

  it('reads a target that is a number and a text by which of them accords with acc', () => {
    const sample = (acc: number) =>
      sampleFrom(
        oldSample({
          target: '1',
          arguments: [
            ['One and none?', ' 1'],
            ['One and none?', ' 0'],
          ],
          filtered_resps: [
            ['-0.5', 'True'],
            ['-2', 'False'],
          ],
          acc,
        }),
      ).metrics;
    // The first choice is the likeliest: right only where the target is its text.
    expect(sample(1).nll).toBe(0.5);
    expect(sample(0).nll).toBe(2);
  });

  it('has no likelihood where more than one answer is right', () => {
    const { metrics } = sampleFrom(
      oldSample({
        target: [0, 1],
        arguments: [
          ['q', ' a'],
          ['q', ' b'],
        ],
        filtered_resps: [
          [-1, false],
          [-2, false],
        ],
        acc: 0.4,
      }),
    );
    expect(metrics).toEqual({ acc: 0.4 });
  });

  it('takes the log likelihood of a loglikelihood task, not the field called perplexity', () => {
    const { metrics } = sampleFrom(
      oldSample({
        target: ' café',
        arguments: [['He went to the', ' café']],
        filtered_resps: [[-7.5, false]],
        perplexity: -7.5,
        acc: 0,
      }),
    );
    expect(metrics).toEqual({ nll: 7.5, bytes: 6, correct: 0 });
  });

  it('takes the log likelihood of a rolling task, and its bytes, not the fields named after aggregates', () => {
    const text = ' = Robert Boulter = \n';
    const sample = (filtered: unknown) =>
      sampleFrom(
        oldSample({
          target: text,
          arguments: { gen_args_0: { arg_0: text } },
          filtered_resps: [filtered],
          word_perplexity: [-41.5, 3],
          byte_perplexity: [-41.5, 20],
          bits_per_byte: [-41.5, 20],
        }),
      ).metrics;
    for (const filtered of ['-41.5', -41.5, [-41.5]])
      expect(sample(filtered)).toEqual({ nll: 41.5, bytes: 20 });
  });

  it('has metrics alone where the task generates', () => {
    const { metrics } = sampleFrom(
      oldSample({
        target: '4',
        arguments: [['Two and two?', { until: ['\n'] }]],
        filtered_resps: ['42'],
        exact_match: 0,
        filter: 'strict-match',
      }),
    );
    expect(metrics).toEqual({ correct: 0 });
  });

  it('is refused where responses are missing or no likelihoods', () => {
    const asked = {
      target: 0,
      arguments: [
        ['q', ' a'],
        ['q', ' b'],
      ],
    };
    expect(() => sampleFrom(oldSample({ ...asked, filtered_resps: [[-1, false]] }))).toThrow(
      'samples_x.jsonl:1: 1 responses to 2 requests',
    );
    expect(() => sampleFrom(oldSample({ ...asked, filtered_resps: [['a'], [-1]] }))).toThrow(
      'no log likelihood',
    );
  });
});

const FILES = {
  'samples_arc_easy_2026-09-24T03-05-32.831346.jsonl': {
    nll: 0.2604923103919594,
    bytes: 60,
    correct: 0,
    acc_norm: 0,
  },
  'samples_copa_tiny-gpt2_first10.jsonl': { nll: 86.52076721191406, bytes: 30, correct: 0 },
  'samples_math_perturbed_full_2026-01-21T03-44-18.458309.jsonl': { correct: 0 },
};

describe.skipIf(skipping('real samples', whyNoData('lm-eval-samples')))('real samples', () => {
  it.each(Object.entries(FILES))('%s', async (file, metrics) => {
    const source = { files: [sharedData('lm-eval-samples', file)], base: '/' };
    for await (const record of readRecords(source)) {
      const sample = sampleFrom(record);
      expect(sample.metrics).toEqual(metrics);
      expect(sample.hash).toMatch(/^[0-9a-f]{64}$/);
      break;
    }
  });
});
