import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../store/index.js';
import { readStudyFile } from '../../../study/index.js';
import { tempFolder } from '../../support/temp-folder.js';

const SMALLEST = 'corpora: {mine: {files: train.jsonl}}\nqueries: [{files: test.jsonl}]\n';

function read(yaml: string) {
  const file = join(tempFolder(), 'study.yaml');
  writeFileSync(file, yaml);
  return readStudyFile(file);
}

describe('readStudyFile', () => {
  it('fills in every default of the smallest study', () => {
    const study = read(SMALLEST);
    expect(study).toMatchObject({
      embedder: { kind: 'use-lite' },
      corpora: {
        mine: { files: ['train.jsonl'], role: 'pretrain', chunk: { by: 'sentences' }, vectors: 'fp32' },
      },
      queries: [{ kind: 'query', files: ['test.jsonl'], chunk: { by: 'document' } }],
      density: {
        ...{ kernels: ['exponential', 'gaussian'], bandwidth: 'auto', sweep: true, effective_samples: 100 },
        estimator: { name: 'auto' },
      },
      runs: { ngram: { order: 5 } },
      interventions: {},
      report: 'report',
    });
  });

  it('takes every kernel', () => {
    const study = read(`${SMALLEST}density:\n  kernels: [vmf, exponential, gaussian]\n`);
    expect(study.density.kernels).toEqual(['vmf', 'exponential', 'gaussian']);
  });

  it('takes a bandwidth as a number or by likelihood, without a sweep, and an estimator', () => {
    const density = (yaml: string) => read(`${SMALLEST}density: ${yaml}\n`).density;
    expect(density('{bandwidth: 0.1, sweep: false}')).toMatchObject({ bandwidth: 0.1, sweep: false });
    expect(density('{bandwidth: likelihood}').bandwidth).toBe('likelihood');
    expect(density('{estimator: exact}').estimator).toEqual({ name: 'exact' });
  });

  it.each([
    [
      'another bandwidth',
      `${SMALLEST}density:\n  bandwidth: best\n`,
      /line 4: density\.bandwidth: give a number above 0, "auto" or "likelihood" \(it is "best"\)/,
    ],
    [
      'a bandwidth of nothing',
      `${SMALLEST}density:\n  bandwidth: 0\n`,
      /line 4: density\.bandwidth: .*\(it is 0\)/,
    ],
    [
      'an estimator that is none',
      `${SMALLEST}density:\n  estimator: guess\n`,
      /line 4: density\.estimator: .*"exact".*\(it is "guess"\)/,
    ],
    [
      'a budget above all points',
      `${SMALLEST}density:\n  budget: 2\n`,
      /line 4: density\.budget: .*\(it is 2\)/,
    ],
    [
      'limits of an exact estimate',
      `${SMALLEST}density:\n  estimator: exact\n  rel_error: 0.05\n`,
      /line 5: density\.rel_error: The exact estimator looks at all points: a relative error is for/,
    ],
    ['a sweep of words', `${SMALLEST}density:\n  sweep: maybe\n`, /line 4: density\.sweep: .*"maybe"/],
    ['an unknown key', `${SMALLEST}bandwith: 0.1\n`, /line 3: unknown key "bandwith"/],
    [
      'an unknown key inside',
      `${SMALLEST}density:\n  kernel: gaussian\n`,
      /line 4: unknown key "density\.kernel"/,
    ],
    ['a wrong type', `${SMALLEST}seed: one\n`, /line 3: seed: .*number.*"one"/],
    [
      'a wrong value',
      `${SMALLEST}density:\n  kernels: [triangular]\n`,
      /line 4: density\.kernels\.0: .*"triangular"/,
    ],
    ['no corpora', 'corpora: {}\nqueries: [{files: a}]\n', /corpora: name at least one corpus/],
    ['a missing key', 'queries: [{files: a}]\n', /corpora/],
    ['a name that would be a path', 'corpora: {"../up": {files: a}}\nqueries: [{files: a}]\n', /corpora/],
    [
      'a corpus that is not there',
      `${SMALLEST}runs: {r: {train: [other]}}\n`,
      /no corpus "other"; there are: mine/,
    ],
    [
      'no control arm',
      `${SMALLEST}interventions:\n  leak: {run: ngram, kind: query, arms: [{name: a, exact: true}, {name: b, paraphrases: 1}]}\n`,
      /line 4: interventions\.leak\.arms: exactly one arm must be the control/,
    ],
    ['broken YAML', 'corpora: [', /is not YAML/],
    ['an empty file', '', /corpora/],
  ])('refuses %s, naming line and key', (_, yaml, message) => {
    expect(() => read(yaml)).toThrow(UsageError);
    expect(() => read(yaml)).toThrow(message);
  });

  it('refuses a file that is not there', () => {
    expect(() => readStudyFile('/nowhere/study.yaml')).toThrow('/nowhere/study.yaml cannot be read');
  });
});
