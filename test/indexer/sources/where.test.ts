import { describe, expect, it } from 'vitest';
import { read, readSource, writeParquet } from '../../support/read-sources.js';

const RECORDS = Array.from({ length: 3000 }, (_, i) => ({
  text: `text ${i}`,
  n: i < 1500 ? i : i + 0.5,
  lang: ['en', 'fr', 'de'][i % 3]!,
  metadata: { score: i / 3000, tags: [`t${i % 5}`] },
}));
const JSONL = RECORDS.map((record) => JSON.stringify(record)).join('\n');

describe('where', () => {
  it('chooses the same records whatever the format', async () => {
    const where =
      "lang = 'en' AND metadata.score > 0.5 AND n > 2000.2 AND list_contains(metadata.tags, 't1')";
    const expected = RECORDS.flatMap(({ lang, metadata, n, text }, i) =>
      lang === 'en' && metadata.score > 0.5 && n > 2000.2 && i % 5 === 1 ? [[i, text]] : [],
    );
    const csv = RECORDS.map(({ text, n, lang }) => `${text},${n},${lang}`).join('\n');
    const parquet = await writeParquet(
      `SELECT 'text ' || i AS text, CASE WHEN i < 1500 THEN i ELSE i + 0.5 END AS n, ['en', 'fr', 'de'][i % 3 + 1] AS lang, {score: i / 3000, tags: ['t' || (i % 5)]} AS metadata FROM (SELECT unnest(range(3000)) AS i)`,
    );
    const found = [
      await read({ 'a.jsonl': JSONL }, { where }),
      await read({ 'a.json': `[${JSONL.replaceAll('\n', ',')}]` }, { where }),
      await readSource({ files: [parquet], base: '/', where }),
      await read(
        { 'a.csv': `text,n,lang\n${csv}\n` },
        { where: "lang = 'en' AND n > 2000.2 AND floor(n) % 5 = 1" },
      ),
    ];
    expect(expected.length).toBeGreaterThan(50);
    for (const { documents } of found) {
      expect(documents.map(({ record, text }) => [record, text])).toEqual(expected);
    }
  });

  it('keeps rows and record numbers, over bad lines and over files', async () => {
    const { documents, skipped } = await read(
      {
        'a.jsonl': '{"text":"a","n":1}\nbad\n\n{"text":"b","n":2}\n{"text":"c","n":null}\n',
        'b.csv': 'text,n\nd,1\ne,2\nf,2\n',
        'c.json': '[{"text":"g","n":1},{"text":"h","n":2}]',
      },
      { where: 'n = 2' },
    );
    expect(documents.map(({ at, record, text }) => [at, record, text])).toEqual([
      ['a.jsonl:4', 2, 'b'],
      ['b.csv:2', 5, 'e'],
      ['b.csv:3', 6, 'f'],
      ['c.json:2', 8, 'h'],
    ]);
    expect(skipped.lines()).toEqual(['1 not a JSON object (a.jsonl:2)']);
  });

  it('takes columns that the text does not need, and functions and lists of SQL', async () => {
    const { documents } = await read(
      { 'a.jsonl': JSONL },
      { where: "text IN ('text 7', 'text 9') OR length(text) < 7 AND n = 3 -- and no more" },
    );
    expect(documents.map(({ text }) => text)).toEqual(['text 3', 'text 7', 'text 9']);
    const quoted = await read(
      { 'a.jsonl': '{"text":"a","the \\"N\\"":1}\n{"text":"b"}' },
      { where: '"the ""n""" = 1 AND 2 > 1' },
    );
    expect(quoted.documents.map(({ text }) => text)).toEqual(['a']);
    const all = await read({ 'a.jsonl': JSONL }, { where: '2 > 1' });
    expect(all.documents).toHaveLength(3000);
  });

  it('that is wrong is an error in the words of DuckDB', async () => {
    for (const files of [{ 'a.jsonl': JSONL }, { 'a.csv': 'text,n\na,1\n' }]) {
      await expect(read(files, { where: 'nn > 2' })).rejects.toThrow(
        /where "nn > 2" cannot be used on .*a\.(jsonl|csv): Binder Error: .*"nn".* The columns are: text, n/,
      );
    }
    await expect(read({ 'a.csv': 'text,n\nx,y\n' }, { where: 'n::INTEGER > 2' })).rejects.toThrow(
      /where "n::INTEGER > 2" cannot be used on .*a\.csv: Conversion Error: .*'y'/,
    );
    for (const where of ['n >', 'n > 1) OR (1', 'n = 1; SELECT 1', '']) {
      await expect(read({ 'a.jsonl': JSONL }, { where })).rejects.toThrow('is not an SQL condition');
    }
    await expect(read({ 'a.jsonl': JSONL }, { where: 'n >' })).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError' }),
    );
  });
});
