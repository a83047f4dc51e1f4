import { describe, expect, it } from 'vitest';
import { read, readSource, writeParquet } from '../../support/read-sources.js';

const TEXTS = Array.from({ length: 1000 }, (_, i) => (i % 10 === 3 ? '' : `text ${i}`));
const JSONL = TEXTS.map((text) => JSON.stringify({ text })).join('\n');

describe('sample', () => {
  it('is of the size that was asked for, in order, and the same whatever the format', async () => {
    const options = { sample: 100, seed: 7 };
    const parquet = await writeParquet(
      "SELECT CASE WHEN i % 10 = 3 THEN '' ELSE 'text ' || i END AS text FROM (SELECT unnest(range(1000)) AS i)",
    );
    const [a, b, c] = [
      await read({ 'a.jsonl': JSONL }, options),
      await read({ 'a.csv': `text\n${TEXTS.map((text) => `"${text}"`).join('\n')}\n` }, options),
      await readSource({ files: [parquet], base: '/', ...options }),
    ].map(({ documents }) => documents.map(({ record, text }) => [record, text]));
    expect(a).toHaveLength(100);
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    const records = a!.map(([record]) => Number(record));
    expect(records).toEqual([...records].sort((x, y) => x - y));
    expect(Math.max(...records)).toBeGreaterThan(800);
    for (const [record, text] of a!) expect(text).toBe(TEXTS[Number(record)]);
  });

  it('is another one for another seed, and counts what is skipped once', async () => {
    const one = await read({ 'a.jsonl': JSONL }, { sample: 100, seed: 1 });
    const two = await read({ 'a.jsonl': JSONL }, { sample: 100, seed: 2 });
    expect(one.documents).not.toEqual(two.documents);
    expect(one.skipped.count).toBe(100);
  });

  it('takes every document about as often', async () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 200; seed++) {
      const { documents } = await read(
        {
          'a.jsonl': TEXTS.slice(4, 12)
            .map((text) => JSON.stringify({ text }))
            .join('\n'),
        },
        { sample: 2, seed },
      );
      for (const { text } of documents) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    expect(counts.size).toBe(8);
    // 50 of 200 are expected; 20 to 80 is five standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - 50)).toBeLessThan(30);
  });

  it('is all of them where there are fewer, and of the first where there is a limit', async () => {
    const all = await read({ 'a.jsonl': JSONL }, { sample: 5000 });
    expect(all.documents).toHaveLength(900);
    const few = await read({ 'a.jsonl': JSONL }, { sample: 10, limit: 20 });
    expect(few.documents).toHaveLength(10);
    expect(few.documents.at(-1)!.record).toBeLessThan(25);
  });
});

describe('limit', () => {
  it('counts documents, over files', async () => {
    const { documents } = await read(
      { 'a.jsonl': '{"text":""}\n{"text":"a"}', 'b.jsonl': '{"text":"b"}\n{"text":"c"}' },
      { limit: 2 },
    );
    expect(documents.map(({ text, record }) => [text, record])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('must be a whole number above 0', async () => {
    await expect(read({ 'a.txt': 'a' }, { limit: 0 })).rejects.toThrow('--limit must be a whole number');
    await expect(read({ 'a.txt': 'a' }, { sample: 1.5 })).rejects.toThrow('--sample must be a whole number');
  });
});
