import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataError, ivfName, openIvfReader, UNFINISHED, writeIvfFile } from '../../store/index.js';
import { built } from '../support/built.js';
import { nearestRows } from '../support/nearest.js';
import { runPython, whyNoPython } from '../support/python.js';
import { searchIvf } from '../support/search-ivf.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';
import { unitVectors } from '../support/unit-vectors.js';

const DIMS = 13;
const ROWS = 700;
const LISTS = 9;
const K = 10;

const vectors = unitVectors(ROWS, DIMS, 1);
const queries = unitVectors(20, DIMS, 2);
const centroids = unitVectors(LISTS, DIMS, 3);

/** Writes the vectors with ids from `firstId` on; row i is in list `listOf(i)`. */
async function write(listOf: (row: number) => number, firstId = 0) {
  const file = join(tempFolder(), ivfName(0));
  const order = Int32Array.from({ length: ROWS }, (_, row) => row).sort(
    (a, b) => listOf(a) - listOf(b) || b - a,
  );
  const sizes = new Int32Array(LISTS);
  for (const row of order) sizes[listOf(row)]!++;
  const header = { dims: DIMS, rows: ROWS, lists: LISTS, centroids, sizes };
  const ids = Int32Array.from({ length: ROWS }, (_, row) => firstId + row);
  await writeIvfFile(file, header, vectors, order, ids);
  return { file, header };
}

const spread = await write((row) => row % LISTS);
// FAISS writes the sizes of such a file as pairs.
const few = await write((row) => (row % 3) * 4);

describe.each([
  ['all lists filled', spread],
  ['most lists empty', few],
])('%s', (_, { file, header }) => {
  test('all that was written is read again', () => {
    const { readList, close, ...read } = openIvfReader(file);
    expect(read).toEqual({ file, ...header });
    const seen = new Set<number>();
    header.sizes.forEach((size, list) => {
      const [into, ids] = [new Float32Array(size * DIMS), new Int32Array(size)];
      expect(readList(list, into, ids)).toBe(size);
      ids.forEach((id, i) => {
        seen.add(id);
        expect(into.subarray(i * DIMS, (i + 1) * DIMS)).toEqual(vectors.subarray(id * DIMS, (id + 1) * DIMS));
      });
    });
    expect(seen.size).toBe(ROWS);
    close();
    expect(existsSync(file + UNFINISHED)).toBe(false);
  });

  test.skipIf(skipping('our IVF files in python3-faiss', whyNoPython('faiss', 'python3-faiss')))(
    'python3-faiss finds what brute force finds, and would write the same bytes',
    () => {
      const found = searchIvf([file], queries, K);
      const expected = nearestRows(vectors, queries, DIMS, K);
      expect(found.neighbours).toEqual(expected.rows);
      expectClose(found.scores, expected.scores);
      expect(found.rows).toEqual([ROWS]);
      expect(found.same).toEqual([true]);
    },
  );
});

test('a stretch of a list is read, with ids from where the file starts', async () => {
  const { file } = await write((row) => row % LISTS, 5000);
  const reader = openIvfReader(file);
  const [into, ids] = [new Float32Array(3 * DIMS), new Int32Array(3)];
  expect(reader.readList(2, into, ids, 1, 3)).toBe(3);
  const size = reader.sizes[2]!;
  const all = new Int32Array(size);
  reader.readList(2, new Float32Array(size * DIMS), all);
  expect(ids).toEqual(all.subarray(1, 4));
  const row = ids[2]! - 5000;
  expect(into.subarray(2 * DIMS)).toEqual(vectors.subarray(row * DIMS, (row + 1) * DIMS));
  expect(() => reader.readList(LISTS, into, ids)).toThrow(/no list 9/);
  expect(() => reader.readList(2, into, ids, size - 2, 3)).toThrow(RangeError);
  expect(() => reader.readList(2, into, ids)).toThrow(/do not fit/);
  reader.close();
});

describe.skipIf(skipping('FAISS files in our reader', whyNoPython('faiss', 'python3-faiss')))('FAISS', () => {
  test.each([
    ['full', 700],
    ['sprs', 3],
  ])('its own file with sizes "%s" is read', (kind, rows) => {
    const [file, raw] = [join(tempFolder(), 'theirs.faiss'), join(tempFolder(), 'vectors.f32')];
    writeFileSync(raw, vectors);
    const sizes = runPython<number[]>(
      `
import faiss, json, numpy, sys
raw, file, dims, rows = sys.argv[1:]
x = numpy.fromfile(raw, 'float32').reshape(-1, int(dims))
quantizer = faiss.IndexFlatIP(int(dims))
index = faiss.IndexIVFFlat(quantizer, int(dims), 12, faiss.METRIC_INNER_PRODUCT)
index.train(x)
index.add(x[:int(rows)])
index.nprobe = 5
faiss.write_index(index, file)
print(json.dumps([index.invlists.list_size(list) for list in range(12)]))`,
      ...[raw, file, String(DIMS), String(rows)],
    );
    expect(readFileSync(file).includes(kind)).toBe(true);
    const reader = openIvfReader(file);
    expect(reader).toMatchObject({ dims: DIMS, rows, lists: 12 });
    expect([...reader.sizes]).toEqual(sizes);
    const [into, ids] = [new Float32Array(ROWS * DIMS), new Int32Array(ROWS)];
    const list = sizes.findIndex((size) => size > 0);
    reader.readList(list, into, ids);
    const id = ids[0]!;
    expect(into.subarray(0, DIMS)).toEqual(vectors.subarray(id * DIMS, (id + 1) * DIMS));
    reader.close();
  });
});

