import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listRuns, lossesOf, metricsOf, queriesOf, querySetNamed, type Study } from '../../../store/index.js';
import { type ImportOptions, importOutcomes, runsByPattern } from '../../../study/index.js';
import { writeFiles, writeParquet } from '../../support/read-sources.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { studyWithQueries } from './make-queries.js';

let study: Study | undefined;
afterEach(() => {
  study?.close();
  study = undefined;
});

const THREE = ['a', 'b', 'c'].map((document) => ({ document, text: `text of ${document}` }));
const PLAIN = { querySet: 'q', columns: {}, byRow: false, replace: false };

/** Imports files into the run `m` of a new study of three queries, or of the last one where `again`. */
async function importFiles(
  files: Record<string, string>,
  options: Partial<ImportOptions>,
  { again = false } = {},
) {
  const base = writeFiles(files);
  if (!again) {
    study?.close();
    study = studyWithQueries(THREE);
  }
  const runs = [{ run: 'm', files: Object.keys(files), covariates: {} }];
  const [imported] = await importOutcomes(study!, runs, { ...PLAIN, base, ...options });
  return imported!;
}

/** A metric of the run `m`, by the queries' documents. */
function metric(name: string): Record<string, number> {
  const { db } = study!;
  const set = querySetNamed(db, 'q');
  const values = metricsOf(db, 'm', set.id).get(name) ?? new Map<number, number>();
  return Object.fromEntries(
    queriesOf(db, set.id).flatMap(({ id, document }) =>
      values.has(id) ? [[document, values.get(id)!]] : [],
    ),
  );
}

describe('named columns', () => {
  const columns = { key: 'id', nll: 'sum', tokens: 'n', bytes: 'size', correct: 'ok', metrics: { f1: 'f' } };
  const rows = [
    ['c', 12.5, 5, 20, true, 0.25],
    ['a', 0, 1, 3, false, -1],
  ] as const;
  const names = ['id', 'sum', 'n', 'size', 'ok', 'f'];
  const objects = rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i]!, value])));

  it.each([
    ['o.jsonl', objects.map((row) => JSON.stringify(row)).join('\n')],
    ['o.json', JSON.stringify(objects)],
    [
      'lists.json',
      JSON.stringify(Object.fromEntries(names.map((name, i) => [name, rows.map((row) => row[i])]))),
    ],
    ['o.csv', [names, ...rows].map((row) => row.join(',')).join('\n')],
    ['o.tsv', [names, ...rows].map((row) => row.join('\t')).join('\n')],
  ])('are read from %s', async (name, text) => {
    const imported = await importFiles({ [name]: text }, { columns });
    expect(imported).toEqual({
      run: 'm',
      records: 2,
      matched: { id: 2 },
      withoutQuery: { count: 0, first: [] },
      queriesWithoutOutcome: 1,
      metrics: { nll: 2, tokens: 2, bytes: 2, correct: 2, f1: 2 },
      medianLoss: 1.25,
      medianBitsPerByte: 12.5 / 20 / Math.LN2 / 2,
    });
    expect(metric('nll')).toEqual({ a: 0, c: 12.5 });
    expect(metric('correct')).toEqual({ a: 0, c: 1 });
    expect(metric('f1')).toEqual({ a: -1, c: 0.25 });
  });

  it('are read from Parquet, and from records under their keys', async () => {
    const path = await writeParquet(`SELECT * FROM (VALUES ('b', 3.25::FLOAT, 2::BIGINT)) AS t(id, sum, n)`);
    study = studyWithQueries(THREE);
    const options = { ...PLAIN, base: '/', columns: { key: 'id', nll: 'sum', tokens: 'n' } };
    await importOutcomes(study, [{ run: 'm', files: [path], covariates: {} }], options);
    expect(metric('nll')).toEqual({ b: 3.25 });
    await importFiles({ 'o.json': '{"a": {"x": 2}, "b": {"x": 3}}' }, { columns: { key: 'key', loss: 'x' } });
    expect(metric('loss')).toEqual({ a: 2, b: 3 });
  });

  it('of a loss a token make a sum with the tokens, and stay a mean without', async () => {
    const file = { 'o.jsonl': '{"id": "a", "l": 2.5, "n": 4}' };
    await importFiles(file, { columns: { key: 'id', loss: 'l', tokens: 'n' } });
    expect(metric('nll')).toEqual({ a: 10 });
    expect(metric('loss')).toEqual({});
    expect([...lossesOf(study!.db, 'm').values()]).toEqual([2.5]);
    await importFiles(file, { columns: { key: 'id', loss: 'l' } });
    expect(metric('nll')).toEqual({});
    expect(metric('loss')).toEqual({ a: 2.5 });
  });

  it('count the records of no query, and say where they are', async () => {
    const lines = ['a', 'x', 'y', 'b', 'z', 'w'].map((id) => JSON.stringify({ id, l: 1 })).join('\n');
    const imported = await importFiles({ 'o.jsonl': lines }, { columns: { key: 'id', loss: 'l' } });
    expect(imported.withoutQuery).toEqual({ count: 4, first: ['o.jsonl:2', 'o.jsonl:3', 'o.jsonl:5'] });
    expect(imported.queriesWithoutOutcome).toBe(1);
  });
});

