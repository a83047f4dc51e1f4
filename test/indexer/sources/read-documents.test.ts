import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { read, readSource, writeParquet } from '../../support/read-sources.js';

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

  it('takes ids that are there and come once', async () => {
    const ids = (...values: unknown[]) => values.map((id) => JSON.stringify({ text: 'a', id })).join('\n');
    const { documents } = await read({ 'a.jsonl': ids('x', 7), 'b.jsonl': ids('y') }, { id: 'id' });
    expect(documents.map(({ key }) => key)).toEqual(['x', '7', 'y']);
    await expect(read({ 'a.jsonl': ids('x'), 'b.jsonl': ids('y', 'x') }, { id: 'id' })).rejects.toThrow(
      'b.jsonl:2: the id "x" comes twice; it is also at a.jsonl:1.',
    );
    await expect(read({ 'a.jsonl': ids(7, '7') }, { id: 'id' })).rejects.toThrow('the id "7" comes twice');
    for (const [value, shown] of [
      [null, 'null'],
      ['', '""'],
      [{ a: 1 }, '{"a":1}'],
    ]) {
      await expect(read({ 'a.jsonl': ids('x', value) }, { id: 'id' })).rejects.toThrow(
        `a.jsonl:2: the id in "id" is ${shown}. Every record needs one`,
      );
    }
    const datatrove = '{"text":"a","id":"x","metadata":{}}\n{"text":"b","id":"x","metadata":{}}';
    await expect(read({ 'a.jsonl': datatrove })).rejects.toThrow('or --id row for file and row');
    const byRow = await read({ 'a.jsonl': datatrove }, { id: 'row' });
    expect(byRow.documents.map(({ key }) => key)).toEqual(['a.jsonl:1', 'a.jsonl:2']);
  });

  it('takes the source from a column, and the name of the file where it is empty', async () => {
    const lines = '{"text":"a","m":{"s":"x"}}\n{"text":"b","m":{"s":null}}\n{"text":"c","m":{"s":7}}';
    const { documents } = await read({ 'a.jsonl': lines }, { source: 'm.s' });
    expect(documents.map(({ source }) => source)).toEqual(['x', 'a.jsonl', '7']);
    const files = await read({ 'a.jsonl': lines }, { source: 'file' });
    expect(files.documents.map(({ source }) => source)).toEqual(['a.jsonl', 'a.jsonl', 'a.jsonl']);
  });

  it('with strict, makes an error of what it would pass over', async () => {
    for (const [line, reason] of [
      ['bad', 'not a JSON object'],
      ['{"text":" "}', 'with empty text'],
      ['{"text":7}', 'without text'],
    ]) {
      const reading = read({ 'a.jsonl': `{"text":"a"}\n${line}\n` }, { strict: true });
      await expect(reading).rejects.toThrow(`a.jsonl:2: record ${reason}.`);
      await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'DataError' }));
    }
  });

  it('fills templates, nested columns too', async () => {
    const { documents, skipped } = await read(
      {
        'a.jsonl':
          '{"a":{"b":"x"},"n":7,"l":["y","z"]}\n{"a":{"b":null},"n":null,"l":[]}\n{"a":{"b":"v"},"n":false}',
      },
      { text: 'T: {a.b}\\nN: {n} {{n}}\n{l}' },
    );
    expect(documents.map(({ text }) => text)).toEqual(['T: x\nN: 7 {n}\ny\nz', 'T: v\nN: false {n}']);
    expect(skipped.lines()).toEqual(['1 with empty text (a.jsonl:2)']);
  });

  it('names a column that is not there, and those that are', async () => {
    const files = { 'a.jsonl': '{"text":"a","m":{"url":"u"}}' };
    for (const [source, message] of [
      [{ text: '{text} {more}' }, 'there is no column "more" for --text; the columns are: text, m.'],
      [{ text: 'body' }, 'there is no column "body" for --text; the columns are: text, m.'],
      [{ id: 'key' }, 'there is no column "key" for --id'],
      [{ source: 'who' }, 'there is no column "who" for --source'],
      [{ meta: ['text', 'm.title'] }, 'there is no column "m.title" for --meta; in m there are: url.'],
    ] as const) {
      const reading = read(files, source);
      await expect(reading).rejects.toThrow(`a.jsonl: ${message}`);
      await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'UsageError' }));
    }
    const parquet = await writeParquet("SELECT 'a' AS text, {url: 'u'} AS m");
    await expect(readSource({ files: [parquet], base: '/', meta: ['m.title'] })).rejects.toThrow(
      'in m there are: url.',
    );
  });
});
