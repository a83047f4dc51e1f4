import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openVectorReader, openVectorWriter, partName } from '../../store/index.js';
import { built } from '../support/built.js';
import { runPython, whyNoPython } from '../support/python.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';
import { unitVectors } from '../support/unit-vectors.js';

const DIMS = 48;
const ROWS = 3000;
const QUERIES = 40;
const K = 10;

const vectors = unitVectors(ROWS, DIMS, 1);
const queries = unitVectors(QUERIES, DIMS, 2);
const folder = tempFolder();
const file = join(folder, partName(0));
const writer = openVectorWriter(folder, { dims: DIMS, keepRows: 0 });
writer.append(vectors);
writer.commit();
writer.close();

function bruteForce(): { rows: number[]; scores: number[] } {
  const rows: number[] = [];
  const scores: number[] = [];
  for (let query = 0; query < QUERIES; query++) {
    const products = Array.from({ length: ROWS }, (_, row) => {
      let score = 0;
      for (let i = 0; i < DIMS; i++) score += queries[query * DIMS + i]! * vectors[row * DIMS + i]!;
      return { row, score };
    });
    const best = products.sort((a, b) => b.score - a.score).slice(0, K);
    rows.push(...best.map(({ row }) => row));
    scores.push(...best.map(({ score }) => score));
  }
  return { rows, scores };
}

function expectClose(scores: ArrayLike<number>, expected: readonly number[]): void {
  expect(scores).toHaveLength(expected.length);
  const worst = Math.max(...expected.map((score, i) => Math.abs(score - scores[i]!)));
  expect(worst).toBeLessThan(1e-6);
}

describe.skipIf(skipping('our files in python3-faiss', whyNoPython('faiss', 'python3-faiss')))(
  'python3-faiss',
  () => {
    test('reads our file: the same vectors bit for bit, the same neighbours as brute force', () => {
      const raw = join(tempFolder(), 'vectors.f32');
      const asked = join(tempFolder(), 'queries.f32');
      writeFileSync(asked, queries);
      const found = runPython<{ product: boolean; rows: number; neighbours: number[]; scores: number[] }>(
        `
import faiss, json, numpy, sys
file, raw, asked, k = sys.argv[1:]
index = faiss.read_index(file)
index.reconstruct_n(0, index.ntotal).tofile(raw)
scores, rows = index.search(numpy.fromfile(asked, 'float32').reshape(-1, index.d), int(k))
print(json.dumps(dict(product=index.metric_type == faiss.METRIC_INNER_PRODUCT, rows=index.ntotal, neighbours=rows.ravel().tolist(),
                      scores=scores.ravel().tolist())))`,
        ...[file, raw, asked, String(K)],
      );
      const expected = bruteForce();
      expect(found.product).toBe(true);
      expect(found.rows).toBe(ROWS);
      expect(readFileSync(raw).equals(Buffer.from(vectors.buffer))).toBe(true);
      expect(found.neighbours).toEqual(expected.rows);
      expectClose(found.scores, expected.scores);
    });

    test('writes a file that we read, byte for byte the one that we write', () => {
      const theirs = tempFolder();
      const raw = join(tempFolder(), 'vectors.f32');
      writeFileSync(raw, vectors);
      runPython(
        `
import faiss, numpy, sys
raw, file, dims = sys.argv[1:]
index = faiss.IndexFlatIP(int(dims))
index.add(numpy.fromfile(raw, 'float32').reshape(-1, int(dims)))
faiss.write_index(index, file)
print('null')`,
        ...[raw, join(theirs, partName(0)), String(DIMS)],
      );
      const reader = openVectorReader(theirs, { rows: ROWS });
      const into = new Float32Array(ROWS * DIMS);
      reader.read(0, ROWS, into);
      reader.close();
      expect(reader.dims).toBe(DIMS);
      expect(into).toEqual(vectors);
      expect(readFileSync(join(theirs, partName(0))).equals(readFileSync(file))).toBe(true);
    });
  },
);

// The built store: a worker thread cannot run the TypeScript source.
const store = (await import(built('store/index.js'))) as typeof import('../../store/index.js');

describe.skipIf(skipping('our files in faiss-node', await store.whyNoFaiss()))('faiss-node', () => {
  test('finds the same neighbours as brute force, in a worker thread', async () => {
    const index = (await store.openFaissIndex(file))!;
    expect(index.rows).toBe(ROWS);
    expect(index.dims).toBe(DIMS);
    const asked = queries.slice();
    const found = await index.search(asked, K);
    const expected = bruteForce();
    expect(found.rows).toEqual(Int32Array.from(expected.rows));
    expectClose(found.scores, expected.scores);
    expect(asked).toEqual(queries);
    await index.close();
  });

  test('two indexes are searched at once and closed one by one; then one is opened again', async () => {
    const [first, second] = await Promise.all([store.openFaissIndex(file), store.openFaissIndex(file)]);
    const one = queries.subarray(DIMS, 2 * DIMS);
    const [a, b] = await Promise.all([first!.search(one, 3), second!.search(one, 3)]);
    expect(a).toEqual(b);
    await first!.close();
    await first!.close();
    await expect(first!.search(one, 3)).rejects.toThrow('closed');
    expect(await second!.search(one, 3)).toEqual(b);
    await second!.close();
    const again = await store.openFaissIndex(file);
    expect(await again!.search(one, 3)).toEqual(b);
    await again!.close();
  });

  test('queries that are not whole, and a k that cannot be, are refused', async () => {
    const index = (await store.openFaissIndex(file))!;
    await expect(index.search(queries.subarray(1), 1)).rejects.toThrow(RangeError);
    for (const k of [0, ROWS + 1, 1.5]) await expect(index.search(queries, k)).rejects.toThrow(RangeError);
    await index.close();
  });

  test('a missing or damaged file is refused before FAISS sees it', async () => {
    const damaged = join(tempFolder(), 'damaged.faiss');
    copyFileSync(file, damaged);
    const bytes = readFileSync(damaged);
    bytes.writeBigUInt64LE(1n << 39n, 37);
    writeFileSync(damaged, bytes);
    await expect(store.openFaissIndex(damaged)).rejects.toThrow(/damaged\.faiss is damaged/);
    await expect(store.openFaissIndex(`${damaged}.not`)).rejects.toThrow(/damaged\.faiss\.not is missing/);
  });
});
