import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../study/index.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();
const CONTROL = /[\p{Cc}\p{Cf}]/u;

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--study', 's'], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { status, stdout, stderr };
}

const jsonl = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

beforeAll(() => {
  const texts = {
    geology: ['Basalt cools into columns.', 'Granite is an old rock.', 'Lava flows from a volcano.'],
    'sea\u001b[31mfaring': ['The ship sailed to the harbour.', 'Whales swim in the \u202Edeep sea.'],
    law: ['The court gave its judgment.', 'A treaty was signed.', 'The senate passed the law.'],
  };
  const rows = Object.entries(texts).flatMap(([source, lines]) => lines.map((text) => ({ text, source })));
  writeFileSync(join(folder, 'a.jsonl'), jsonl(rows));
  const queries = [
    { id: 'q1', text: 'Volcanic rock from lava.', subject: 'rocks' },
    { id: 'q2', text: 'Granite and basalt are rocks.', subject: 'rocks' },
    { id: 'q\u00073', text: 'Ships sail the seas.', subject: 'ships\u001b[2J' },
  ];
  writeFileSync(join(folder, 'q.jsonl'), jsonl(queries));
  const steps = [
    ['index', 'mine', 'a.jsonl', '--chunk', 'document', '--source', 'source'],
    ['queries', 'set', 'q.jsonl', '--id', 'id', '--text', 'text', '--source', 'subject'],
    ['measure', 'set', '--kernels', 'exponential,gaussian', '--bandwidth', '0.2', '--neighbours', '2'],
  ];
  for (const step of steps) {
    const { status, stderr } = densimeter(...step);
    expect(status, stderr).toBe(0);
  }
});

describe('densimeter coverage', () => {
  it('shows which sources support which subjects, with what the numbers are', () => {
    const { status, stdout, stderr } = densimeter('coverage', 'set', '--sources', '2', '--without');
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^Coverage of 3 queries of set by mine \(measurement 1, base\)\n/);
    expect(stdout).toMatch(/\nexponential kernel, h = 0\.2 \(given\), exact, n = 8 training points\n/);
    expect(stdout).toContain('of every source, the mean of the shares of its queries (--weigh queries)');
    expect(stdout).toMatch(/\nsource +queries +q1 +median +q3 +\S.*1 others/);
    expect(stdout).toMatch(/\nrocks +2 +−\d\.\d\d +−\d\.\d\d +−\d\.\d\d +\d+\.\d%/);
    expect(stdout).toMatch(/\ntraining points +3 +[23] +[23]\n/);
    expect(stdout).toMatch(/\nWithout a source: [^\n]*\nsource [^\n]*\n[^\n]+[+−]\d\.\d\d/);
    expect(stdout).toMatch(/\nLeast supported queries: log10 density, source, query, its top source/);
    expect(stdout).toContain('densimeter calibrate mine --kernel exponential --bandwidth 0.2');
    expect(stdout).toMatch(/ {2}\d+\.\d% +\d+\.\d% +\d +mine\/a\.jsonl/);
  });

  it('lets no control character of labels, keys and texts reach the terminal', () => {
    const { stdout } = densimeter('coverage', 'set');
    expect(stdout).toContain('sea [31mfaring');
    expect(stdout).toContain('ships [2J');
    expect(stdout.replaceAll('\n', '')).not.toMatch(CONTROL);
  });

  it('says it all as JSON, of the measurement that is asked for', () => {
    const read = (...args: string[]): Coverage =>
      JSON.parse(densimeter('coverage', 'set', '--json', ...args).stdout);
    const coverage = read(
      '--kernel',
      'gaussian',
      '--weigh',
      'density',
      '--by',
      'subject',
      '--documents',
      '3',
    );
    expect(coverage).toMatchObject({ by: 'subject', weigh: 'density', measurement: { kernel: 'gaussian' } });
    expect(coverage.matrix.subjects.map(({ queries }) => queries).sort()).toEqual([1, 2]);
    expect(coverage.leastSupported).toHaveLength(3);
    expect(coverage.documents.top).toHaveLength(3);
    expect(read('--least', '0').leastSupported).toEqual([]);
  });

  it('writes CSV files', () => {
    const { stdout } = densimeter('coverage', '1', '--csv', 'tables', '--least', '1');
    expect(stdout).toMatch(/\nTables: tables\/matrix\.csv, tables\/without\.csv, /);
    const lines = (name: string) =>
      readFileSync(join(folder, 'tables', name), 'utf8')
        .trim()
        .split('\n');
    expect(lines('matrix.csv')[0]).toMatch(
      /^source,queries,log10_density_q1,.*mine\/geology.*,others \(0\)$/,
    );
    expect(lines('matrix.csv')).toHaveLength(4);
    expect(lines('least-supported.csv')).toHaveLength(2);
  });

  it.each([
    [['coverage', 'none'], 2, /no measurement none in s; there are: 1 \(base of set: mine; exponential\), 2/],
    [['coverage', 'set', '--kernel', 'vmf'], 2, /no measurement set with the vmf kernel/],
    [['coverage', 'set', '--by', 'colour'], 2, /Give one of: kind, subject, source, document/],
    [['coverage', 'set', '--sources', '-1'], 2, /Give a whole number from 0 on/],
    [['coverage', 'set', '--csv', 'q.jsonl'], 2, /--csv q\.jsonl cannot be written/],
  ])('refuses %j', (args, code, message) => {
    const { status, stderr } = densimeter(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(code);
  });
});

describe('densimeter density --documents', () => {
  it('names the documents that hold most, with their cumulative share', () => {
    const ask = (...args: string[]) =>
      densimeter('density', 'Granite and basalt are rocks.', '--bandwidth', '0.2', ...args).stdout;
    const shares = [...ask('--documents', '8').matchAll(/^ {4} *([\d.]+)% +([\d.]+)% {2}mine\/a\.jsonl/gm)];
    expect(shares).toHaveLength(8);
    expect(shares[0]![1]).toBe(shares[0]![2]);
    expect(Number(shares[7]![2])).toBe(100);
    expect(JSON.parse(ask('--json')).densities[0].documents).toHaveLength(5);
  });
});
