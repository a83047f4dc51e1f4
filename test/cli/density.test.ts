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
    expect(stdout).toContain('\n  exact, interval ±0, all points looked at\n');
    expect(stdout).toMatch(/100\.0% from mine\/a\.jsonl \(log10 density nothing without it\)/);
    expect(stdout).toMatch(
      /exponential kernel, h = [\d.]+ \(that of the calibration\), exact \(auto: [^)]*\), n = 81 points of mine/,
    );
  });

  it('gives the density of a text against bandwidth', () => {
    const { stdout } = densimeter('density', 'A treaty of commerce.', '--bandwidth', '0.1,0.05,0.2');
    const curve = [...stdout.matchAll(/log10 density −(?<value>\d+\.\d\d).* at h = (?<h>[\d.]+)$/gm)];
    expect(curve.map(({ groups }) => groups!.h)).toEqual(['0.05', '0.2']);
    const [steep, flat] = curve.map(({ groups }) => Number(groups!.value));
    expect(steep).toBeGreaterThan(flat!);
    const alone = JSON.parse(
      densimeter('density', 'A treaty of commerce.', '--bandwidth', '0.2', '--json').stdout,
    );
    expect(alone).toMatchObject({
      estimator: 'exact',
      estimatorRule: expect.stringMatching(/^auto: .* take a few seconds$/),
    });
    expect(-alone.densities[0].log10Density).toBeCloseTo(flat!, 1);
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
    [['density', 'a', '--bandwidth', '0.1,x'], 2, /--bandwidth.*Give a number/],
    [
      ['density', 'a', '--estimator', 'exact', '--rel-error', '0.05'],
      2,
      /exact estimator looks at all points: a relative error/,
    ],
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
    expect(measured.stdout).toMatch(
      /\n {2}exact \(auto: .* take a few seconds\), interval ±0, all points looked at\n/,
    );
    expect(measured.stdout).toMatch(/least supported:\n {4}−\d+\.\d\d \(±0\) {2}query\/q\.csv:2\/0/);
    const { measured: again } = JSON.parse(
      densimeter('measure', 'mine', '--bandwidth', '0.2', '--json').stdout,
    );
    expect(again).toMatchObject([{ measurement: { bandwidth: 0.2, points: 81 }, queries: 2, touched: 1 }]);
    expect(again[0].curve).toEqual([]);
  });

  it('gives density against bandwidth: of those named, or of 16 around the one chosen', () => {
    const { stdout } = densimeter('measure', 'mine', '--bandwidth', '0.2,0.1,0.4', '--estimator', 'exact');
    expect(stdout).toContain('exponential kernel, h = 0.2 (given), n = 81 points of mine');
    expect(stdout).toContain('exact (given), interval ±0');
    const others = stdout.match(/^ {4}h = 0\.[14] {2}−\d+\.\d\d$/gm)!;
    expect(others.map((line) => line.slice(4, 11))).toEqual(['h = 0.1', 'h = 0.4']);
    const swept = densimeter(
      ...['measure', 'mine', '--bandwidth', 'likelihood', '--sweep', '--kernels', 'gaussian', '--json'],
    );
    expect(swept.status, swept.stderr).toBe(0);
    const [{ measurement, curve, quartiles }] = JSON.parse(swept.stdout).measured;
    expect(measurement.bandwidthRule).toMatch(/^likelihood: 81 training points are likeliest/);
    expect(curve).toHaveLength(16);
    expect(curve[8].bandwidth).toBe(measurement.bandwidth);
    expect(Math.abs(curve[8].medianLog10Density - quartiles[1])).toBeLessThan(curve[8].errorBound + 1e-3);
  });

  it.each([
    [['measure', 'none'], 2, /There is no query set "none"/],
    [
      ['measure', 'mine', '--kernels', 'box'],
      2,
      /no kernel "box"; there are: exponential, gaussian, vmf, laplacian/,
    ],
    [['measure', 'mine'], 2, /cannot rest on 100 effective samples of 81 points/],
    [['measure', 'mine', '--bandwidth', '0.1,-1'], 2, /--bandwidth.*A bandwidth is a number above 0/],
    [['measure', 'mine', '--bandwidth', 'auto,likelihood'], 2, /at most one of auto and likelihood/],
    [['measure', 'mine', '--bandwidth', '0.1,0.2', '--sweep'], 2, /--sweep goes with one bandwidth/],
    [
      ['measure', 'mine', '--kernels', 'laplacian', '--bandwidth', 'likelihood'],
      2,
      /laplacian kernel is not radial and has no likelihood/,
    ],
    [['measure', 'mine', '--estimator', 'guess'], 2, /--estimator.*Give one of: auto, exact/],
    [
      ['measure', 'mine', '--estimator', 'exact', '--budget', '0.1'],
      2,
      /exact estimator looks at all points: a budget is for/,
    ],
    [['queries', '../x', 'a.jsonl'], 2, /"\.\.\/x" cannot be a name/],
    [['queries', 'x', 'a.jsonl', '--corpus', 'none'], 2, /no corpus "none"/],
  ])('refuses %j', (args, code, message) => {
    const { status, stderr } = densimeter(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(code);
  });
});
