import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawRows, drawSample } from '../../../indexer/cluster/sample.js';
import { randomStream } from '../../../indexer/cluster/streams.js';
import { unitVectors } from '../../support/unit-vectors.js';
import { stored } from './stored.js';

test('draws as many rows as asked, ascending, each as often as any other', () => {
  const times = new Int32Array(20);
  for (let seed = 0; seed < 4000; seed++) {
    const rows = [...drawRows(20, 5, randomStream(seed, 1))];
    expect(rows).toHaveLength(5);
    rows.forEach((row, i) => {
      if (i > 0) expect(row).toBeGreaterThan(rows[i - 1]!);
      times[row]!++;
    });
  }
  // 4000 draws of 1/4: a standard deviation of 27 around 1000.
  for (const count of times) expect(Math.abs(count - 1000)).toBeLessThan(4 * 27.4);
});

test('draws all rows where all are asked for', () => {
  expect([...drawRows(6, 6, randomStream(1, 1))]).toEqual([0, 1, 2, 3, 4, 5]);
});

test.each([
  [400, 'memory'],
  [399, 'a file'],
  [7, 'a file'],
])('with memory for %i rows, a sample of 400 is in %s', (held, where) => {
  const dims = 5;
  const vectors = unitVectors(1000, dims, 1);
  const { folder, reader } = stored(vectors, dims);
  const file = join(folder, 'sample.tmp');
  const sample = drawSample(reader, 400, 1, new Float32Array(held * dims), file);
  expect(existsSync(file)).toBe(where === 'a file');
  const rows = [...drawRows(1000, 400, randomStream(1, -2))];
  expect(sample.rows).toBe(400);
  for (const [i, row] of rows.entries()) {
    expect(sample.tile(i, 1)).toEqual(vectors.subarray(row * dims, (row + 1) * dims));
  }
  expect(sample.tile(395, 5)).toHaveLength(5 * dims);
  sample.close();
  expect(existsSync(file)).toBe(false);
  reader.close();
});
