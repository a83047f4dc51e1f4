import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addDocuments,
  assignmentsOf,
  bandwidthDensitiesOf,
  beginStep,
  type Corpus,
  chunkAt,
  chunkCount,
  controlsOf,
  corpusByName,
  deleteCorpus,
  densitiesOf,
  densityControlsOf,
  documentCount,
  documentsOf,
  ensureCorpus,
  finishStep,
  interventionNamed,
  listCorpora,
  listMeasurements,
  listQuerySets,
  listRuns,
  type MeasuredQuery,
  type NewQuery,
  neighboursOf,
  openStudy,
  outcomesOf,
  queriesOf,
  queryById,
  querySetByName,
  replaceIntervention,
  replaceMeasurement,
  replaceQuerySet,
  replaceRun,
  rowDocuments,
  type Study,
  setControl,
  sharesOf,
  stepNamed,
  summariseCorpora,
} from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';

const INTERVENTION = {
  ...{ seed: 1, arms: [], paraphraser: 'builtin', missing: 0, rejected: { copy: 2 } },
  band: [0.5, 1] as [number, number],
};
const HOSTILE = [
  `it's "quoted" \`here\`; DROP TABLE documents; --`,
  'nul \0 inside',
  '\u202Eright to left\u202C עברית العربية',
  '👩‍👩‍👧 emoji, e\u0301 combining, \uFEFF mark',
  'line\r\nbreaks\tand \u2028 separators',
  '%s $1 ?1 @name :name {{x}} <script>alert(1)</script>',
  '__proto__',
  '',
];

const EMBEDDED = { embedder: 'use-lite', fingerprint: 'f1', dims: 8 };

let study: Study;
let db: Database;

beforeEach(() => {
  study = openStudy(tempFolder(), { write: true });
  db = study.db;
});

afterEach(() => study.close());

function corpus(name: string): Corpus {
  return ensureCorpus(db, { name, role: 'pretrain', ...EMBEDDED });
}

function newQuery(key: string): NewQuery {
  return { key, kind: 'train', document: `document of ${key}`, source: 's', text: `text of ${key}` };
}

function measured(queryId: number, corpusId: number): MeasuredQuery {
  return {
    queryId,
    log10Density: -2.5,
    log10Low: -2.75,
    log10High: Number.NEGATIVE_INFINITY,
    effectiveSamples: 3.5,
    touched: 0.25,
    shares: [
      { level: 'source', corpus: 'c', label: 'small', share: 0.25, standardError: 0.125 },
      { level: 'source', corpus: 'c', label: 'large', share: 0.75, standardError: 0.125 },
      { level: 'corpus', corpus: 'c', label: 'c', share: 1, standardError: 0 },
    ],
    neighbours: [
      { corpusId, row: 7, distance: 0.5, share: 0.1 },
      { corpusId, row: 2, distance: 0.75, share: 0.05 },
    ],
    curve: [
      { bandwidth: 0.25, log10Density: -5, errorBound: Number.POSITIVE_INFINITY },
      { bandwidth: 1, log10Density: -1.25, errorBound: 0.001 },
    ],
    controls: { 'nearest distance': 0.5, 'knn log10 density': Number.POSITIVE_INFINITY },
  };
}

function measure(querySetId: number, measuredQueries: readonly MeasuredQuery[], kernel = 'gaussian') {
  const settings = {
    ...{ bandwidth: 0.5, bandwidthRule: 'median', points: 10 },
    ...{ estimator: 'stratified', estimatorRule: 'given', relativeError: 0.05, budget: null, seed: 7 },
  };
  return replaceMeasurement(
    db,
    { name: 'm', querySetId, corpora: ['c', 'd'], kernel, ...settings },
    measuredQueries,
  );
}

