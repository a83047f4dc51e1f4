import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addDocuments,
  ensureCorpus,
  type MeasuredQuery,
  openStudy,
  replaceIntervention,
  replaceLeakSearch,
  replaceMeasurement,
  replaceQuerySet,
  replaceRun,
  setControl,
} from '../../store/index.js';

export const HOSTILE = '<script>window.hacked = true</script><img src=x onerror="window.hacked=true">';
export const RTL_OVERRIDE = 'Peace \u202Eesrever ni\u202C and war';
export const EMOJI = `Emoji 👩‍🚀🇫🇷 ${'🧭'.repeat(200)}`;

const EMBEDDER = { embedder: 'test', fingerprint: 'f00', dims: 2 };
const KINDS = ['held-out', 'seen', 'out-of-domain'];
const SOURCES = ['Abraham Lincoln', 'Herbert Hoover', '<b>Nobody</b>'];

/** Makes a study of 30 queries with two measurements and two runs, hostile texts among them, and one report. */
export function makeStudy(dir: string): void {
  const study = openStudy(dir, { write: true });
  const { db } = study;
  const corpus = ensureCorpus(db, { name: 'speeches', role: 'pretrain', ...EMBEDDER });
  const chunk = 'The state of the union is strong.';
  addDocuments(
    db,
    corpus.id,
    0,
    SOURCES.map((source, i) => ({
      key: `speech-${i}`,
      source,
      split: 'train',
      meta: { year: 1861 + i },
      text: `${chunk} ${HOSTILE}`,
      spans: [
        { start: 0, end: chunk.length },
        { start: chunk.length + 1, end: chunk.length + 1 + HOSTILE.length },
      ],
    })),
  );
  const hostile = [HOSTILE, RTL_OVERRIDE, EMOJI];
  const set = replaceQuerySet(
    db,
    { name: 'queries', ...EMBEDDER },
    Array.from({ length: 30 }, (_, i) => ({
      key: `q${i}`,
      kind: KINDS[i % 3]!,
      document: `d${i % 5}`,
      source: SOURCES[i % 3]!,
      text: hostile[i] ?? `Query ${i} asks about the budget of the navy.`,
    })),
  );
  const queryIds = db.prepare<[], { id: number }>('SELECT id FROM queries ORDER BY row').all();
  const measured = (shift: number): MeasuredQuery[] =>
    queryIds.map(({ id: queryId }, i) => ({
      queryId,
      log10Density: -6 + i / 10 + shift,
      log10Low: -6.1 + i / 10 + shift,
      log10High: -5.9 + i / 10 + shift,
      effectiveSamples: 3 + i,
      touched: 0.02,
      shares: [
        { level: 'corpus', corpus: 'speeches', label: 'speeches', share: 1, standardError: 0 },
        ...SOURCES.map((label, s) => ({
          level: 'source' as const,
          corpus: 'speeches',
          label,
          share: [0.6, 0.3, 0.1][s]!,
          standardError: 0.02,
        })),
        { level: 'document', corpus: 'speeches', label: 'speech-0', share: 0.6, standardError: 0 },
      ],
      neighbours: [
        { corpusId: corpus.id, row: 1, distance: 0.42, share: 0.5 },
        { corpusId: corpus.id, row: 0, distance: 0.84, share: 0.1 },
      ],
      curve: [0.055, 0.11, 0.22].map((bandwidth, b) => ({
        bandwidth,
        log10Density: (-6 + i / 10 + shift) * [1.5, 1, 0.7][b]!,
        errorBound: [Number.POSITIVE_INFINITY, 0.001, 0.0001][b]!,
      })),
      controls: { 'nearest distance': 0.42, 'knn log10 density': 1.25 },
    }));
  const settings = {
    querySetId: set.id,
    corpora: ['speeches'],
    bandwidth: 0.11,
    bandwidthRule: 'median query at 1e-5',
    estimator: 'stratified',
    estimatorRule: 'auto: 6 points are few',
    relativeError: 0.05,
    budget: 0.1,
    seed: 1,
    points: 6,
  };
  replaceMeasurement(db, { ...settings, name: 'base', kernel: 'exponential' }, measured(0));
  replaceMeasurement(db, { ...settings, name: 'treated', kernel: 'gaussian' }, measured(0.5));
  for (const [name, slope] of [
    ['small', 0.1],
    ['large', 0.05],
  ] as const) {
    replaceRun(
      db,
      { name, scorer: 'ngram', covariates: { tokens: 1000 } },
      // The last query has no outcome.
      queryIds.slice(0, -1).map(({ id: queryId }, i) => ({ queryId, nll: 10 * (5 - slope * i), tokens: 10 })),
    );
  }
  setControl(
    db,
    'words',
    queryIds.map(({ id }, i) => [id, 5 + ((i * 7) % 11)]),
  );
  replaceIntervention(
    db,
    {
      ...{ name: 'leak', querySetId: set.id, seed: 1, paraphraser: 'builtin', band: [0.5, 1] },
      arms: [
        { name: 'control', kind: 'control', dose: 0, queries: 15, texts: 0 },
        { name: 'copy', kind: 'exact', dose: 1, queries: 15, texts: 15 },
      ],
      ...{ rejected: { copy: 2 }, missing: 0 },
    },
    queryIds.map(({ id: queryId }, i) => ({
      queryId,
      arm: i % 2 ? 'copy' : 'control',
      dose: i % 2,
      block: 'a',
    })),
  );
  replaceLeakSearch(
    db,
    {
      ...{ querySetId: set.id, corpora: ['speeches'], kernel: 'exponential', bandwidth: 0.11 },
      ...{ bandwidthRule: 'given', estimator: 'exact', points: 6, calibrated: 20, seed: 1 },
      ...{ alarm: 0.001, threshold: 3.09 },
    },
    queryIds.map(({ id: queryId }, i) => ({
      ...{ queryId, corpusId: corpus.id, row: i % 6, similarity: 0.9, share: 0.1, words: 0.2, copied: 0 },
      score: 6 - i / 3,
    })),
  );
  study.close();
  addReport(dir, 'old', '2026-01-01T00:00:00Z', ['Old words.']);
  addReport(dir, 'main', '2026-02-01T00:00:00Z', ['Density explains the loss. <b>Surely</b>', 'More.']);
}

const CELL = {
  ...{ querySet: 'queries', run: 'small', metric: 'loss', unit: 'nats/token', kernel: 'exponential' },
  ...{ bandwidth: 0.11, model: 'density', n: 29, groups: 5, mean: 3.6, slope: -1, slopeError: 0.1 },
  ...{ slopeLow: -1.2, slopeHigh: -0.8, pValue: 0.001, adjustedPValue: 0.002, r2: 0.5, partialR2: 0.5 },
  ...{
    controlsOutOfSampleR2: -0.01,
    outOfSampleR2: 0.4,
    gain: 0.41,
    gainLow: 0.2,
    gainHigh: 0.6,
    gainPValue: 0.01,
  },
};

/** Adds a report of a few fields, with a page whose styles are inside it. */
export function addReport(dir: string, name: string, made: string, words: string[]): void {
  const folder = join(dir, 'reports', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'report.json'),
    JSON.stringify({ version: 3, name, study: 'unions', made, words, cells: [CELL] }),
  );
  writeFileSync(
    join(folder, 'report.html'),
    `<!doctype html><title>${name}</title><style>p{color:red}</style><p>${name}`,
  );
}
