import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { clusterVectors, extendClusters } from '../../indexer/index.js';
import { DataError, isClustered, openClusteredReader, openVectorReader } from '../../store/index.js';
import { stored } from '../indexer/cluster/stored.js';
import { unitVectors } from '../support/unit-vectors.js';

const [ROWS, DIMS] = [3000, 12];
const vectors = unitVectors(ROWS, DIMS, 1);
const opened: { close(): void }[] = [];
afterAll(() => {
  for (const one of opened) one.close();
});

async function clustered(memoryBytes?: number) {
  const { folder, reader } = stored(vectors, DIMS);
  opened.push(reader);
  await clusterVectors(reader, folder, { seed: 1, lists: 20, ...(memoryBytes && { memoryBytes }) });
  return folder;
}

function open(folder: string) {
  const reader = openClusteredReader(folder, ROWS)!;
  opened.push(reader);
  return reader;
}

/** The ids of rows of a tile. */
function idsOf(reader: ReturnType<typeof open>, tile: number, first: number, count: number): number[] {
  const rows = new Float32Array(count * DIMS);
  const ids = new Int32Array(count);
  reader.read(tile, rows, ids, first, count);
  ids.forEach((id, i) => {
    expect(rows.subarray(i * DIMS, (i + 1) * DIMS)).toEqual(vectors.subarray(id * DIMS, (id + 1) * DIMS));
  });
  return [...ids];
}

describe.each([
  ['one file', undefined],
  ['three files', 1],
])('tiles in %s', (_, memoryBytes) => {
  test('hold every row once, and any stretch of a tile is a part of its one order', async () => {
    const reader = open(await clustered(memoryBytes));
    const seen: number[] = [];
    reader.sizes.forEach((size, tile) => {
      const whole = idsOf(reader, tile, 0, size);
      seen.push(...whole);
      const middle = Math.floor(size / 2);
      expect(idsOf(reader, tile, middle, size - middle)).toEqual(whole.slice(middle));
      reader.read(tile, new Float32Array(size * DIMS), undefined, 0, size);
    });
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, row) => row));
    expect(reader.rows).toBe(ROWS);
  });

  test('come with their means and how many rows they have', async () => {
    const reader = open(await clustered(memoryBytes));
    reader.sizes.forEach((size, tile) => {
      const known = reader.means.subarray(tile * (DIMS + 1), (tile + 1) * (DIMS + 1));
      expect(known[DIMS]).toBe(size);
      const ids = idsOf(reader, tile, 0, size);
      for (let j = 0; j < DIMS; j++)
        expect(known[j]).toBeCloseTo(ids.reduce((sum, id) => sum + vectors[id * DIMS + j]!, 0) / size, 5);
    });
  });

  test('are of one list each, whose rows are in no other list', async () => {
    const reader = open(await clustered(memoryBytes));
    const sizes = new Int32Array(reader.lists);
    reader.listOf.forEach((list, tile) => {
      sizes[list]! += reader.sizes[tile]!;
    });
    expect(reader.lists).toBe(20);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(ROWS);
  });
});

test('what was appended and not clustered yet is told from what was', async () => {
  const { folder, reader } = stored(vectors, DIMS);
  opened.push(reader);
  const first = openVectorReader(folder, { rows: 2000 });
  opened.push(first);
  expect(openClusteredReader(folder, ROWS)).toBeUndefined();
  await clusterVectors(first, folder, { seed: 1, lists: 20 });
  expect(openClusteredReader(folder, ROWS)).toBeUndefined();
  await extendClusters(reader, folder, { seed: 1 });
  const all = open(folder);
  expect(all.sizes.reduce((sum, size) => sum + size, 0)).toBe(ROWS);
});

test('damaged tiles are named; without any, a folder is not taken for clustered', async () => {
  const folder = await clustered();
  const file = join(folder, 'ivf-tiles.faiss');
  const bytes = readFileSync(file);
  truncateSync(file, 100);
  expect(() => openClusteredReader(folder, ROWS)).toThrow(DataError);
  expect(() => openClusteredReader(folder, ROWS)).toThrow(/ivf-tiles\.faiss/);
  // The rows of the first tile, behind the header and its mean.
  bytes.writeFloatLE(10_000, 45 + 4 * DIMS);
  writeFileSync(file, bytes);
  expect(() => openClusteredReader(folder, ROWS)).toThrow(/not those of its lists. Cluster the corpus again/);
  rmSync(file);
  expect(openClusteredReader(folder, ROWS)).toBeUndefined();
  expect(isClustered(folder, ROWS)).toBe(false);
});
