import { randomLcg } from 'd3';
import { describe, expect, test } from 'vitest';
import { allocate, BINS, binsWithin, decayOf, spend } from '../../../density/stratified/allocation.js';

const DECAY = decayOf(0.05);
const random = randomLcg(0.3);
const points = Float64Array.from({ length: BINS }, (_, bin) => Math.floor(bin * 10 * random()));
const total = sumOf(points);
const middle = [
  { rate: 1 / 4, rows: 0.01 * total },
  { rate: 1 / 16, rows: 0.01 * total },
];

function sumOf(counts: Iterable<number>): number {
  return [...counts].reduce((sum, count) => sum + count, 0);
}

describe('what a query may cost', () => {
  test.each([600, 20_000, 500_000])('is dealt out, all of %i rows and no more', (rows) => {
    const { near, middle, far } = spend(rows, 0, 1_000_000);
    expect(near + far + sumOf(middle.map((part) => part.rows))).toBeCloseTo(rows, 6);
    expect(far).toBeGreaterThanOrEqual(Math.min(256, rows / 2));
  });

  test('goes first to points that are summed whatever is predicted', () => {
    const { near, middle, far } = spend(20_000, 15_000, 1_000_000);
    expect(near + far + sumOf(middle.map(({ rows }) => rows))).toBeCloseTo(5000, 6);
  });

  test('is nothing but sums where it is all points', () => {
    expect(spend(1000, 100, 1000)).toEqual({ near: 900, middle: [], far: 0 });
  });
});

test.each([0.02, 0.1, 0.5])('the nearest bins have %f of the points, and hardly less', (share) => {
  const bins = binsWithin(points, share * total);
  expect(sumOf(points.subarray(0, bins))).toBeLessThanOrEqual(share * total);
  expect(sumOf(points.subarray(0, bins + 1))).toBeGreaterThan(share * total);
});

describe('an allocation', () => {
  test('has every bin in one band, from the nearest on, drawn from less and less', () => {
    const { bands, bandOfBin } = allocate(points, 40, { middle, farRate: 0.01 }, DECAY);
    const inBands = new Float64Array(bands.length);
    bandOfBin.forEach((band, bin) => {
      inBands[band]! += points[bin]!;
      if (bin > 0) expect(band).toBeGreaterThanOrEqual(bandOfBin[bin - 1]!);
    });
    expect(bands.map((band) => band.points)).toEqual([...inBands]);
    const rates = bands.map(({ rate }) => rate);
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
    const predicted = bands.filter((band) => band.points > 0).map((band) => band.predicted);
    expect(predicted).toEqual([...predicted].sort((a, b) => b - a));
  });

  test('draws as many rows at each rate as there are to be had for it', () => {
    const { bands } = allocate(points, 40, { middle, farRate: 0.01 }, DECAY);
    for (const { rate, rows } of middle) {
      const drawn = rate * sumOf(bands.filter((band) => band.rate === rate).map((band) => band.points));
      expect(drawn).toBeLessThanOrEqual(rows);
      expect(drawn).toBeGreaterThan(0.8 * rows);
    }
  });

  test('draws at no rate of which a handful of rows would be expected', () => {
    const few = middle.map(({ rate }) => ({ rate, rows: 20 }));
    const { bands } = allocate(points, 40, { middle: few, farRate: 0.01 }, DECAY);
    expect(bands.filter(({ points }) => points > 0).every(({ rate }) => rate === 0)).toBe(true);
    // Empty bands keep the numbers of the far field's.
    expect(bands.map(({ rate }) => rate)).toEqual(
      allocate(points, 40, { middle, farRate: 0.01 }, DECAY).bands.map(({ rate }) => rate),
    );
  });

  test('leaves nothing to a far field that its sample would hardly meet', () => {
    const all = middle.map(({ rate }) => ({ rate, rows: 0.98 * rate * total }));
    const { bands } = allocate(points, 40, { middle: all, farRate: 1e-4 }, DECAY);
    expect(sumOf(bands.filter(({ rate }) => rate === 0).map((band) => band.points))).toBe(0);
    expect(sumOf(bands.map((band) => band.points))).toBe(total);
  });
});
