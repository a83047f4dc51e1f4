import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCells, nearestPlaces } from '../../../study/index.js';

const coordinate = fc.float({ min: -10, max: 10, noNaN: true });
const some = fc.array(fc.tuple(coordinate, coordinate), { maxLength: 60 });
const flat = (places: readonly (readonly [number, number])[]) => Float32Array.from(places.flat());

describe('countCells', () => {
  it('counts every point of the region once, in the cell that it is in', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 9 }), (places, columns) => {
        const region = { x: [-5, 5], y: [-10, 10] } as const;
        const { counts, points } = countCells(flat(places), region, { columns, rows: columns });
        const inside = places.filter(([x]) => x >= -5 && x <= 5);
        expect(points).toBe(inside.length);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(inside.length);
      }),
    );
    const { counts } = countCells(
      Float32Array.of(0.1, 0.1, 1.9, 0.1, 1.9, 1.9, 2, 2),
      { x: [0, 2], y: [0, 2] },
      { columns: 2, rows: 2 },
    );
    expect([...counts]).toEqual([1, 1, 0, 2]);
  });
});

describe('nearestPlaces', () => {
  it('gives the nearest rows, nearest first', () => {
    fc.assert(
      fc.property(some, coordinate, coordinate, fc.integer({ min: 1, max: 8 }), (places, x, y, wanted) => {
        const found = nearestPlaces(flat(places), [x, y], wanted);
        const distances = places.map(([px, py]) => Math.hypot(px - x, py - y)).sort((a, b) => a - b);
        expect(found.map(({ distance }) => distance)).toEqual(distances.slice(0, wanted));
        for (const { row, distance } of found) {
          expect(Math.hypot(places[row]![0] - x, places[row]![1] - y)).toBe(distance);
        }
      }),
    );
  });
});
