import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse } from 'd3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { openClient } from '../../client/index.js';
import { readSource } from '../support/read-sources.js';
import { HOSTILE, makeStudy, RTL_OVERRIDE } from './make-study.js';

let dir: string;
let server: RunningServer;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'densimeter-tables-'));
  makeStudy(join(dir, 'study'));
  server = await serve({ studyDir: join(dir, 'study'), port: 0 });
});
afterAll(async () => {
  await server?.close();
  rmSync(dir, { recursive: true });
});

const get = (path: string, headers = {}) => fetch(new URL(`api/v1/${path}`, server.url), { headers });

describe('pages of queries', () => {
  it('have every row once, in the order asked for', async () => {
    const client = openClient(server.url);
    const query = { measurement: '1', sort: '-log10Density' as const, limit: '7' };
    const keys: string[] = [];
    const densities: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const { data } = await client.GET('/queries', {
        params: { query: { ...query, ...(cursor && { cursor }) } },
      });
      expect(data!.total).toBe(30);
      keys.push(...data!.rows.map(({ key }) => key));
      densities.push(
        ...data!.rows.flatMap(({ log10Density }) => (log10Density === null ? [] : [log10Density])),
      );
      if (data!.next === null) break;
      expect(data!.rows).toHaveLength(7);
      cursor = data!.next;
    }
    expect(new Set(keys).size).toBe(30);
    expect(densities).toEqual([...densities].sort((a, b) => b - a));
    expect(densities.length).toBeGreaterThan(20);
  });

  it('can be filtered by field and by a part of the text', async () => {
    const { data } = await openClient(server.url).GET('/queries', {
      params: { query: { kind: 'seen', text: 'NAVY', run: 'large' } },
    });
    expect(data!.total).toBeGreaterThan(0);
    for (const { kind, text, loss } of data!.rows) {
      expect(kind).toBe('seen');
      expect(text).toContain('navy');
      expect(loss === null || loss > 0).toBe(true);
    }
  });

  it.each([
    ['queries?cursor=bm90aGluZw', 400],
    ['queries?limit=0', 400],
    ['queries?limit=10001', 400],
    ['queries?sort=nothing', 400],
    ['queries?format=xml', 400],
    ['queries?set=none', 404],
    ['queries?run=none', 404],
    ['queries?measurement=99', 404],
    ['corpora/none/documents/x', 404],
    ['corpora/speeches/documents/..%2F..%2Fetc%2Fpasswd', 404],
  ])('refuse %s', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });
});

describe('formats', () => {
  it('give the same rows as CSV, JSON lines and Parquet, by name or by Accept', async () => {
    const { rows } = (await (await get('queries?limit=1000&measurement=1')).json()) as {
      rows: { text: string }[];
    };
    const csv = csvParse(await (await get('queries?format=csv&measurement=1')).text());
    expect(csv.map((row) => row.text)).toEqual(rows.map(({ text }) => text));
    const lines = await (await get('queries?measurement=1', { Accept: 'application/x-ndjson' })).text();
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(rows);
    const file = join(dir, 'queries.parquet');
    const parquet = await get('queries?format=parquet&measurement=1');
    expect(parquet.headers.get('content-disposition')).toContain('listQueries.parquet');
    writeFileSync(file, Buffer.from(await parquet.arrayBuffer()));
    const texts = (await readSource({ files: [file], base: dir, text: 'text', id: 'id' })).documents.map(
      ({ text }) => text,
    );
    expect(texts).toEqual(rows.map(({ text }) => text));
    expect(texts).toContain(HOSTILE);
    expect(texts).toContain(RTL_OVERRIDE);
  });

  it('keep nested values as JSON', async () => {
    const [run] = csvParse(await (await get('runs?format=csv')).text());
    expect(() => JSON.parse(run!.covariates!)).not.toThrow();
  });
});

describe('GET /corpora/{corpus}/documents/{document}', () => {
  it('has the text whole, and where its chunks are', async () => {
    const { data } = await openClient(server.url).GET('/corpora/{corpus}/documents/{document}', {
      params: { path: { corpus: 'speeches', document: 'speech-1' } },
    });
    const { text, chunks, meta, split } = data!;
    expect({ meta, split }).toEqual({ meta: { year: 1862 }, split: 'train' });
    expect(chunks.map(({ start, end }) => text.slice(start, end))).toEqual([
      'The state of the union is strong.',
      HOSTILE,
    ]);
  });
});
