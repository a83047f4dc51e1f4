import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EmbedderChoice } from '../../../indexer/index.js';
import { readStudyFile } from '../../../study/index.js';
import { embedderChoice } from '../../../study/pipeline/embedder-settings.js';
import { tempFolder } from '../../support/temp-folder.js';

const folder = tempFolder();

function choiceOf(embedder: string): EmbedderChoice {
  const file = join(folder, 'study.yaml');
  writeFileSync(
    file,
    `corpora: {mine: {files: train.jsonl}}\nqueries: [{files: test.jsonl}]\nembedder: ${embedder}\n`,
  );
  const { embedder: settings, base } = readStudyFile(file);
  if (settings.kind === 'precomputed') throw new Error('These vectors are not made here.');
  return embedderChoice(settings, base);
}

describe('the embedder of a study file', () => {
  it.each<[string, EmbedderChoice]>([
    ['use-lite', { kind: 'use-lite' }],
    [
      '{kind: use-lite, digits: {kind: abacus, weight: 0.5}}',
      { kind: 'use-lite', digits: { kind: 'abacus', weight: 0.5 } },
    ],
    ['{model: some/model}', { kind: 'transformers', model: 'some/model', dtype: 'fp32' }],
    [
      '{kind: transformers, model: some/model, dtype: q8, pooling: cls, prefix: {query: "query: "}}',
      {
        kind: 'transformers',
        model: 'some/model',
        dtype: 'q8',
        pooling: 'cls',
        prefix: { query: 'query: ', passage: '' },
      },
    ],
    [
      '{kind: openai, url: "http://localhost:8080/v1", model: m, key_env: MY_KEY, batch: 8, concurrency: 2, dims: 256}',
      {
        kind: 'openai',
        url: 'http://localhost:8080/v1',
        model: 'm',
        keyEnv: 'MY_KEY',
        batch: 8,
        concurrency: 2,
        dims: 256,
      },
    ],
  ])('may be %s', (yaml, choice) => {
    expect(choiceOf(yaml)).toEqual(choice);
  });

  it('names a folder relative to the study file', () => {
    mkdirSync(join(folder, 'models/mine'), { recursive: true });
    expect(choiceOf('{model: models/mine}')).toMatchObject({ model: join(folder, 'models/mine') });
  });

  it.each([
    [
      'use-large',
      /line 3: embedder.*an embedder is use-lite, or of the kind transformers, openai or precomputed/,
    ],
    ['{kind: ollama, model: m}', /line 3: embedder\.kind: an embedder is .*"ollama"/],
    ['{model: m, dtype: q4}', /line 3: embedder\.dtype: .*"q4"/],
    ['{model: m, pooling: median}', /line 3: embedder\.pooling: .*"median"/],
    ['{model: m, url: "http://h/v1"}', /line 3: unknown key "embedder\.url"/],
    ['{kind: openai, model: m}', /line 3: embedder\.url/],
    ['{kind: openai, url: localhost, model: m}', /line 3: embedder\.url: give the endpoint as http/],
    ['{kind: openai, url: "http://h/v1", model: m, batch: 0}', /line 3: embedder\.batch: .*it is 0/],
    ['{kind: openai, url: "http://h/v1", model: m, key: sk-1}', /line 3: unknown key "embedder\.key"/],
    ['{model: m, digits: {kind: abacus, weight: 1}}', /line 3: embedder\.digits\.weight: .*it is 1/],
    ['{model: m, digits: {kind: roman}}', /line 3: embedder\.digits\.kind: .*"roman"/],
  ])('cannot be %s', (yaml, words) => {
    expect(() => choiceOf(yaml)).toThrow(words);
  });
});
