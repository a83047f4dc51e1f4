import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clusterVectors, extendClusters } from '../../../indexer/index.js';
import {
  DataError,
  openClusteredReader,
  openIvfReader,
  openVectorReader,
  openVectorWriter,
  UsageError,
  type VectorReader,
} from '../../../store/index.js';
import { clusteredVectors } from '../../density/clustered.js';
import { built } from '../../support/built.js';
import { nearestRows } from '../../support/nearest.js';
import { whyNoPython } from '../../support/python.js';
import { searchIvf } from '../../support/search-ivf.js';
import { skipping } from '../../support/skipping.js';
import { tempFolder } from '../../support/temp-folder.js';
import { stored } from './stored.js';

const DIMS = 21;
const ROWS = 2500;
const K = 10;
/** So little that each file gets 1024 rows, the fewest. */
const SMALL = { memoryBytes: 1 };

const vectors = clusteredVectors(ROWS, DIMS, 1);
const queries = clusteredVectors(20, DIMS, 2);
const { folder: corpus, reader } = stored(vectors, DIMS);

/** Every row of the files with its list; fails where a row is not the vector that it should be. */
function listsOf(files: readonly string[], all: Float32Array, dims = DIMS): Map<number, number> {
  const found = new Map<number, number>();
  for (const file of files) {
    const ivf = openIvfReader(file);
    ivf.sizes.forEach((size, list) => {
      const [into, ids] = [new Float32Array(size * dims), new Int32Array(size)];
      ivf.readList(list, into, ids);
      ids.forEach((id, i) => {
        expect(found.has(id)).toBe(false);
        found.set(id, list);
        expect(into.subarray(i * dims, (i + 1) * dims)).toEqual(all.subarray(id * dims, (id + 1) * dims));
      });
    });
    ivf.close();
  }
  return found;
}

function bytesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );
}

function expectClose(scores: readonly number[], expected: readonly number[]): void {
  expect(scores).toHaveLength(expected.length);
  expect(Math.max(...expected.map((score, i) => Math.abs(score - scores[i]!)))).toBeLessThan(1e-6);
}

describe('lists', () => {
  test.each([
    ['one file', {}, 1],
    ['several files', SMALL, 3],
  ])('%s: every row is once in the list of its nearest centroid', async (_, memory, count) => {
    const { files, lists, rows } = await clusterVectors(reader, tempFolder(), { seed: 1, ...memory });
    expect([files.length, lists, rows]).toEqual([count, 200, ROWS]);
    const found = listsOf(files, vectors);
    expect(found.size).toBe(ROWS);
    const { centroids } = openIvfReader(files[0]!);
    const nearest = nearestRows(centroids, vectors, DIMS, 1);
    const score = (row: number, list: number) => {
      let sum = 0;
      for (let j = 0; j < DIMS; j++) sum += vectors[row * DIMS + j]! * centroids[list * DIMS + j]!;
      return sum;
    };
    for (const [row, list] of found) expect(score(row, list)).toBeGreaterThan(nearest.scores[row]! - 1e-6);
  });

  test('stand in tiles of rows that lie nearer each other than those of the list do', async () => {
    const folder = tempFolder();
    await clusterVectors(reader, folder, { seed: 1, lists: 5 });
    const tiles = openClusteredReader(folder, ROWS)!;
    const means = (of: (tile: number) => boolean) => {
      const sum = new Float64Array(DIMS);
      let rows = 0;
      tiles.sizes.forEach((size, tile) => {
        if (!of(tile)) return;
        rows += size;
        for (let j = 0; j < DIMS; j++) sum[j]! += size * tiles.means[tile * (DIMS + 1) + j]!;
      });
      return { rows, spread: 1 - sum.reduce((squares, x) => squares + (x / rows) ** 2, 0) };
    };
    for (let list = 0; list < 5; list++) {
      const whole = means((tile) => tiles.listOf[tile] === list);
      let within = 0;
      tiles.listOf.forEach((of, tile) => {
        if (of !== list) return;
        const { rows, spread } = means((one) => one === tile);
        expect(rows).toBeLessThanOrEqual(64);
        within += (rows / whole.rows) * spread;
      });
      expect(within / whole.spread).toBeLessThan(0.9);
    }
    tiles.close();
  });

  test('are the same for the same seed alone', async () => {
    const [a, b, c] = [tempFolder(), tempFolder(), tempFolder()];
    await clusterVectors(reader, a, { seed: 3, ...SMALL });
    await clusterVectors(reader, b, { seed: 3, ...SMALL });
    await clusterVectors(reader, c, { seed: 4, ...SMALL });
    expect(bytesOf(a)).toEqual(bytesOf(b));
    expect(bytesOf(a)).not.toEqual(bytesOf(c));
    const names = ['ivf-00000.faiss', 'ivf-00001.faiss', 'ivf-00002.faiss', 'ivf-tiles.faiss'];
    expect(Object.keys(bytesOf(a))).toEqual(names);
  });

  test('replace those that were there, also where these are more', async () => {
    const [fresh, used] = [tempFolder(), tempFolder()];
    await clusterVectors(reader, used, { seed: 1, ...SMALL });
    writeFileSync(join(used, 'ivf-00001.faiss.tmp'), 'half');
    await clusterVectors(reader, used, { seed: 2 });
    await clusterVectors(reader, fresh, { seed: 2 });
    expect(bytesOf(used)).toEqual(bytesOf(fresh));
  });
});

