import { measure } from '../../../density/index.js';
import {
  ensureCorpus,
  type Measurement,
  openCorpusWriter,
  openStudy,
  replaceQuerySet,
  type Study,
  writeQueryVectors,
} from '../../../store/index.js';
import { clusteredVectors } from '../../density/clustered.js';
import { tempFolder } from '../../support/temp-folder.js';

export const DIMS = 8;
export const BANDWIDTH = 0.2;
const EMBEDDED = { embedder: 'test', fingerprint: 'f', dims: DIMS };

/** A training point of the made study. */
export interface MadePoint {
  corpus: string;
  source: string;
  document: string;
  vector: Float32Array;
}

/** A study of vectors alone, with all that an oracle needs to know of it. */
export interface MadeStudy {
  study: Study;
  points: MadePoint[];
  queries: { key: string; kind: string; source: string; vector: Float32Array }[];
  /** Measures it again, keeping so many documents for every query. */
  measureWith(documents: number, name?: string): Promise<Measurement>;
}

/** Two corpora with a source label in common, and 15 queries of three kinds. */
export function makeVectorStudy(): MadeStudy {
  const study = openStudy(tempFolder(), { write: true });
  const points = [
    ...addCorpus(study, 'one', ['a', 'a', 'b', 'b', 'b'], 1),
    ...addCorpus(study, 'two', ['a', 'c', 'd'], 2),
  ];
  const vectors = clusteredVectors(15, DIMS, 3);
  const queries = Array.from({ length: 15 }, (_, q) => ({
    key: `q${q}`,
    kind: `kind ${(q * q) % 3}`,
    document: `doc ${q % 4}`,
    source: `subject ${q % 5}`,
    text: `Text ${q}`,
  }));
  replaceQuerySet(study.db, { name: 'set', ...EMBEDDED }, queries);
  writeQueryVectors(study, 'set', vectors, DIMS);
  return {
    study,
    points,
    queries: queries.map((query, q) => ({ ...query, vector: vectors.subarray(q * DIMS, (q + 1) * DIMS) })),
    measureWith: (documents, name = 'base') =>
      measure(study, {
        ...{ name, querySet: 'set', corpora: ['one', 'two'], kernel: 'exponential' },
        bandwidth: { value: BANDWIDTH, rule: 'given' },
        ...{ neighbours: 1, documents, seed: 1, estimator: { name: 'exact' } },
      }),
  };
}

/** A corpus of documents of 3, 4, 5 … chunks, one a source. */
function addCorpus(study: Study, name: string, sources: readonly string[], seed: number): MadePoint[] {
  const chunksOf = sources.map((_, d) => 3 + d);
  const total = chunksOf.reduce((sum, chunks) => sum + chunks, 0);
  const vectors = clusteredVectors(total, DIMS, seed);
  const writer = openCorpusWriter(study, ensureCorpus(study.db, { name, role: 'pretrain', ...EMBEDDED }));
  writer.append(vectors);
  writer.commit(
    sources.map((source, d) => ({
      ...{ key: `doc${d}`, source, split: 'train', meta: {}, text: `${name} doc${d}` },
      spans: Array.from({ length: chunksOf[d]! }, (_, i) => ({ start: 0, end: i + 1 })),
    })),
  );
  writer.close();
  return sources
    .flatMap((source, d) => Array.from({ length: chunksOf[d]! }, () => ({ source, document: `doc${d}` })))
    .map((point, row) => ({
      ...{ ...point, corpus: name },
      vector: vectors.subarray(row * DIMS, (row + 1) * DIMS),
    }));
}