function count(table: string): number {
  return (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
}

describe('corpora', () => {
  test('is made once and found by name', () => {
    const made = corpus('c');
    expect(corpus('c')).toEqual(made);
    expect(corpusByName(db, 'c')).toEqual(made);
    expect(corpusByName(db, 'C')).toBeUndefined();
  });

  test('documents, chunks and their rows; held-out documents get no rows', () => {
    const { id } = corpus('c');
    const common = { source: 's1', meta: { year: 1851, tags: ['a'] } };
    addDocuments(db, id, 0, [
      {
        ...common,
        key: 'a',
        split: 'train',
        text: 'one two',
        spans: [
          { start: 0, end: 3 },
          { start: 4, end: 7 },
        ],
      },
      { ...common, key: 'b', split: 'held-out', text: 'hidden', spans: [{ start: 0, end: 6 }] },
    ]);
    addDocuments(db, id, 2, [
      { key: 'c', source: 's2', meta: {}, split: 'train', text: 'three', spans: [{ start: 0, end: 5 }] },
    ]);

    expect(chunkCount(db, id)).toBe(3);
    expect(documentCount(db, id)).toBe(3);
    expect(summariseCorpora(db)).toEqual([
      {
        ...{
          id,
          name: 'c',
          role: 'pretrain',
          ...EMBEDDED,
          precision: 'fp32',
          folder: 'c',
          embedderChoice: null,
        },
        ...{ documents: 3, heldOut: 1, sources: 2, chunks: 3, duplicates: 0 },
      },
    ]);
    expect(chunkAt(db, id, 1)).toEqual({
      ...{ corpusId: id, row: 1, start: 4, end: 7, text: 'two', document: 'a' },
      ...common,
    });
    expect(chunkAt(db, id, 3)).toBeUndefined();
    expect([...documentsOf(db, id, 'held-out')].map(({ key, text }) => [key, text])).toEqual([
      ['b', 'hidden'],
    ]);
    expect([...documentsOf(db, id, 'train')].map(({ key }) => key)).toEqual(['a', 'c']);
    expect(rowDocuments(db, id)).toEqual({
      documentOfRow: Int32Array.of(0, 0, 1),
      documents: [
        { key: 'a', source: 's1' },
        { key: 'c', source: 's2' },
      ],
    });
  });

  test('a batch that fails leaves nothing behind', () => {
    const { id } = corpus('c');
    const document = { key: 'same', source: 's', split: 'train' as const, meta: {}, text: '', spans: [] };
    expect(() => addDocuments(db, id, 0, [document, document])).toThrow('has a document "same" already');
    expect(documentCount(db, id)).toBe(0);
  });

  test('deleting one takes its documents, chunks and neighbours, and no other', () => {
    const kept = corpus('kept');
    const gone = corpus('gone');
    for (const { id } of [kept, gone]) {
      addDocuments(db, id, 0, [
        { key: 'k', source: 's', meta: {}, split: 'train', text: 'text', spans: [{ start: 0, end: 4 }] },
      ]);
    }
    const set = replaceQuerySet(db, { name: 'q', ...EMBEDDED }, [newQuery('1'), newQuery('2')]);
    const [first, second] = queriesOf(db, set.id);
    const { id } = measure(set.id, [measured(first!.id, kept.id), measured(second!.id, gone.id)]);
    deleteCorpus(db, 'gone');
    expect(listCorpora(db).map(({ name, chunks }) => [name, chunks])).toEqual([['kept', 1]]);
    expect(count('documents')).toBe(1);
    expect(neighboursOf(db, id, first!.id)).toHaveLength(2);
    expect(neighboursOf(db, id, second!.id)).toEqual([]);
    expect(densitiesOf(db, id).size).toBe(2);
  });
});

describe('query sets', () => {
  test('come back in the order of their rows, with their controls', () => {
    const set = replaceQuerySet(db, { name: 'q', ...EMBEDDED }, [newQuery('z'), newQuery('a')]);
    const queries = queriesOf(db, set.id);
    expect(queries.map(({ key, row }) => [key, row])).toEqual([
      ['z', 0],
      ['a', 1],
    ]);
    expect(queries[1]).toEqual({
      ...newQuery('a'),
      meta: {},
      id: queries[1]!.id,
      querySetId: set.id,
      row: 1,
    });
    expect(queryById(db, queries[1]!.id)).toEqual(queries[1]);
    expect(querySetByName(db, 'q')).toEqual(set);
    expect(listQuerySets(db)).toEqual([{ ...set, queries: 2 }]);

    const [z, a] = queries.map(({ id }) => id);
    setControl(db, 'length', [
      [z!, 3],
      [a!, 4],
    ]);
    setControl(db, 'length', [[a!, 5]]);
    setControl(db, '__proto__', [[a!, 1]]);
    expect(controlsOf(db, set.id)).toEqual(
      new Map([
        [
          'length',
          new Map([
            [z, 3],
            [a, 5],
          ]),
        ],
        ['__proto__', new Map([[a, 1]])],
      ]),
    );
  });

  test('replacing one takes all that was known of its queries, and nothing of another', () => {
    const { id: corpusId } = corpus('c');
    for (const name of ['old', 'other']) {
      const set = replaceQuerySet(db, { name, ...EMBEDDED }, [newQuery('1'), newQuery('2')]);
      const queries = queriesOf(db, set.id);
      measure(
        set.id,
        queries.map(({ id }) => measured(id, corpusId)),
      );
      const outcomes = queries.map(({ id }) => ({ queryId: id, nll: 1.5, tokens: 3 }));
      replaceRun(db, { name: `run on ${name}`, scorer: 's', covariates: {} }, outcomes);
      setControl(
        db,
        'length',
        queries.map(({ id }) => [id, 1]),
      );
      replaceIntervention(
        db,
        { ...INTERVENTION, name, querySetId: queries[0]!.querySetId },
        queries.map(({ id }) => ({ queryId: id, arm: 'leak', dose: 2, block: 'all' })),
      );
    }
    const measuredTables = ['densities', 'bandwidth_densities', 'density_controls', 'shares', 'neighbours'];
    const tables = ['queries', 'measurements', ...measuredTables, 'outcomes', 'controls'];
    const before = tables.map(count);
    const set = replaceQuerySet(db, { name: 'old', ...EMBEDDED, dims: 9 }, []);
    expect(queriesOf(db, set.id)).toEqual([]);
    expect(tables.map(count)).toEqual(before.map((rows) => rows / 2));
    expect(assignmentsOf(db, 'old')).toEqual([]);
    expect(assignmentsOf(db, 'other')).toHaveLength(2);
    expect(outcomesOf(db, 'run on old').size).toBe(0);
    expect(outcomesOf(db, 'run on other').size).toBe(2);
  });

  test('deleting queries looks up every table by an index', () => {
    // Without one, replacing a set of 5000 queries took 90 seconds instead of 0.4.
    for (const { name, columns } of foreignKeys()) {
      for (const column of columns) {
        const plan = db.prepare(`EXPLAIN QUERY PLAN DELETE FROM ${name} WHERE ${column} = 1`).all();
        expect({ name, column, plan: JSON.stringify(plan) }).toEqual({
          name,
          column,
          plan: expect.stringContaining('SEARCH'),
        });
      }
    }
  });

  function foreignKeys(): { name: string; columns: string[] }[] {
    const measuredTables = ['densities', 'bandwidth_densities', 'density_controls', 'shares', 'neighbours'];
    return ['outcomes', 'controls', ...measuredTables, 'assignments', 'chunks'].map((name) => {
      const keys = db.pragma(`foreign_key_list(${name})`) as { from: string }[];
      return { name, columns: keys.map(({ from }) => from) };
    });
  }
});

test('runs are replaced with their outcomes', () => {
  const set = replaceQuerySet(db, { name: 'q', ...EMBEDDED }, [newQuery('1'), newQuery('2')]);
  const [one, two] = queriesOf(db, set.id).map(({ id }) => id);
  const run = {
    name: 'gpt',
    scorer: 'ngram',
    settings: { corpora: ['a', 'b'] },
    covariates: { family: 'gpt', size: 124e6 },
  };
  replaceRun(db, run, [{ queryId: one!, nll: 9.25, tokens: 4 }]);
  const again = replaceRun(db, run, [{ queryId: two!, nll: 0, tokens: 1 }]);
  expect(listRuns(db)).toEqual([again]);
  expect(again).toEqual({ ...run, id: again.id });
  expect(outcomesOf(db, 'gpt')).toEqual(new Map([[two, { queryId: two, nll: 0, tokens: 1 }]]));
  expect(outcomesOf(db, 'none').size).toBe(0);
});

test('measurements are replaced by name, query set and kernel', () => {
  const { id: corpusId } = corpus('c');
  const set = replaceQuerySet(db, { name: 'q', ...EMBEDDED }, [newQuery('1'), newQuery('2')]);
  const [one, two] = queriesOf(db, set.id).map(({ id }) => id);
  measure(set.id, [measured(two!, corpusId)]);
  const laplacian = measure(set.id, [measured(two!, corpusId)], 'laplacian');
  const gaussian = measure(set.id, [measured(one!, corpusId)]);
  expect(listMeasurements(db)).toEqual(expect.arrayContaining([laplacian, gaussian]));
  expect(listMeasurements(db)).toHaveLength(2);

  const { shares, neighbours, curve, controls, ...density } = measured(one!, corpusId);
  expect(densitiesOf(db, gaussian.id)).toEqual(new Map([[one, density]]));
  expect(sharesOf(db, gaussian.id, one!)).toEqual([shares[2], shares[1], shares[0]]);
  expect(neighboursOf(db, gaussian.id, one!)).toEqual(neighbours);
  expect(bandwidthDensitiesOf(db, gaussian.id, one!)).toEqual(curve);
  expect(densityControlsOf(db, gaussian.id)).toEqual(
    new Map(Object.entries(controls).map(([name, value]) => [name, new Map([[one, value]])])),
  );
  expect(sharesOf(db, gaussian.id, two!)).toEqual([]);
  expect(bandwidthDensitiesOf(db, gaussian.id, two!)).toEqual([]);
});

test('assignments are replaced by intervention', () => {
  const set = replaceQuerySet(db, { name: 'q', ...EMBEDDED }, [newQuery('1')]);
  const [{ id: queryId } = { id: 0 }] = queriesOf(db, set.id);
  const intervention = { ...INTERVENTION, name: 'i', querySetId: set.id };
  const assigned = { queryId, arm: 'leak', dose: 1, block: 'law' };
  replaceIntervention(db, intervention, [assigned]);
  replaceIntervention(db, { ...intervention, seed: 2 }, [{ ...assigned, arm: 'control', dose: 0 }]);
  expect(assignmentsOf(db, 'i')).toEqual([{ ...assigned, arm: 'control', dose: 0 }]);
  expect(interventionNamed(db, 'i')).toEqual({ ...intervention, seed: 2 });
  expect(() => interventionNamed(db, 'j')).toThrow('There is no intervention "j"; there are: i.');
  expect(() => replaceIntervention(db, intervention, [{ ...assigned, queryId: 999 }])).toThrow('FOREIGN KEY');
  expect(assignmentsOf(db, 'i')).toHaveLength(1);
});

test('a step is begun, finished, and begun again under another key', () => {
  expect(stepNamed(db, 'index')).toBeUndefined();
  beginStep(db, 'index', 'k1');
  expect(stepNamed(db, 'index')).toMatchObject({ name: 'index', key: 'k1', finished: null });
  finishStep(db, 'index', 1.5, 'said');
  const finished = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  expect(stepNamed(db, 'index')).toEqual({
    name: 'index',
    key: 'k1',
    finished,
    seconds: 1.5,
    summary: 'said',
  });
  beginStep(db, 'index', 'k2');
  expect(stepNamed(db, 'index')).toMatchObject({ key: 'k2', finished: null });
});

describe('text stays data', () => {
  test.each(HOSTILE)('%j in every field', (text) => {
    expect(() => corpus(text)).toThrow('cannot be a name');
    const made = corpus('mine');
    const spans = [{ start: 0, end: text.length }];
    const meta = { [text]: text, nested: [text] };
    addDocuments(db, made.id, 0, [{ key: text, source: text, split: 'train', meta, text, spans }]);
    expect(chunkAt(db, made.id, 0)).toMatchObject({ document: text, source: text, text, meta });

    const query = { key: text, kind: text, document: text, source: text, meta, text };
    const set = replaceQuerySet(db, { name: text, embedder: text, fingerprint: text, dims: 1 }, [query]);
    expect(queriesOf(db, set.id)).toMatchObject([query]);
    const queryId = queriesOf(db, set.id)[0]!.id;
    setControl(db, text, [[queryId, 1]]);
    expect([...controlsOf(db, set.id).keys()]).toEqual([text]);
    const run = { name: text, scorer: text, settings: meta, covariates: { [text]: text } };
    replaceRun(db, run, [{ queryId, nll: 1, tokens: 1 }]);
    expect(listRuns(db)).toMatchObject([run]);
    expect(outcomesOf(db, text).size).toBe(1);
    const assigned = { queryId, arm: text, dose: 1, block: text };
    replaceIntervention(db, { ...INTERVENTION, name: text, querySetId: set.id }, [assigned]);
    expect(assignmentsOf(db, text)).toEqual([assigned]);
  });

  test('chunks are cut at UTF-16 offsets of any text', () => {
    const { id } = corpus('c');
    let row = 0;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), fc.nat(), (text, a, b) => {
        const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const spans = [{ start, end }];
        addDocuments(db, id, row, [{ key: `k${row}`, source: 's', split: 'train', meta: {}, text, spans }]);
        expect(chunkAt(db, id, row++)!.text).toBe(text.slice(start, end));
      }),
    );
  });
});
