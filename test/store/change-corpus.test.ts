import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  beginStep,
  type Corpus,
  chunkAt,
  corpusByName,
  corpusNamed,
  dropCorpus,
  ensureCorpus,
  finishStep,
  forgetResults,
  listMeasurements,
  openCorpusVectors,
  openCorpusWriter,
  openStudy,
  type Precision,
  removeDocuments,
  renameCorpus,
  replaceMeasurement,
  replaceQuerySet,
  type Study,
  stepNamed,
  UsageError,
} from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { unitVectors } from '../support/unit-vectors.js';

const DIMS = 8;
const EMBEDDED = { embedder: 'test', fingerprint: 'f', dims: DIMS };
/** Chunks of each document. */
const CHUNKS = [2, 1, 3, 1, 2];
const TOTAL = CHUNKS.reduce((a, b) => a + b);
const vectors = unitVectors(TOTAL, DIMS, 1);

let study: Study;
beforeEach(() => {
  study = openStudy(tempFolder(), { write: true });
});
afterEach(() => study.close());

function makeCorpus(name: string, precision: Precision = 'fp32'): Corpus {
  const corpus = ensureCorpus(study.db, { name, role: 'pretrain', precision, ...EMBEDDED });
  const writer = openCorpusWriter(study, corpus);
  writer.append(vectors);
  writer.commit(
    CHUNKS.map((chunks, d) => ({
      key: `d${d}`,
      source: 's',
      split: 'train',
      meta: {},
      text: `${d}`.repeat(chunks),
      spans: Array.from({ length: chunks }, (_, start) => ({ start, end: start + 1 })),
    })),
  );
  writer.close();
  return corpus;
}

function readAll(name: string): Float32Array {
  const reader = openCorpusVectors(study, corpusNamed(study.db, name));
  const all = new Float32Array(reader.rows * DIMS);
  reader.read(0, reader.rows, all);
  reader.close();
  return all;
}

function measureWith(corpora: string[]): void {
  const { id } = replaceQuerySet(study.db, { name: corpora.join('+'), ...EMBEDDED }, []);
  const settings = {
    ...{ kernel: 'exponential', bandwidth: 0.1, bandwidthRule: 'given' },
    ...{ estimator: 'exact', estimatorRule: 'default', relativeError: null, budget: null, seed: 1 },
  };
  replaceMeasurement(study.db, { name: 'base', querySetId: id, corpora, points: 9, ...settings }, []);
}

describe('removing documents', () => {
  test.each(['fp32', 'fp16'] as const)('leaves the others with their vectors, %s', (precision) => {
    makeCorpus('mine', precision);
    const before = readAll('mine');
    const removed = removeDocuments(study, 'mine', ['d2', 'd0']);
    expect(removed).toEqual({ documents: 2, chunks: 5 });
    const kept = [2, 6, 7, 8];
    expect(readAll('mine')).toEqual(
      Float32Array.from(kept.flatMap((row) => [...before.subarray(row * DIMS, (row + 1) * DIMS)])),
    );
    const { id } = corpusByName(study.db, 'mine')!;
    expect(kept.map((_, row) => chunkAt(study.db, id, row)!.document)).toEqual(['d1', 'd3', 'd4', 'd4']);
    expect(readdirSync(join(study.dir, 'vectors'))).toEqual(['mine~1']);
  });

  test('forgets what was measured with the corpus, and nothing else', () => {
    makeCorpus('mine');
    makeCorpus('other');
    measureWith(['mine', 'other']);
    measureWith(['other']);
    beginStep(study.db, 'measure base', 'k');
    finishStep(study.db, 'measure base', 1, '');
    removeDocuments(study, 'mine', ['d0']);
    expect(listMeasurements(study.db).map(({ corpora }) => corpora)).toEqual([['other']]);
    expect(stepNamed(study.db, 'measure base')).toBeUndefined();
  });

  test('refuses a key that is not there, and removes nothing', () => {
    makeCorpus('mine');
    expect(() => removeDocuments(study, 'mine', ['d0', 'd9'])).toThrow('Corpus "mine" has no document "d9"');
    expect(() => removeDocuments(study, 'your', ['d0'])).toThrow('no corpus "your"; there are: mine');
    expect(readAll('mine')).toEqual(vectors);
  });

  test('of all leaves an empty corpus that can be added to', () => {
    const corpus = makeCorpus('mine');
    removeDocuments(study, 'mine', ['d0', 'd1', 'd2', 'd3', 'd4']);
    const writer = openCorpusWriter(study, corpusByName(study.db, 'mine')!);
    expect(writer.rows).toBe(0);
    writer.close();
    expect(corpusByName(study.db, 'mine')!.id).toBe(corpus.id);
  });
});

describe('renaming and deleting', () => {
  test('a renamed corpus keeps its vectors, and its old name is free', () => {
    makeCorpus('mine');
    renameCorpus(study, 'mine', 'yours');
    expect(readAll('yours')).toEqual(vectors);
    const again = makeCorpus('mine');
    expect(again.folder).not.toBe(corpusByName(study.db, 'yours')!.folder);
    dropCorpus(study, 'mine');
    expect(readAll('yours')).toEqual(vectors);
    expect(() => renameCorpus(study, 'yours', '../up')).toThrow(UsageError);
    expect(() => renameCorpus(study, 'mine', 'x')).toThrow('no corpus "mine"');
  });

  test('a deleted corpus is gone from catalogue and disk', () => {
    const { folder } = makeCorpus('mine');
    measureWith(['mine']);
    dropCorpus(study, 'mine');
    forgetResults(study.db, 'mine');
    expect(corpusByName(study.db, 'mine')).toBeUndefined();
    expect(existsSync(study.vectorFolder('corpus', folder))).toBe(false);
    expect(study.db.prepare('SELECT count(*) FROM vector_files').pluck().get()).toBe(0);
    expect(listMeasurements(study.db)).toEqual([]);
    dropCorpus(study, 'never');
  });

  test('a corpus called "queries" does not lie among the query sets', () => {
    expect(makeCorpus('queries').folder).toBe('queries-1');
  });
});

describe('checksums', () => {
  test.each(['fp32', 'fp16'] as const)(
    'a flipped bit is found when the corpus is opened, %s',
    (precision) => {
      const { folder } = makeCorpus('mine', precision);
      const file = join(study.vectorFolder('corpus', folder), 'part-00000.faiss');
      const bytes = readFileSync(file);
      bytes[bytes.length - 3]! ^= 0x10;
      writeFileSync(file, bytes);
      expect(() => openCorpusVectors(study, corpusByName(study.db, 'mine')!)).toThrow(
        /part-00000\.faiss is damaged: the checksum of its 9 vectors is [0-9a-f]{8}, [0-9a-f]{8} was written/,
      );
      expect(() => openCorpusWriter(study, corpusByName(study.db, 'mine')!)).toThrow(/is damaged/);
    },
  );

  test('a writer that goes on keeps the checksum right', () => {
    const corpus = makeCorpus('mine');
    const writer = openCorpusWriter(study, corpus);
    writer.append(vectors.subarray(0, 2 * DIMS));
    writer.commit([
      {
        key: 'more',
        source: 's',
        split: 'train',
        meta: {},
        text: 'ab',
        spans: [
          { start: 0, end: 1 },
          { start: 1, end: 2 },
        ],
      },
    ]);
    writer.close();
    expect(readAll('mine')).toEqual(Float32Array.from([...vectors, ...vectors.subarray(0, 2 * DIMS)]));
  });
});