describe('what cannot be', () => {
  const id = { key: 'id' };
  it.each([
    ['{"id": "b", "x": -3}', { nll: 'x' }, /o\.jsonl:2: nll is -3: .*is it a log likelihood\?/],
    ['{"id": "b", "x": 25.5}', { loss: 'x' }, /o\.jsonl:2: loss is 25\.5: more than 25 nats a token/],
    ['{"id": "b", "x": 300, "n": 3}', { nll: 'x', tokens: 'n' }, /o\.jsonl:2: nll \/ tokens is 100/],
    ['{"id": "b", "x": 300, "n": 3}', { nll: 'x', bytes: 'n' }, /o\.jsonl:2: nll \/ bytes is 100/],
    ['{"id": "b", "x": "NaN"}', { loss: 'x' }, /o\.jsonl:2: loss is NaN/],
    ['{"id": "b", "x": "inf"}', { metrics: { f: 'x' } }, /o\.jsonl:2: f is Infinity/],
    ['{"id": "b", "x": null}', { loss: 'x' }, /o\.jsonl:2: x is null, which is no number/],
    ['{"id": "b", "x": "high"}', { loss: 'x' }, /o\.jsonl:2: x is "high"/],
    ['{"id": "b", "x": 0.5}', { correct: 'x' }, /o\.jsonl:2: correct is 0\.5; it is 0 or 1/],
    ['{"id": "b", "x": 1, "n": 0}', { nll: 'x', tokens: 'n' }, /o\.jsonl:2: tokens is 0; it is a count/],
    ['{"id": "a", "x": 1}', { loss: 'x' }, /o\.jsonl:2: another outcome of the query that o\.jsonl:1/],
    ['{"x": 1}', { loss: 'x' }, /o\.jsonl:2: the key in "id" is null/],
    ['{"id": "b"', { loss: 'x' }, /o\.jsonl:2: record not a JSON object/],
    ['{"id": "b", "x": 1}', { loss: 'y' }, /there is no column "y"; the columns are: id, x, n/],
    ['{"id": "b", "x": 1}', {}, /Say which column is what.*The columns are: id, x, n/],
  ])('%s as %j', async (line, columns, message) => {
    const file = { 'o.jsonl': `{"id": "a", "x": 1, "n": 1}\n${line}` };
    await expect(importFiles(file, { columns: { ...id, ...columns } })).rejects.toThrow(message);
    expect(listRuns(study!.db)).toEqual([]);
  });

  it('are records of no query at all, and outcomes that are there already', async () => {
    const columns = { key: 'id', loss: 'x' };
    await expect(importFiles({ 'o.jsonl': '{"id": "z", "x": 1}' }, { columns })).rejects.toThrow(
      'None of 1 records (o.jsonl:1, …) is of a query of "q"',
    );
    await importFiles({ 'o.jsonl': '{"id": "a", "x": 1}\n{"id": "b", "x": 1}' }, { columns });
    const again = { 'o.jsonl': '{"id": "b", "x": 2}' };
    await expect(importFiles(again, { columns }, { again: true })).rejects.toThrow(
      'Run "m" has loss of queries of "q" already',
    );
    await importFiles(
      { 'p.jsonl': '{"id": "b", "ok": 1}' },
      { columns: { key: 'id', correct: 'ok' } },
      { again: true },
    );
    expect(metric('loss')).toEqual({ a: 1, b: 1 });
    await importFiles(again, { columns, replace: true }, { again: true });
    expect(metric('loss')).toEqual({ b: 2 });
    expect(metric('correct')).toEqual({});
  });
});

describe('by row', () => {
  const columns = { loss: 'value' };
  it('goes by the order of the queries, and says so', async () => {
    const imported = await importFiles({ 'l.json': '[3, 1, 2]' }, { columns, byRow: true });
    expect(imported.matched).toEqual({ row: 3 });
    expect(metric('loss')).toEqual({ a: 3, b: 1, c: 2 });
  });

  it('needs as many records as queries', async () => {
    await expect(importFiles({ 'l.json': '[3, 1]' }, { columns, byRow: true })).rejects.toThrow(
      'The files have 2 records and there are 3 queries in the set',
    );
  });

  it('is never assumed', async () => {
    await expect(importFiles({ 'l.json': '[3, 1, 2]' }, { columns })).rejects.toThrow('with --by-row');
  });

  it('aligns groups within the sources of their names, in whatever order the groups come', async () => {
    study = studyWithQueries(
      ['anatomy_test.csv', 'anatomy_test.csv', 'law_test.csv'].map((source) => ({ source, text: source })),
    );
    const run = async (losses: unknown) => {
      const base = writeFiles({ 'l.json': JSON.stringify(losses) });
      const runs = [{ run: 'm', files: ['l.json'], covariates: {} }];
      await importOutcomes(study!, runs, { ...PLAIN, base, columns, byRow: true, replace: true });
    };
    await run({ law: [9], anatomy: [1, 2] });
    expect(metric('loss')).toEqual({ 'q.jsonl:1': 1, 'q.jsonl:2': 2, 'q.jsonl:3': 9 });
    await expect(run({ law: [9, 1], anatomy: [2] })).rejects.toThrow(
      'Group "law" has 2 records and there are 1',
    );
    await expect(run({ laws: [9], anatomy: [1, 2] })).rejects.toThrow(
      `No query's source is called "laws"; the sources are: anatomy, law`,
    );
  });
});

