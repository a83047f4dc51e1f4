import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();

function densimeter(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args, '--study', 's'], { encoding: 'utf8', cwd: folder });
}

describe('densimeter controls', () => {
  it('measures and keeps them', () => {
    writeFileSync(join(folder, 'a.txt'), 'Peace with all nations. Commerce with 12 nations of the world.\n');
    writeFileSync(join(folder, 'q.txt'), 'Peace with all nations of the world.\n');
    densimeter('index', 'mine', 'a.txt');
    densimeter('queries', 'test', 'q.txt');
    const measured = densimeter('controls', 'test');
    expect(measured.status, measured.stderr).toBe(0);
    expect(measured.stdout).toContain('Controls of 1 queries of test against 11 words (9 distinct) of mine:');
    expect(measured.stdout).toMatch(/longest_ngram_seen_words +4\.000 +4\.000 +4\.000\n/);
    expect(measured.stdout).toContain('measure first, with densimeter measure test --corpora mine');
    densimeter('measure', 'test', '--bandwidth', '0.2');
    const { controls, measurement } = JSON.parse(densimeter('controls', 'test', '--json').stdout);
    expect(measurement).toBe('base');
    expect(controls).toContainEqual({ name: 'ngrams_seen_3', queries: 1, low: 0.8, median: 0.8, high: 0.8 });
    expect(controls.map(({ name }: { name: string }) => name)).toContain('nearest_distance');
  });

  it.each([
    [['none'], /no query set "none"; there are: test/],
    [['test', '--corpora', 'none'], /no corpus "none"; there are: mine/],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = densimeter('controls', ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
