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
const TEXT = 'A treaty of commerce was signed.';

function density(...args: string[]) {
  return densimeter('density', TEXT, '--bandwidth', '0.1', ...args);
}

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--study', 's'], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  const lines = stateOfTheUnion()[30]!
    .match(/[^.]{30,}\./g)!
    .slice(0, 80);
  writeFileSync(join(folder, 'a.jsonl'), lines.map((text) => JSON.stringify({ text })).join('\n'));
  expect(densimeter('index', 'mine', 'a.jsonl', '--chunk', 'document').status).toBe(0);
});

describe('densimeter density --top', () => {
  it('says what the nearest points hold', () => {
    const { stdout, stderr } = density('--top');
    expect(stdout, stderr).toMatch(
      /nearest points: share of the density\n +1 +\d+\.\d%.*\n +10 +\d+\.\d%.*\n +100 +100\.0%\n +1%, 1 +\d+\.\d%.*\n +2%, 2 +\d+\.\d%.*\n/,
    );
    expect(stdout).toMatch(/ {2}the nearest (about )?\d+ points? holds? half of it\n/);
    expect(stdout).not.toContain('under noise');
  });

  it('agrees with the shares of the nearest texts', () => {
    const [answer] = JSON.parse(density('--top', '--json', '--neighbours', '10').stdout).densities;
    const held = answer.neighbours.reduce((sum: number, { share }: { share: number }) => sum + share, 0);
    const [one, ten, hundred] = answer.top.shares;
    expect(one).toMatchObject({ top: 1, k: 1 });
    expect(one.share).toBeCloseTo(answer.neighbours[0].share, 3);
    expect(ten.share).toBeCloseTo(held, 3);
    expect(hundred).toEqual({ top: 100, k: 80, share: 1, low: 1, high: 1 });
    expect(answer.noise).toBeUndefined();
  });
});

describe('densimeter density --noise', () => {
  it('says how far noise moves the density, by default of NEFTune’s scale', () => {
    const { stdout, stderr } = density('--noise');
    expect(stdout, stderr).toMatch(
      /under noise of alpha 5 on \d+ tokens, 20 draws: log10 density −\d\.\d\d on average, standard deviation \d\.\d\d, 5% to 95% −\d\.\d\d to −\d\.\d\d\n/,
    );
  });

  it('draws the same with the same seed, and nothing at alpha 0', () => {
    const noise = (...args: string[]) => JSON.parse(density('--json', ...args).stdout).densities[0];
    const first = noise('--noise', '2', '--seed', '3');
    expect(first.noise).toMatchObject({ alpha: 2, draws: 20 });
    expect(first.noise.log10Low).toBeLessThan(first.noise.log10High);
    expect(noise('--noise', '2', '--seed', '3')).toEqual(first);
    expect(noise('--noise', '2', '--seed', '4').noise).not.toEqual(first.noise);
    const still = noise('--noise', '0');
    expect(still.noise.log10Mean).toBeCloseTo(still.log10Density, 4);
    expect(still.noise.log10Deviation).toBeLessThan(1e-5);
  });

  it.each(['-1', 'loud'])('refuses %s', (alpha) => {
    const { status, stderr } = density('--noise', alpha);
    expect(stderr).toContain('--noise [alpha]');
    expect(status).toBe(2);
  });
});