describe('samples behind several filters', () => {
  const sample = (filter: string, exact_match: number) =>
    JSON.stringify({
      ...{ doc_id: 0, doc: { id: 'a' }, target: '4', arguments: [['2+2', {}]], filtered_resps: ['4'] },
      ...{ filter, exact_match },
    });
  const file = { 's.jsonl': `${sample('strict', 0)}\n${sample('flexible', 1)}` };

  it('are of the one that is chosen', async () => {
    await expect(importFiles(file, {})).rejects.toThrow('choose one with --filter, of: strict, flexible');
    await expect(importFiles(file, { filter: 'x' })).rejects.toThrow(
      'no sample is behind the filter "x"'.slice(1),
    );
    expect(await importFiles(file, { filter: 'flexible' })).toMatchObject({ records: 1, matched: { id: 1 } });
    expect(metric('correct')).toEqual({ a: 1 });
  });
});

describe('a pattern', () => {
  const files = {
    'Gem-512x8/main/l.json': '[1, 2, 3]',
    'Gem-64x2/main/l.json': '[3, 2, 1]',
    'Gem-64x2/main/other.json': '{}',
    'Gem-large/main/l.json': '[]',
  };

  it('names runs and their covariates', async () => {
    study = studyWithQueries(THREE);
    const base = writeFiles(files);
    const runs = await runsByPattern('g{depth}', 'Gem-{width}x{depth}/*/l.json', base);
    await importOutcomes(study, runs, { ...PLAIN, base, columns: { loss: 'value' }, byRow: true });
    expect(listRuns(study.db)).toMatchObject([
      { name: 'g8', scorer: 'import', covariates: { width: 512, depth: 8 } },
      { name: 'g2', scorer: 'import', covariates: { width: 64, depth: 2 } },
    ]);
  });

  it('keeps none of the runs where one cannot be', async () => {
    study = studyWithQueries(THREE);
    const base = writeFiles({ ...files, 'Gem-64x2/main/l.json': '[3, 2, 1e3]' });
    const runs = await runsByPattern('g{depth}', 'Gem-{width}x{depth}/*/l.json', base);
    await expect(
      importOutcomes(study, runs, { ...PLAIN, base, columns: { loss: 'value' }, byRow: true }),
    ).rejects.toThrow(join('Gem-64x2', 'main', 'l.json:3'));
    expect(listRuns(study.db)).toEqual([]);
  });

  it.each([
    [
      'g',
      'Gem-{width}x{depth}/main/l.json',
      /width = 512 and with 64 would both be of run "g": put \{width\}/,
    ],
    ['g{size}', 'Gem-{width}x{depth}/main/l.json', /has no \{size\}/],
    ['g{width}', 'Gem-{width}y{depth}/main/l.json', /No file matches/],
    ['g{width}', 'Gem-{width}-{width}/main/l.json', /No file matches/],
  ])('%s of %s is refused', async (name, pattern, message) => {
    await expect(runsByPattern(name, pattern, writeFiles(files))).rejects.toThrow(message);
  });
});

describe.skipIf(skipping('Gemstones', whyNoData('gemstones')))('Gemstones', () => {
  it('are 22 runs with width and depth', async () => {
    study = studyWithQueries(Array.from({ length: 500 }, (_, i) => ({ text: `question ${i}` })));
    const base = sharedData('gemstones', 'benchmarks', 'bhagia_task_losses');
    const pattern = 'Gemstone-{width}x{depth}/main/losses_openbook.json';
    const runs = await runsByPattern('gemstone-{width}x{depth}', pattern, base);
    const imported = await importOutcomes(study, runs, {
      ...{ ...PLAIN, base, columns: { loss: 'value' }, byRow: true },
    });
    expect(imported).toHaveLength(22);
    expect(imported.every(({ matched }) => matched.row === 500)).toBe(true);
    const run = listRuns(study.db).find(({ name }) => name === 'gemstone-1280x36')!;
    expect(run.covariates).toEqual({ width: 1280, depth: 36 });
    expect([...lossesOf(study.db, run.name).values()][0]).toBe(4.471288204193115);
  });
});