describe.skipIf(skipping('clusters in python3-faiss', whyNoPython('faiss', 'python3-faiss')))('FAISS', () => {
  const expected = nearestRows(vectors, queries, DIMS, K);

  test.each([
    ['one file', {}],
    ['several files', SMALL],
  ])('finds in %s what brute force finds', async (_, memory) => {
    const { files } = await clusterVectors(reader, tempFolder(), { seed: 1, ...memory });
    const found = searchIvf(files, queries, K);
    expect(found.neighbours).toEqual(expected.rows);
    expectClose(found.scores, expected.scores);
    expect(found.same).toEqual(files.map(() => true));
  });

  test('finds appended rows too', async () => {
    const folder = tempFolder();
    const before = await clusterVectors(firstRows(1500), folder, { seed: 1, lists: 50 });
    const after = await extendClusters(reader, folder, { seed: 1 });
    expect(after.files).toEqual([join(folder, 'ivf-00001.faiss')]);
    expect([after.lists, after.rows]).toEqual([50, ROWS]);
    const found = searchIvf([...before.files, ...after.files], queries, K);
    expect(found.neighbours).toEqual(expected.rows);
    expectClose(found.scores, expected.scores);
    expect(found.rows).toEqual([1500, 1000]);
  });
});

// The built store: a worker thread cannot run the TypeScript source.
const store = (await import(built('store/index.js'))) as typeof import('../../../store/index.js');

test.skipIf(skipping('clusters in faiss-node', await store.whyNoFaiss()))(
  'faiss-node finds in several files what brute force finds',
  async () => {
    const { files, lists } = await clusterVectors(reader, tempFolder(), { seed: 1, ...SMALL });
    const query = queries.subarray(0, DIMS);
    const found: { row: number; score: number }[] = [];
    for (const file of files) {
      // faiss-node cannot set nprobe, but takes the file's.
      const bytes = readFileSync(file);
      bytes.writeBigUInt64LE(BigInt(lists), 45);
      writeFileSync(file, bytes);
      const index = (await store.openFaissIndex(file))!;
      const { rows, scores } = await index.search(query, K);
      rows.forEach((row, i) => {
        found.push({ row, score: scores[i]! });
      });
      await index.close();
    }
    const best = found.sort((a, b) => b.score - a.score).slice(0, K);
    const expected = nearestRows(vectors, query, DIMS, K);
    expect(best.map(({ row }) => row)).toEqual(expected.rows);
    expectClose(
      best.map(({ score }) => score),
      expected.scores,
    );
  },
);

