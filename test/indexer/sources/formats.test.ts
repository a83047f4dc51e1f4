import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { read, readSource, writeParquet } from '../../support/read-sources.js';
import { skipping } from '../../support/skipping.js';

const zstd = spawnSync('zstd', ['--version']).status === 0 ? undefined : 'zstd is not installed';
const RECORDS = Array.from({ length: 20_000 }, (_, i) => ({ text: `text ${i} ${Math.sin(i)}`, n: i }));
const JSONL = `${RECORDS.map((record) => JSON.stringify(record)).join('\n')}\n`;

describe('JSON lines', () => {
  it('may have a byte-order mark, Windows line ends, NUL and no last line end', async () => {
    const { documents, skipped } = await read({
      'a.jsonl': '\ufeff{"text":"a"}\r\n{"text":"b\\u0000c"}\r\n\r\n{"text":"d"}',
    });
    expect(documents.map(({ at, record, text }) => [at, record, text])).toEqual([
      ['a.jsonl:1', 0, 'a'],
      ['a.jsonl:2', 1, 'b\0c'],
      ['a.jsonl:4', 2, 'd'],
    ]);
    expect(skipped.count).toBe(0);
  });

  it('cut short in a .gz are an error', async () => {
    const packed = gzipSync(JSONL);
    expect((await read({ 'a.jsonl.gz': packed })).documents).toHaveLength(20_000);
    await expect(read({ 'a.jsonl.gz': packed.subarray(0, packed.length / 2) })).rejects.toThrow(
      /a\.jsonl\.gz cannot be read as \.gz: unexpected end of file\. .*fetch it again/,
    );
  });
});

describe.skipIf(skipping('files packed with zstd', zstd))('files packed with zstd', () => {
  const pack = (text: string, ...flags: string[]) =>
    execFileSync('zstd', ['-q', '-c', ...flags], { input: text, maxBuffer: 1 << 28 });

  it('are unpacked, of one frame or several, with long windows or threads', async () => {
    const long = JSON.stringify({ text: 'long '.repeat(1 << 18) });
    const frames = Buffer.concat([pack(JSONL, '-19'), pack(JSONL, '-T2', '--long=24'), pack(`${long}\n`)]);
    const { documents } = await read({ 'a.jsonl.zst': frames });
    expect(documents).toHaveLength(40_001);
    expect(documents.slice(20_000, 40_000).map(({ text }) => text)).toEqual(RECORDS.map(({ text }) => text));
    expect(documents.at(-1)!.text).toBe('long '.repeat(1 << 18));
  });

  it('are read as CSV, JSON and plain text too', async () => {
    const { documents } = await read({
      'a.csv.zst': pack('text,n\n"from, csv",1\n'),
      'b.json.zst': pack('[{"text":"from json"}]'),
      'c.txt.zst': pack('from text'),
    });
    expect(documents.map(({ text }) => text)).toEqual(['from, csv', 'from json', 'from text']);
  });

  it('are an error where they are cut short', async () => {
    const csv = RECORDS.map(({ text, n }) => `${text},${n}`).join('\n');
    for (const [name, packed] of [
      ['a.jsonl.zst', pack(JSONL)],
      ['a.csv.zst', pack(`text,n\n${csv}\n`)],
    ] as const) {
      await expect(read({ [name]: packed.subarray(0, packed.length >> 1) })).rejects.toThrow(
        /cannot be read as \.zst: unexpected EOF/,
      );
      await expect(read({ [name]: packed.subarray(0, packed.length - 2) })).rejects.toThrow(/\.zst/);
    }
    await expect(read({ 'a.jsonl.zst': 'not zstd, but longer than a header' })).rejects.toThrow(
      /cannot be read as \.zst/,
    );
  });
});

describe('JSON', () => {
  it('is an array, records a line, or one record over several lines', async () => {
    const { documents, skipped } = await read({
      'a.json': '\ufeff [{"text":"a"},\n 5, {"text":"2020-01-01"}]',
      'b.json': '{"text":"c"}\nbad\n{"text":"d"}\n',
      'c.json': '{\n  "text": "e"\n}\n',
      'd.json.gz': gzipSync('[{"text":"f\\u0000"}]'),
      'e.json': '[]',
      'f.json': '',
    });
    expect(documents.map(({ at, record, text }) => [at, record, text])).toEqual([
      ['a.json:1', 0, 'a'],
      ['a.json:3', 2, '2020-01-01'],
      ['b.json:1', 3, 'c'],
      ['b.json:3', 5, 'd'],
      ['c.json:1', 6, 'e'],
      ['d.json.gz:1', 7, 'f\0'],
    ]);
    expect(skipped.lines()).toEqual(['2 not a JSON object (a.json:2, b.json:2)']);
  });

  it('of another kind, or damaged, is an error', async () => {
    await expect(read({ 'a.json': '[1, 2]' })).rejects.toThrow('a.json holds no records');
    await expect(read({ 'a.json': '"text"' })).rejects.toThrow(
      /a\.json cannot be read as JSON: it begins with/,
    );
    await expect(read({ 'a.json': '[{"text":"a"}, {"te' })).rejects.toThrow(
      /a\.json cannot be read as JSON: .*Malformed JSON/,
    );
    const many = '{"text":"text that fills a line"},\n'.repeat(100_000);
    await expect(read({ 'a.json': `[${many}{"te` })).rejects.toThrow(
      /a\.json cannot be read as JSON: .*Malformed JSON/,
    );
    await expect(read({ 'a.json': '{"data":[1],"version":2}' })).rejects.toThrow(
      'a.json: no text column found among: data, version.',
    );
  });
});

