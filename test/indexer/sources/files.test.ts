import { describe, expect, it } from 'vitest';
import {
  describeSource,
  filesOf,
  fingerprintFiles,
  readDocuments,
  Skipped,
  sourceLine,
} from '../../../indexer/index.js';
import { labelsOf } from '../../../indexer/sources/files.js';
import { read, readSource, writeFiles } from '../../support/read-sources.js';

const found = async (files: Record<string, string>, patterns: string[]) => {
  const base = writeFiles(files);
  return (await filesOf({ files: patterns, base })).map((file) => file.slice(base.length + 1));
};

describe('filesOf', () => {
  it('finds paths, patterns and folders, each file once', async () => {
    const files = { 'a.jsonl': '', 'b/c.jsonl': '', 'b/d.txt': '', 'b [1]/e(2).csv': '' };
    expect(await found(files, ['a.jsonl', '*.jsonl'])).toEqual(['a.jsonl']);
    expect(await found(files, ['b'])).toEqual(['b/c.jsonl', 'b/d.txt']);
    expect(await found(files, ['b [1]'])).toEqual(['b [1]/e(2).csv']);
    expect(await found(files, ['b [1]/e(2).csv'])).toEqual(['b [1]/e(2).csv']);
    expect(await found(files, ['**/*.{csv,txt}'])).toEqual(['b [1]/e(2).csv', 'b/d.txt']);
  });

  it('passes over what is no data, unless it is all there is or asked for', async () => {
    const files = {
      'a.jsonl': '',
      'b.txt': '',
      'README.md': '',
      'LICENSE.txt': '',
      'metadata.json': '',
      LICENSE: '',
      'x.bin': '',
    };
    expect(await found(files, ['.'])).toEqual(['a.jsonl', 'b.txt']);
    expect(await found(files, ['*'])).toEqual(['a.jsonl', 'b.txt']);
    expect(await found(files, ['*.md'])).toEqual(['README.md']);
    expect(await found({ 'one.md': '', 'two.md': '', LICENSE: '' }, ['.'])).toEqual(['one.md', 'two.md']);
    const base = writeFiles({ ...files, 'a.jsonl': '{"text":"a"}' });
    const shape = await describeSource({ files: ['.'], base });
    expect(sourceLine(shape)).toBe(
      '2 jsonl and text files, text in text, read as {text}; passed over 5 (LICENSE, LICENSE.txt, README.md, …), no data',
    );
  });

  it('says what it cannot read', async () => {
    await expect(found({}, [])).rejects.toThrow('No files are named');
    await expect(found({}, ['a.jsonl'])).rejects.toThrow('No file matches "a.jsonl"');
    await expect(found({ 'a.xyz': '' }, ['a.xyz'])).rejects.toThrow('a.xyz: "xyz" is not a format');
    await expect(found({ 'a.parquet.gz': '' }, ['a.parquet.gz'])).rejects.toThrow('is not a format');
    await expect(found({ 'a/b.bin': '' }, ['a'])).rejects.toThrow('"a" holds no file that can be read');
  });
});

describe('labelsOf', () => {
  it('tells files of one name apart by as few folders as it takes', () => {
    const files = ['/d/x/train/a.csv', '/d/y/train/a.csv', '/d/y/test/a.csv', '/d/b.csv'];
    expect([...labelsOf(files)].sort()).toEqual([
      ['/d/b.csv', 'b.csv'],
      ['/d/x/train/a.csv', 'x/train/a.csv'],
      ['/d/y/test/a.csv', 'test/a.csv'],
      ['/d/y/train/a.csv', 'y/train/a.csv'],
    ]);
    expect([...labelsOf(['https://h/a.csv?x=1', 'https://h/a.csv?x=2']).values()]).toEqual([
      'https://h/a.csv?x=1',
      'https://h/a.csv?x=2',
    ]);
  });

  it('makes keys and sources', async () => {
    const { documents } = await read({ 'x/a.txt': 'one', 'y/a.txt': 'two', 'b.txt': 'three' });
    expect(documents.map(({ key, source }) => [key, source])).toEqual([
      ['x/a.txt:1', 'x/a.txt'],
      ['y/a.txt:1', 'y/a.txt'],
      ['b.txt:1', 'b.txt'],
    ]);
  });
});

describe('remote files', () => {
  it('are left to DuckDB, which says what it lacks', async () => {
    const source = { files: ['hf://datasets/x/y/*.parquet'], base: '/' };
    expect(await filesOf(source)).toEqual(source.files);
    // Without its extension httpfs; where that is installed, the machine may or may not be on a network.
    await expect(readSource(source)).rejects.toThrow(/hf:\/\/datasets\/x\/y\/\*\.parquet/);
    await expect(readSource({ files: ['s3://x/y.bin'], base: '/' })).rejects.toThrow('is not a format');
  });

  it('have the fingerprint of their address', async () => {
    const one = await fingerprintFiles(['https://example.com/a.parquet']);
    const two = await fingerprintFiles(['https://example.com/b.parquet']);
    expect(one).toMatchObject({ bytes: 0, hash: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(two.hash).not.toBe(one.hash);
  });
});

describe('a reader', () => {
  it('may be left before its end', async () => {
    const base = writeFiles({ 'a.csv': `text\n${'x y z\n'.repeat(50_000)}` });
    const texts: string[] = [];
    for await (const { text } of readDocuments({ files: ['a.csv'], base }, new Skipped())) {
      texts.push(text);
      if (texts.length === 3) break;
    }
    expect(texts).toEqual(['x y z', 'x y z', 'x y z']);
  });
});