describe('extending', () => {
  test('leaves the files as they are, keeps the centroids and is the same for the same seed', async () => {
    const folders = [tempFolder(), tempFolder()];
    for (const folder of folders) await clusterVectors(firstRows(1200), folder, { seed: 1, lists: 30 });
    const { 'ivf-tiles.faiss': tiles, ...before } = bytesOf(folders[0]!);
    for (const folder of folders) await extendClusters(reader, folder, { seed: 1, ...SMALL });
    const after = bytesOf(folders[0]!);
    expect(after).toEqual(bytesOf(folders[1]!));
    expect(after).toMatchObject(before);
    expect(after['ivf-tiles.faiss']).not.toBe(tiles);
    const names = Object.keys(after).filter((name) => name !== 'ivf-tiles.faiss');
    const files = names.map((name) => join(folders[0]!, name));
    expect(files).toHaveLength(3);
    expect(listsOf(files, vectors).size).toBe(ROWS);
    const [first, last] = [openIvfReader(files[0]!), openIvfReader(files[2]!)];
    expect(last.centroids).toEqual(first.centroids);
  });

  test('does nothing where no rows were appended', async () => {
    const folder = tempFolder();
    await clusterVectors(reader, folder, { seed: 1, lists: 5 });
    const before = bytesOf(folder);
    expect(await extendClusters(reader, folder, { seed: 1 })).toEqual({ files: [], lists: 5, rows: ROWS });
    expect(bytesOf(folder)).toEqual(before);
  });

  test('refuses a folder without clusters, other dims, and fewer rows than are clustered', async () => {
    const folder = tempFolder();
    await expect(extendClusters(reader, folder, { seed: 1 })).rejects.toThrow(/no clustered files/);
    await clusterVectors(reader, folder, { seed: 1, lists: 5 });
    const other = stored(clusteredVectors(10, 8, 1), 8).reader;
    await expect(extendClusters(other, folder, { seed: 1 })).rejects.toThrow(/of 21 dims; the corpus has 8/);
    await expect(extendClusters(firstRows(100), folder, { seed: 1 })).rejects.toThrow(
      /2500 clustered vectors; the corpus has 100/,
    );
  });

  test('refuses files that do not belong together', async () => {
    const [folder, other] = [tempFolder(), tempFolder()];
    await clusterVectors(firstRows(2000), folder, { seed: 1, lists: 5, ...SMALL });
    await clusterVectors(firstRows(2000), other, { seed: 2, lists: 5, ...SMALL });
    writeFileSync(join(folder, 'ivf-00001.faiss'), readFileSync(join(other, 'ivf-00001.faiss')));
    await expect(extendClusters(reader, folder, { seed: 1 })).rejects.toThrow(
      /ivf-00001\.faiss has other centroids than/,
    );
  });
});

