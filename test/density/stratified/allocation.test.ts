import { randomLcg } from 'd3';
import { describe, expect, test } from 'vitest';
import { allocate } from '../../../density/stratified/allocation.js';

const LISTS = 500;
const random = randomLcg(0.3);
const sizes = Int32Array.from({ length: LISTS }, () => Math.floor(400 * random()));
const logs = Float32Array.from({ length: LISTS }, () => -20 * random());
const nothing = new Uint8Array(LISTS);
const points = sizes.reduce((sum, size) => sum + size, 0);

describe('an allocation', () => {
  test.each([0.02, 0.1, 0.5])('spends its budget of %f and hardly more', (share) => {
    const { rows } = allocate(logs, sizes, nothing, { rows: share * points, farShare: 0.002 });
    const spent = rows.reduce((sum, count) => sum + count, 0);
    expect(spent).toBeGreaterThan(0.85 * share * points);
    expect(spent).toBeLessThan(1.05 * share * points + LISTS / 10);
  });

  test('has every list once, in the near field or in a band of the far one', () => {
    const { lists, bands, far } = allocate(logs, sizes, nothing, { rows: 0.05 * points, farShare: 0.004 });
    expect([...lists]).toEqual([...lists].sort((a, b) => a - b));
    const near = new Set(lists);
    const inBands = new Float64Array(far.length);
    bands.forEach((band, list) => {
      expect(band < 0).toBe(near.has(list));
      if (band >= 0) inBands[band]! += sizes[list]!;
    });
    far.forEach(({ points: counted }, band) => {
      expect(counted).toBe(inBands[band]);
    });
  });

  test('gives more of a list the more is predicted for it, and no fewer than four rows', () => {
    const { lists, rows, bands } = allocate(logs, sizes, nothing, { rows: 0.1 * points, farShare: 0.001 });
    const shareOf = new Map(Array.from(lists, (list, i) => [list, rows[i]! / sizes[list]!]));
    const nearest = [...lists].sort((a, b) => logs[b]! - logs[a]!);
    expect(shareOf.get(nearest[0]!)).toBe(1);
    for (let i = 1; i < nearest.length; i++) {
      const [before, after] = [nearest[i - 1]!, nearest[i]!];
      // Rows are rounded up, and predictions put into bins.
      expect(shareOf.get(after)!).toBeLessThanOrEqual(shareOf.get(before)! * 1.06 + 1 / sizes[after]!);
    }
    lists.forEach((list, i) => {
      expect(rows[i]).toBeGreaterThanOrEqual(Math.min(4, sizes[list]!));
      expect(rows[i]).toBeLessThanOrEqual(sizes[list]!);
    });
    const farthest = Math.max(
      ...Array.from(bands, (band, list) => (band >= 0 && sizes[list]! > 40 ? logs[list]! : -99)),
    );
    expect(farthest).toBeLessThan(logs[nearest[0]!]!);
  });

  test('sums whole what must be, whatever is predicted', () => {
    const whole = nothing.map((_, list) => (list % 7 === 0 ? 1 : 0));
    const { lists, rows } = allocate(logs, sizes, whole, { rows: 0.02 * points, farShare: 0.004 });
    const rowsOf = new Map(Array.from(lists, (list, i) => [list, rows[i]]));
    sizes.forEach((size, list) => {
      if (whole[list] && size > 0) expect(rowsOf.get(list)).toBe(size);
    });
  });

  test('of lists of which nothing is expected is still one', () => {
    const far = new Float32Array(LISTS).fill(-5000);
    const { rows, far: bands } = allocate(far, sizes, nothing, { rows: 0.02 * points, farShare: 0.02 });
    expect(rows.length).toBe(0);
    expect(bands.reduce((sum, band) => sum + band.points, 0)).toBe(points);
  });
});
