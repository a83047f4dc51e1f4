import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { stateOfTheUnion } from '../indexer/texts.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

const json = (...args: string[]) => {
  const { status, stdout, stderr } = densimeter(...args, '--json');
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
};

beforeAll(() => {
  const sentences = stateOfTheUnion()[40]!.match(/[^.]+\./g)!;
  const records = sentences.map((text, i) => ({ id: `s${i}`, text, even: i % 2 === 0 }));
  writeFileSync(
    join(folder, 'a.jsonl'),
    records
      .slice(0, 40)
      .map((r) => JSON.stringify(r))
      .join('\n'),
  );
  writeFileSync(
    join(folder, 'b.jsonl'),
    records
      .slice(40, 50)
      .map((r) => JSON.stringify(r))
      .join('\n'),
  );
  writeFileSync(join(folder, 'odd.csv'), 'colour,size\nred,1\n');
});

describe('densimeter index, corpus and cluster', () => {
  it('indexes, adds, refuses, replaces', () => {
    const first = densimeter('index', 'mine', 'a.jsonl', '--id', 'id', '--chunk', 'document', '--study', 's');
    expect(first.status, first.stderr).toBe(0);
    expect(first.stderr).toContain('mine: 1 jsonl file, text in text, read as {text}');
    expect(first.stdout).toMatch(/^Corpus mine: 40 chunks of 40 documents, 0 held out; 0 chunks are exact/);
    const options = ['--id', 'id', '--chunk', 'document', '--study', 's'];
    expect(json('index', 'mine', 'a.jsonl', ...options)).toMatchObject({ chunks: 40, unchanged: true });
    expect(densimeter('index', 'mine', 'b.jsonl', ...options)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Add to it with --append, or index it anew with --replace') as string,
    });
    expect(json('index', 'mine', 'b.jsonl', ...options, '--append')).toMatchObject({ chunks: 50 });
    expect(
      densimeter('index', 'mine', 'b.jsonl', ...options, '--append', '--chunk', 'sentences'),
    ).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('has a document "s40" already') as string,
    });
    expect(
      json('index', 'half', 'a.jsonl', ...options, '--vectors', 'fp16', '--where', 'even'),
    ).toMatchObject({
      chunks: 20,
    });
  });

  it('lists, renames, removes, clusters, deletes', () => {
    const { corpora } = json('corpus', 'list', '--study', 's');
    expect(corpora).toMatchObject([
      { name: 'mine', chunks: 50, precision: 'fp32', ingests: [{ settings: { files: ['a.jsonl'] } }, {}] },
      { name: 'half', chunks: 20, precision: 'fp16' },
    ]);
    expect(json('corpus', 'rename', 'half', 'other', '--study', 's')).toEqual({ from: 'half', to: 'other' });
    expect(json('cluster', 'mine', '--study', 's')).toMatchObject({ vectors: 50, lists: 28 });
    expect(existsSync(join(folder, 's/vectors/mine/ivf-00000.faiss'))).toBe(true);
    expect(densimeter('verify', '--study', 's').status).toBe(0);
    expect(json('corpus', 'remove', 'mine', 's3', 's41', '--study', 's')).toMatchObject({
      documents: 2,
      chunks: 2,
    });
    expect(json('corpus', 'delete', 'other', '--study', 's')).toEqual({ deleted: 'other' });
    expect(json('status', '--study', 's').corpora).toMatchObject([{ name: 'mine', chunks: 48 }]);
    expect(densimeter('verify', '--study', 's').stdout).toContain('corpus mine: 48 unit vectors');
  });

  it('names a part file with a flipped byte', () => {
    const part = join(folder, 's/vectors/mine~1/part-00000.faiss');
    const bytes = readFileSync(part);
    bytes[5000]! ^= 1;
    writeFileSync(part, bytes);
    expect(densimeter('verify', '--study', 's')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/part-00000\.faiss is damaged: the checksum of its 48 vectors/) as string,
    });
  });

  it('cuts windows of tokens, and reports near duplicates', () => {
    const near = json(
      'index',
      'windows',
      'a.jsonl',
      '--chunk',
      'tokens',
      '--chunk-tokens',
      '12',
      '--chunk-overlap',
      '3',
      '--near-dedup',
      '--study',
      't',
    );
    expect(near.chunks).toBeGreaterThan(60);
    expect(near.nearDuplicates).toMatchObject({ threshold: 0.8, groups: 0 });
  });

  it.each([
    [
      ['index', 'x', 'odd.csv'],
      /odd\.csv: no text column found among: colour, size\. Say which with --text <column>/,
    ],
    [['index', 'x', 'none.jsonl'], /No file matches "none\.jsonl"/],
    [['index', '../x', 'a.jsonl'], /"\.\.\/x" cannot be a name/],
    [['index', 'x', 'a.jsonl', '--append', '--replace'], /exclude each other/],
    [['index', 'x', 'a.jsonl', '--embedder', 'openai'], /needs --url <base> and --model <name>/],
    [['index', 'x', 'a.jsonl', '--digit-weight', '0.3'], /--digit-weight needs --digits abacus/],
    [['index', 'x', 'a.jsonl', '--chunk', 'words'], /Give one of: sentences, passages, document, tokens/],
    [['index', 'x', 'a.jsonl', '--where', 'nosuch > 1'], /nosuch/],
    [['index', 'x', 'a.jsonl', '--hold-out', '1'], /share to hold out must be at least 0 and below 1, not 1/],
    [['index', 'x', 'a.jsonl', '--model-path', 'none'], /There is no folder none/],
    [['corpus', 'rename', 'none', 'x', '--study', 't'], /There is no corpus "none"; there are: windows/],
    [['cluster', 'none', '--study', 't'], /There is no corpus "none"/],
    [['cluster', 'none', '--study', 'nowhere'], /No study in nowhere/],
  ])('refuses %j', (args, message) => {
    const study = args.includes('--study') ? [] : ['--study', 'u'];
    const { status, stderr } = densimeter(...args, ...study);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
