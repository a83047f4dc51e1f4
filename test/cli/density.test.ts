import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { stateOfTheUnion } from '../indexer/texts.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--study', 's'], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { status, stdout, stderr };
}

const HOSTILE = 'Peace \u001b[31mand\u0007 commerce \u202Ewith all nations';

beforeAll(() => {
  const lines = stateOfTheUnion()[30]!
    .match(/[^.]{30,}\./g)!
    .slice(0, 80);
  writeFileSync(
    join(folder, 'a.jsonl'),
    [...lines, HOSTILE].map((text) => JSON.stringify({ text })).join('\n'),
  );
  expect(densimeter('index', 'mine', 'a.jsonl', '--chunk', 'document').status).toBe(0);
});

describe('densimeter calibrate, density and neighbours', () => {
  it('says how dense the corpus is where it is itself, and reads texts against it', () => {
    const calibrated = densimeter('calibrate', 'mine', '--effective-samples', '10', '--sample', '40');
    expect(calibrated.status, calibrated.stderr).toBe(0);
    expect(calibrated.stdout).toMatch(
      /^log10 density of 40 points taken out of mine, in the other 41 \(exponential/,
    );
    expect(calibrated.stdout).toMatch(/ 50% {2}−\d\.\d\d/);
    const { stdout } = densimeter(
      'density',
      'A treaty of commerce was signed.',
      '1 2 3',
      '--neighbours',
      '1',
    );
    expect(stdout).toMatch(/log10 density −\d\.\d\d, denser than \d+\.\d% of the training points; rests on/);
    expect(stdout).toMatch(/100\.0% from mine\/a\.jsonl \(log10 density nothing without it\)/);
    expect(stdout).toMatch(
      /exponential kernel, h = [\d.]+ \(that of the calibration\), exact, n = 81 points of mine/,
    );
  });

  it('names neighbours, without control characters of theirs', () => {
    const { stdout } = densimeter('neighbours', 'Peace and commerce with all nations', '--neighbours', '2');
    expect(stdout).toContain('Peace [31mand commerce with all nations');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const { densities } = JSON.parse(densimeter('neighbours', 'Peace', '--json').stdout);
    expect(densities[0].neighbours).toHaveLength(10);
  });

  it.each([
    [['density', ' '], 1, /Text 1 is empty/],
    [['density', 'a', '--corpora', 'none'], 2, /no corpus "none"; there are: mine/],
    [['density', 'a', '--kernel', 'box'], 2, /Give one of: exponential, gaussian, vmf/],
    [['calibrate', 'none'], 2, /no corpus "none"/],
  ])('refuses %j', (args, code, message) => {
    const { status, stderr } = densimeter(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(code);
  });
});

describe('densimeter queries and measure', () => {
  it('embeds queries as the corpus was and measures them', () => {
    writeFileSync(
      join(folder, 'q.csv'),
      'subject,question\npeace,A treaty of commerce was signed.\nrocks,Basalt cools into columns.\nnone,\n',
    );
    const added = densimeter(
      'queries',
      'mine',
      'q.csv',
      '--text',
      'question',
      '--source',
      'subject',
      '--meta',
      'subject',
    );
    expect(added.stderr).toContain('1 without text (q.csv:3)');
    expect(added.stdout).toBe('Query set mine: 2 queries, embedded by use-lite.\n');
    const measured = densimeter(
      'measure',
      'mine',
      '--kernels',
      'exponential,gaussian',
      '--effective-samples',
      '10',
    );
    expect(measured.status, measured.stderr).toBe(0);
    expect(measured.stdout).toMatch(
      /exponential kernel, h = [\d.]+ \(auto: the median of 2 queries rests on 10 eff/,
    );
    expect(measured.stdout).toMatch(/gaussian kernel/);
    expect(measured.stdout).toMatch(/least supported:\n {4}−?-?\d+\.\d\d {2}query\/q\.csv:2\/0/);
    const { measured: again } = JSON.parse(
      densimeter('measure', 'mine', '--bandwidth', '0.2', '--json').stdout,
    );
    expect(again).toMatchObject([{ measurement: { bandwidth: 0.2, points: 81 }, queries: 2 }]);
  });

  it.each([
    [['measure', 'none'], 2, /There is no query set "none"/],
    [['measure', 'mine', '--kernels', 'box'], 2, /no kernel "box"; there are: exponential/],
    [['queries', '../x', 'a.jsonl'], 2, /"\.\.\/x" cannot be a name/],
    [['queries', 'x', 'a.jsonl', '--corpus', 'none'], 2, /no corpus "none"/],
  ])('refuses %j', (args, code, message) => {
    const { status, stderr } = densimeter(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(code);
  });
});