describe('odd sizes', () => {
  test('fewer rows than lists: a list for each', async () => {
    const few = firstRows(7);
    const { files, lists } = await clusterVectors(few, tempFolder(), { seed: 1, lists: 100 });
    expect(lists).toBe(7);
    const found = listsOf(files, vectors);
    expect([...found.values()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('one row', async () => {
    const { files, lists, rows } = await clusterVectors(firstRows(1), tempFolder(), { seed: 1 });
    expect([lists, rows]).toEqual([1, 1]);
    expect(listsOf(files, vectors)).toEqual(new Map([[0, 0]]));
  });

  test('identical vectors', async () => {
    const same = Float32Array.from({ length: 300 * DIMS }, (_, i) => vectors[i % DIMS]!);
    const { files } = await clusterVectors(stored(same, DIMS).reader, tempFolder(), { seed: 1 });
    expect(listsOf(files, same).size).toBe(300);
  });

  test('one dim', async () => {
    const line = Float32Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? -1 : 1));
    const { files } = await clusterVectors(stored(line, 1).reader, tempFolder(), { seed: 1, lists: 2 });
    expect(listsOf(files, line, 1).size).toBe(50);
  });

  test('no rows are refused, and so are options that cannot be', async () => {
    const folder = tempFolder();
    const none = firstRows(0);
    await expect(clusterVectors(none, folder, { seed: 1 })).rejects.toThrow(DataError);
    await expect(clusterVectors(reader, folder, { seed: 1, lists: 0 })).rejects.toThrow(/lists is 0/);
    await expect(clusterVectors(reader, folder, { seed: 1, memoryBytes: -1 })).rejects.toThrow(UsageError);
    await expect(clusterVectors(reader, folder, { seed: 0.5 })).rejects.toThrow(/seed is 0.5/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

const KILLED = `
import { openVectorReader } from '${built('store/index.js')}';
import { clusterVectors, extendClusters } from '${built('indexer/index.js')}';
const [vectors, folder, work, step, rows] = process.argv.slice(1);
await { clusterVectors, extendClusters }[work](openVectorReader(vectors), folder, {
  seed: 1,
  memoryBytes: 1,
  onProgress: (progress) => {
    if (progress.step === step && progress.done >= Number(rows)) process.kill(process.pid, 'SIGKILL');
  },
});
`;

function killedAt(folder: string, work: string, step: string, rows: number): void {
  const args = ['--input-type=module', '-e', KILLED, corpus, folder, work, step, String(rows)];
  const { signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(signal, stderr).toBe('SIGKILL');
}

describe('a process that is killed', () => {
  const whole = tempFolder();

  test.each([
    ['training lists', 3000, 0],
    ['writing lists', 600, 0],
    ['writing lists', 1100, 0],
    ['writing lists', 2048, 0],
    ['writing lists', 2500, 1],
  ])(
    'while %s, at row %i, leaves whole files only; running again gives the same bytes',
    async (step, at, least) => {
      if (readdirSync(whole).length === 0) await clusterVectors(reader, whole, { seed: 1, ...SMALL });
      const expected = bytesOf(whole);
      const folder = tempFolder();
      killedAt(folder, 'clusterVectors', step, at);
      const left = Object.entries(bytesOf(folder)).filter(([name]) => !name.endsWith('.tmp'));
      expect(left.length).toBeGreaterThanOrEqual(least);
      for (const [name, bytes] of left) expect(bytes).toBe(expected[name]);
      await clusterVectors(reader, folder, { seed: 1, ...SMALL });
      expect(bytesOf(folder)).toEqual(expected);
    },
  );

  test('while extending leaves what was there; running again gives the same bytes', async () => {
    const [folder, undisturbed] = [tempFolder(), tempFolder()];
    for (const each of [folder, undisturbed])
      await clusterVectors(firstRows(400), each, { seed: 1, lists: 9 });
    await extendClusters(reader, undisturbed, { seed: 1, ...SMALL });
    killedAt(folder, 'extendClusters', 'writing lists', 2000);
    await extendClusters(reader, folder, { seed: 1, ...SMALL });
    expect(bytesOf(folder)).toEqual(bytesOf(undisturbed));
  });

  test('over an older clustering, running again gives the same bytes', async () => {
    const folder = tempFolder();
    await clusterVectors(reader, folder, { seed: 2, lists: 7, ...SMALL });
    killedAt(folder, 'clusterVectors', 'writing lists', 1500);
    await clusterVectors(reader, folder, { seed: 1, ...SMALL });
    expect(bytesOf(folder)).toEqual(bytesOf(whole));
  });
});

function firstRows(rows: number): VectorReader {
  if (rows > 0) return openVectorReader(corpus, { rows: rows });
  const folder = join(tempFolder(), 'empty');
  mkdirSync(folder);
  const writer = openVectorWriter(folder, { dims: DIMS, keepRows: 0 });
  writer.commit();
  writer.close();
  return openVectorReader(folder);
}
