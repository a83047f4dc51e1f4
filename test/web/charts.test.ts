import { polygonContains, scaleLinear, sum } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOf, within } from '../../web/src/charts/region.js';
import { bandAt, fitLine, runningMedian } from '../../web/src/data/fit.js';
import { sharedPieces } from '../../web/src/parts/spans.js';
import { crowding, logRatio } from '../../web/src/views/map/density-field.js';
import { roomyLabels } from '../../web/src/views/map/roomy-labels.js';

const number = fc.float({ min: -50, max: 50, noNaN: true });
const point = fc.record({ x: number, y: number });

describe('a region', () => {
  it('has the points between its corners, however it was drawn', () => {
    fc.assert(
      fc.property(point, point, point, (a, b, p) => {
        const isIn = within(boxOf([a.x, a.y], [b.x, b.y]))(p);
        const between = (value: number, c: number, d: number) =>
          Math.min(c, d) <= value && value <= Math.max(c, d);
        expect(isIn).toBe(between(p.x, a.x, b.x) && between(p.y, a.y, b.y));
      }),
    );
  });

  it('has the points of a polygon', () => {
    const corners: [number, number][] = [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 1],
      [0, 4],
    ];
    const isIn = within({ shape: 'lasso', corners });
    expect(isIn({ x: 2, y: 0.5 })).toBe(true);
    // The notch.
    expect(isIn({ x: 2, y: 3 })).toBe(false);
    expect(polygonContains(corners, [3.5, 3])).toBe(isIn({ x: 3.5, y: 3 }));
  });
});

describe('the line of a chart', () => {
  it('is that of least squares, with the band of the textbook', () => {
    // Anscombe's first quartet: y = 3.00 + 0.500 x, r = .816, residual standard error 1.237.
    const xs = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const ys = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const fit = fitLine(xs.map((x, i) => ({ x, y: ys[i]! })))!;
    expect(fit.slope).toBeCloseTo(0.5001, 4);
    expect(fit.intercept).toBeCloseTo(3.0001, 4);
    expect(fit.r).toBeCloseTo(0.8164, 4);
    expect(fit.residual).toBeCloseTo(1.237, 3);
    expect(bandAt(fit, 9)).toBeCloseTo((1.96 * 1.237) / Math.sqrt(11), 3);
    expect(bandAt(fit, 14)).toBeCloseTo(1.96 * 1.237 * Math.sqrt(1 / 11 + 25 / 110), 3);
    expect(
      fitLine([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
        { x: 1, y: 3 },
      ]),
    ).toBeNull();
  });

  it('has a running median that is not moved by a far point', () => {
    const points = Array.from({ length: 200 }, (_, i) => ({ x: i, y: i === 50 ? 1e9 : 2 * i }));
    const found = runningMedian(points, 10);
    expect(found).toHaveLength(10);
    for (const { x, y } of found) expect(Math.abs(y - 2 * x)).toBeLessThan(3);
  });
});

describe('shared pieces', () => {
  it('are the text again, in pieces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, other) => {
        expect(
          sharedPieces(text, other)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('tell verbatim spans from words, in upper or lower case', () => {
    const pieces = sharedPieces(
      'We hold THESE truths to be self-evident, and the harbour too.',
      'They said: we hold these truths to be dear in every harbour.',
    );
    expect(pieces.filter(({ shared }) => shared === 'span').map(({ text }) => text)).toEqual([
      'We hold THESE truths to be',
    ]);
    expect(pieces.filter(({ shared }) => shared === 'words').map(({ text }) => text)).toEqual(['harbour']);
  });
});

describe('the field of a map', () => {
  const grid = { columns: 12, rows: 12 };
  const counts = Array.from({ length: 144 }, (_, i) => (i === 40 ? 60 : i === 100 ? 30 : 0));

  it('keeps what there is, smoothed', () => {
    const { values } = crowding(grid, counts);
    // A little is lost over the edges.
    expect(Math.abs(sum(values) - 90)).toBeLessThan(2);
    expect(values.indexOf(Math.max(...values))).toBe(40);
  });

  it('is above 0 where the one corpus is more likely, below where the others are, and 0 for equal ones', () => {
    const others = counts.map((_, i) => counts[143 - i]!);
    const { values } = logRatio(grid, counts, others);
    expect(values[40]).toBeGreaterThan(1);
    expect(values[143 - 40]).toBeLessThan(-1);
    for (const value of logRatio(grid, counts, counts).values) expect(value).toBeCloseTo(0, 9);
  });
});

describe('labels of a map', () => {
  it('stand in the frame and not over each other', () => {
    const label = fc.record({
      ...{ x: fc.float({ min: 0, max: 1, noNaN: true }), y: fc.float({ min: 0, max: 1, noNaN: true }) },
      words: fc.array(fc.constantFrom('navy', 'treasury', 'education'), { minLength: 1, maxLength: 3 }),
      landmarks: fc.nat(100),
    });
    const scales = { x: scaleLinear([0, 1], [0, 600]), y: scaleLinear([0, 1], [400, 0]) };
    fc.assert(
      fc.property(fc.array(label, { maxLength: 20 }), (labels) => {
        const placed = roomyLabels(labels, scales, { width: 600, height: 400 });
        for (const [i, one] of placed.entries()) {
          const half = (one.text.length * 6.6) / 2;
          expect(one.left - half).toBeGreaterThanOrEqual(-1e-9);
          expect(one.left + half).toBeLessThanOrEqual(600 + 1e-9);
          for (const other of placed.slice(i + 1)) {
            const isApart =
              Math.abs(one.middle - other.middle) >= 16 ||
              Math.abs(one.left - other.left) >= half + (other.text.length * 6.6) / 2;
            expect(isApart).toBe(true);
          }
        }
      }),
    );
  });
});