describe('plain text', () => {
  it('is a document a file, packed or not', async () => {
    const { documents, skipped } = await read({
      'a.txt': '\ufeffone\r\ntwo\n',
      'b.md.gz': gzipSync('# three'),
      'c.txt': Buffer.from([0xff, 0xfe, 0xfd]),
      'd.txt': 'a\0b',
      'e.txt': '',
    });
    expect(documents.map(({ key, record, text }) => [key, record, text])).toEqual([
      ['a.txt:1', 0, 'one\r\ntwo\n'],
      ['b.md.gz:1', 1, '# three'],
      ['d.txt:1', 3, 'a\0b'],
    ]);
    expect(skipped.lines()).toEqual(['1 with invalid UTF-8 (c.txt:1)', '1 with empty text (e.txt:1)']);
  });
});

describe('Parquet', () => {
  it('gives values as JSON lines do', async () => {
    const path = await writeParquet(
      `SELECT 'a' || chr(0) AS text, 12345678901::BIGINT AS big, 7::TINYINT AS small, 1.5::DOUBLE AS real, TRUE AS yes,
        DATE '2020-01-02' AS day, ['x'] AS list, {a: {b: 1}} AS inner, '{"k": [1]}'::JSON AS json, NULL::VARCHAR AS none`,
    );
    const meta = ['big', 'small', 'real', 'yes', 'day', 'list', 'inner.a.b', 'json', 'none'];
    const { documents } = await readSource({ files: [path], base: '/', meta });
    expect(documents[0]).toMatchObject({
      text: 'a\0',
      meta: {
        big: 12345678901,
        small: 7,
        real: 1.5,
        yes: true,
        day: '2020-01-02',
        list: ['x'],
        'inner.a.b': 1,
        json: { k: [1] },
        none: null,
      },
    });
  });

  it('is read only in the columns that are wanted', async () => {
    const path = await writeParquet(
      "SELECT 'text ' || i AS text, i AS n, list_transform(range(384), x -> (x * i)::FLOAT) AS embedding FROM (SELECT unnest(range(5000)) AS i)",
    );
    await spoilColumn(path, 'embedding', 0);
    const { documents } = await readSource({ files: [path], base: '/', where: 'n % 2 = 0', meta: ['n'] });
    expect(documents).toHaveLength(2500);
    expect(documents.at(-1)).toMatchObject({ text: 'text 4998', meta: { n: 4998 }, record: 4998 });
    await expect(readSource({ files: [path], base: '/', meta: ['embedding'] })).rejects.toThrow(
      /p\.parquet cannot be read as Parquet/,
    );
  });

  it('keeps the order of rows over row groups, and numbers on over files', async () => {
    const path = await writeParquet("SELECT 'text ' || i AS text FROM (SELECT unnest(range(10000)) AS i)");
    const second = await writeParquet("SELECT 'more' AS text");
    const { documents } = await readSource({ files: [path, second], base: '/' });
    expect(documents.map(({ record }) => record)).toEqual(Array.from({ length: 10_001 }, (_, i) => i));
    expect(documents[9999]!.text).toBe('text 9999');
  });

  it('that is cut short is an error', async () => {
    const path = await writeParquet("SELECT 'text ' || i AS text FROM (SELECT unnest(range(10000)) AS i)");
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    await expect(readSource({ files: [path], base: '/' })).rejects.toThrow(
      expect.objectContaining({
        name: 'DataError',
        message: expect.stringMatching(/p\.parquet cannot be read as Parquet: .*fetch it again/),
      }),
    );
  });

  it('that is damaged far behind its start is an error', async () => {
    const path = await writeParquet("SELECT 'text ' || i AS text FROM (SELECT unnest(range(100000)) AS i)");
    await spoilColumn(path, 'text', 45);
    await expect(readSource({ files: [path], base: '/' })).rejects.toThrow(
      /p\.parquet cannot be read as Parquet/,
    );
    const { documents } = await readSource({ files: [path], base: '/', limit: 5000 });
    expect(documents).toHaveLength(5000);
  });

  it('may have names that mean something to SQL and to patterns', async () => {
    const path = await writeParquet(
      `SELECT 'a' AS "te""xt, 1", 1 AS file_row_number, 'b' AS "c.d"`,
      "it's [1] (2)*.parquet",
    );
    const { documents } = await readSource({
      files: [path],
      base: '/',
      text: 'te"xt, 1',
      meta: ['file_row_number', 'c.d'],
      where: '"te""xt, 1" = \'a\'',
    });
    expect(documents).toMatchObject([
      { text: 'a', meta: { file_row_number: 1, 'c.d': 'b' }, record: 0, source: "it's [1] (2)*.parquet" },
    ]);
  });
});

/** Writes rubbish over the values of a column of a Parquet file, from a row group on. */
async function spoilColumn(path: string, column: string, fromGroup: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const result = await connection.run(
    'SELECT least(data_page_offset, coalesce(dictionary_page_offset, data_page_offset)) AS start, total_compressed_size AS size FROM parquet_metadata(?) WHERE starts_with(path_in_schema, ?) AND row_group_id >= ?::INTEGER',
    [path, column, String(fromGroup)],
  );
  const bytes = readFileSync(path);
  for (const [start, size] of await result.getRows()) {
    bytes.fill(0xaa, Number(start), Number(start) + Number(size));
  }
  writeFileSync(path, bytes);
  connection.closeSync();
  instance.closeSync();
}