// The built store: a worker thread cannot run the TypeScript source.
const store = (await import(built('store/index.js'))) as typeof import('../../store/index.js');

describe.skipIf(skipping('our IVF files in faiss-node', await store.whyNoFaiss()))('faiss-node', () => {
  test('opens a clustered file, and finds what brute force finds', async () => {
    // faiss-node cannot set nprobe, but takes the file's.
    const file = damage((bytes) => {
      bytes.writeBigUInt64LE(BigInt(LISTS), 45);
      return bytes;
    });
    const index = (await store.openFaissIndex(file))!;
    expect([index.rows, index.dims]).toEqual([ROWS, DIMS]);
    const found = await index.search(queries, K);
    const expected = nearestRows(vectors, queries, DIMS, K);
    expect([...found.rows]).toEqual(expected.rows);
    expectClose(found.scores, expected.scores);
    await index.close();
  });

  test('a truncated clustered file is refused before FAISS sees it', async () => {
    const file = damage((bytes) => bytes.subarray(0, bytes.length - 1));
    await expect(store.openFaissIndex(file)).rejects.toThrow(/damaged\.faiss is truncated/);
  });
});

function damage(change: (bytes: Buffer) => Buffer): string {
  const file = join(tempFolder(), 'damaged.faiss');
  writeFileSync(file, change(readFileSync(spread.file)));
  return file;
}

const middle = 98 + LISTS * DIMS * 4;
const firstIds = middle + 41 + LISTS * 8 + spread.header.sizes[0]! * DIMS * 4;

describe('a damaged file is refused, and named', () => {
  test('missing', () => {
    expect(() => openIvfReader('/nowhere/ivf-00000.faiss')).toThrow(/ivf-00000\.faiss is missing/);
  });

  test.each([0, 3, 50, 97, 98, middle - 1, middle + 20, middle + 60, middle + 300])(
    'cut off at byte %i',
    (length) => {
      const file = damage((bytes) => bytes.subarray(0, length));
      expect(() => openIvfReader(file)).toThrow(DataError);
      expect(() => openIvfReader(file)).toThrow(/damaged\.faiss is truncated/);
    },
  );

  test.each<[string, number, bigint, RegExp]>([
    ['fourcc', 0, 0n, /is not a FAISS IndexIVFFlat/],
    ['dims', 4, 1n << 31n, /is damaged/],
    ['rows', 8, -1n, /is damaged/],
    ['rows', 8, 701n, /lists hold 700 vectors, not 701/],
    ['metric', 33, (9n << 32n) | 1n, /metric 1/],
    ['lists', 37, 1n << 40n, /is damaged/],
    ['lists', 37, 10n, /is damaged: it has 9 centroids/],
    ['quantizer', 53, 0n, /is not a FAISS IndexFlatIP/],
    ['direct map', middle, 1n, /has a direct map/],
    ['ilar', middle + 9, 0n, /is damaged/],
    ['code size', middle + 21, 51n, /is damaged/],
    ['kind of sizes', middle + 29, 0n, /is damaged/],
    ['sizes', middle + 41, 77n, /is damaged: its lists hold 699/],
    ['sizes', middle + 41, (1n << 32n) + 78n, /is damaged: one of its lists/],
  ])('%s at byte %i', (_, position, value, message) => {
    const file = damage((bytes) => {
      bytes.writeBigInt64LE(BigInt.asIntN(64, value), position);
      return bytes;
    });
    expect(() => openIvfReader(file)).toThrow(DataError);
    expect(() => openIvfReader(file)).toThrow(message);
    expect(() => openIvfReader(file)).toThrow(/damaged\.faiss/);
  });

  test('an id that is no row number', () => {
    const file = damage((bytes) => {
      bytes.writeBigInt64LE(-5n, firstIds + 8);
      return bytes;
    });
    const reader = openIvfReader(file);
    expect(() => reader.readList(0, new Float32Array(ROWS * DIMS), new Int32Array(ROWS))).toThrow(
      /damaged\.faiss is damaged: list 0 has an id/,
    );
    reader.close();
  });
});

function expectClose(scores: ArrayLike<number>, expected: readonly number[]): void {
  expect(scores).toHaveLength(expected.length);
  expect(Math.max(...expected.map((score, i) => Math.abs(score - scores[i]!)))).toBeLessThan(1e-6);
}
