import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { read, writeParquet } from '../../support/read-sources.js';

describe('readDocuments', () => {
  it('reads JSON lines with the fields that are named', async () => {
    const { documents } = await read(
      {
        'a.jsonl':
          '{"body":"one","who":"x","year":1790,"key":7}\n{"body":"two","who":"y","year":1791,"key":8}\n',
      },
      { text: 'body', id: 'key', source: 'who', meta: ['year'] },
    );
    expect(documents).toEqual([
      { key: '7', text: 'one', source: 'x', meta: { year: 1790 }, record: 0, at: 'a.jsonl:1' },
      { key: '8', text: 'two', source: 'y', meta: { year: 1791 }, record: 1, at: 'a.jsonl:2' },
    ]);
  });

  it('keys documents by file and row, and takes the file for the source', async () => {
    const { documents } = await read({ 'a.jsonl': '{"text":"one"}\n\n{"text":"two"}' });
    expect(documents.map(({ key, source }) => [key, source])).toEqual([
      ['a.jsonl:1', 'a.jsonl'],
      ['a.jsonl:3', 'a.jsonl'],
    ]);
  });

  it('reads gzip, plain text, CSV, JSON and Parquet', async () => {
    const parquet = await writeParquet("SELECT 'from parquet' AS text");
    const { documents } = await read(
      {
        'a.jsonl.gz': gzipSync('{"text":"from gzip"}\n'),
        'b.txt': 'from text',
        'c.csv': 'text,n\n"from csv, quoted",1\n',
        'd.json': '[{"text":"from json"}]',
      },
      { files: ['a.jsonl.gz', 'b.txt', 'c.csv', 'd.json', parquet] },
    );
    expect(documents.map(({ text }) => text)).toEqual([
      'from gzip',
      'from text',
      'from csv, quoted',
      'from json',
      'from parquet',
    ]);
  });

  it('counts what it passes over, with file and row', async () => {
    const { documents, skipped } = await read({
      'a.jsonl': Buffer.concat([
        Buffer.from('{"text":"good"}\n{"text":"   "}\n{"text":7}\nnot json\n[1]\n{"text":"'),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('"}\n{"text":"good too"}\n'),
      ]),
    });
    expect(documents.map(({ text }) => text)).toEqual(['good', 'good too']);
    expect(skipped.count).toBe(5);
    expect(skipped.lines().join('\n')).toMatch(/1 with empty text \(.*a\.jsonl:2\)/);
    expect(skipped.lines().join('\n')).toMatch(/1 without text \(.*a\.jsonl:3\)/);
    expect(skipped.lines().join('\n')).toMatch(/2 not a JSON object \(.*a\.jsonl:4, .*a\.jsonl:5\)/);
    expect(skipped.lines().join('\n')).toMatch(/1 with invalid UTF-8 \(.*a\.jsonl:6\)/);
  });

  it('reads a line of 1 MB', async () => {
    const { documents } = await read({ 'a.jsonl': `${JSON.stringify({ text: 'x'.repeat(1 << 20) })}\n` });
    expect(documents[0]!.text).toHaveLength(1 << 20);
  });

  it('refuses what it cannot find or understand, and says what to do', async () => {
    await expect(read({}, { files: ['none.jsonl'] })).rejects.toThrow('No file matches "none.jsonl"');
    await expect(read({ 'a.xyz': '' })).rejects.toThrow('"xyz" is not a format');
    await expect(read({ 'a.jsonl': '{"b":"b","n":1}' })).rejects.toThrow(
      'a.jsonl: no text column found among: b, n. Say which with --text <column> or --text "{b}\\n{n}".',
    );
    await expect(
      read({ 'a.jsonl': '{"text":"a","id":1}\n{"text":"b","id":1}' }, { id: 'id' }),
    ).rejects.toThrow('a.jsonl:2: the id "1" comes twice');
    await expect(read({ 'a.parquet': 'PAR1 truncated' })).rejects.toThrow(
      'a.parquet cannot be read as Parquet',
    );
    await expect(read({ 'a.jsonl.gz': 'not gzip' })).rejects.toThrow('a.jsonl.gz');
  });
});
