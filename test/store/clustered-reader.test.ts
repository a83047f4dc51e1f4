import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { clusterVectors, extendClusters } from '../../indexer/index.js';
import { DataError, openClusteredReader, openVectorReader } from '../../store/index.js';
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

/** The ids of a stretch of a list, in the order of their places. */
function stretch(reader: ReturnType<typeof open>, list: number, first: number, count: number): number[] {
  const into = {
    vectors: new Float32Array(count * DIMS),
    ids: new Int32Array(count),
    places: new Int32Array(count),
  };
  reader.read(list, first, count, into);
  const ordered: number[] = [];
  into.places.forEach((place, i) => {
    const id = into.ids[i]!;
    ordered[place] = id;
    expect(into.vectors.subarray(i * DIMS, (i + 1) * DIMS)).toEqual(
      vectors.subarray(id * DIMS, (id + 1) * DIMS),
    );
  });
  return ordered;
}

describe.each([
  ['one file', undefined],
  ['three files', 1],
])('lists in %s', (_, memoryBytes) => {
  test('hold every row once, and any stretch of a list is a part of its one order', async () => {
    const reader = open(await clustered(memoryBytes));
    const seen = new Set<number>();
    for (let list = 0; list < reader.lists; list++) {
      const size = reader.sizes[list]!;
      const whole = stretch(reader, list, 0, size);
      for (const id of whole) seen.add(id);
      const twice = [...whole, ...whole];
      for (const [first, count] of [
        [0, 3],
        [size - 2, 5],
        [Math.floor(size / 2), size],
        [size - 1, 1],
      ] as const) {
        expect(stretch(reader, list, first, count)).toEqual(twice.slice(first, first + count));
      }
    }
    expect(seen.size).toBe(ROWS);
    expect(reader.rows).toBe(ROWS);
  });

  test('mix the files: the first half of a list is not the first half of the corpus', async () => {
    const reader = open(await clustered(memoryBytes));
    let early = 0;
    let all = 0;
    for (let list = 0; list < reader.lists; list++) {
      const half = stretch(reader, list, 0, Math.floor(reader.sizes[list]! / 2));
      early += half.filter((id) => id < ROWS / 2).length;
      all += half.length;
    }
    expect(early / all).toBeGreaterThan(0.44);
    expect(early / all).toBeLessThan(0.56);
  });

  test('come with the means of their parts', async () => {
    const reader = open(await clustered(memoryBytes));
    const { perList, rows } = reader.parts;
    const meanOf = (part: number) => rows.subarray(part * (DIMS + 1), part * (DIMS + 1) + DIMS);
    const shareOf = (part: number) => rows[part * (DIMS + 1) + DIMS]!;
    for (let list = 0; list < reader.lists; list++) {
      const ids = stretch(reader, list, 0, reader.sizes[list]!);
      const parts = Array.from({ length: perList }, (_, part) => list * perList + part);
      expect(parts.reduce((sum, part) => sum + shareOf(part), 0)).toBeCloseTo(1, 6);
      for (let j = 0; j < DIMS; j++) {
        const mean = ids.reduce((sum, id) => sum + vectors[id * DIMS + j]!, 0) / ids.length;
        const mixed = parts.reduce((sum, part) => sum + shareOf(part) * meanOf(part)[j]!, 0);
        expect(mixed).toBeCloseTo(mean, 5);
      }
    }
  });

  test('are less spread in their parts than as a whole', async () => {
    const reader = open(await clustered(memoryBytes));
    const { perList, rows } = reader.parts;
    const meanOf = (part: number) => rows.subarray(part * (DIMS + 1), part * (DIMS + 1) + DIMS);
    const shareOf = (part: number) => rows[part * (DIMS + 1) + DIMS]!;
    const squared = (vector: Iterable<number>) => [...vector].reduce((sum, x) => sum + x * x, 0);
    let [within, whole] = [0, 0];
    for (let list = 0; list < reader.lists; list++) {
      const mean = new Array<number>(DIMS).fill(0);
      for (let part = list * perList; part < (list + 1) * perList; part++) {
        const vector = meanOf(part);
        vector.forEach((x, j) => {
          mean[j]! += shareOf(part) * x;
        });
        within += shareOf(part) * (1 - squared(vector));
      }
      whole += 1 - squared(mean);
    }
    expect(within / whole).toBeLessThan(0.9);
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

test('missing or damaged parts are named', async () => {
  const folder = await clustered();
  truncateSync(join(folder, 'ivf-parts.faiss'), 100);
  expect(() => openClusteredReader(folder, ROWS)).toThrow(DataError);
  expect(() => openClusteredReader(folder, ROWS)).toThrow(/ivf-parts\.faiss/);
  rmSync(join(folder, 'ivf-parts.faiss'));
  expect(() => openClusteredReader(folder, ROWS)).toThrow(/ivf-parts\.faiss is missing. Cluster/);
});
