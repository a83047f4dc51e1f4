import { randomLcg, range } from 'd3';
import { expect, test } from 'vitest';
import { BINS, decayOf } from '../../../density/stratified/allocation.js';
import { alone, type Gather } from '../../../density/stratified/gather.js';
import { countLists, countTiles, NO_BIN } from '../../../density/stratified/histograms.js';
import type { Strata } from '../../../density/stratified/strata.js';

const [TILES, LISTS, QUERIES, STEP] = [400, 50, 3, 0.05];
const random = randomLcg(0.3);
const sizes = Int32Array.from({ length: TILES }, () => 1 + Math.floor(60 * random()));
const codes = Uint16Array.from({ length: QUERIES * TILES }, () => 300 + Math.floor(1500 * random()));
const points = sizes.reduce((sum, size) => sum + size, 0);
const strata = {
  ownSizes: sizes,
  own: Int32Array.from(range(TILES)),
  listStarts: Int32Array.from(range(LISTS + 1), (list) => (list * TILES) / LISTS),
} as Strata;
const binOf = (q: number, tile: number, least: Int32Array) =>
  Math.min(BINS - 1, codes[q * TILES + tile]! - least[q]!);

test('tiles are counted once each, from the smallest code on', () => {
  const { least, points: counts } = countTiles(codes, sizes, QUERIES, alone);
  for (let q = 0; q < QUERIES; q++) {
    expect(least[q]).toBe(Math.min(...codes.subarray(q * TILES, (q + 1) * TILES)));
    const expected = new Float64Array(BINS);
    sizes.forEach((size, tile) => {
      expected[binOf(q, tile, least)]! += size;
    });
    expect(counts.subarray(q * BINS, (q + 1) * BINS)).toEqual(expected);
  }
});

test('tiles of other workers count too', () => {
  const others = [new Float64Array(QUERIES).fill(7), new Float64Array(QUERIES * BINS).fill(2)];
  const gather: Gather = (own) => [own, others.shift()!];
  const { least, points: counts } = countTiles(codes, sizes, QUERIES, gather);
  expect([...least]).toEqual([7, 7, 7]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(QUERIES * (points + 2 * BINS));
});

test('lists are counted without their tiles of the near field, by the mean of what is predicted for the others', () => {
  const { least } = countTiles(codes, sizes, QUERIES, alone);
  const near: string[] = [];
  const about = { queries: [2, 0], nearBins: [100, 1024], least };
  const { bins, points: counts } = countLists(
    codes,
    strata,
    about,
    { step: STEP, decay: decayOf(STEP), gather: alone },
    (q, at) => {
      near.push(`${q} ${at}`);
    },
  );
  const expected = new Float64Array(BINS);
  for (let list = 0; list < LISTS; list++) {
    const far = range(strata.listStarts[list]!, strata.listStarts[list + 1]!).filter(
      (tile) => binOf(2, tile, least) >= 100,
    );
    const count = far.reduce((sum, tile) => sum + sizes[tile]!, 0);
    if (count === 0) {
      expect(bins[list]).toBe(NO_BIN);
      continue;
    }
    const squares = far.reduce(
      (sum, tile) => sum + sizes[tile]! * Math.exp(-2 * STEP * binOf(2, tile, least)),
      0,
    );
    expect(bins[list]).toBe(Math.floor(-Math.log(squares / count) / (2 * STEP)));
    expected[bins[list]!]! += count;
  }
  expect(counts.subarray(0, BINS)).toEqual(expected);
  // All tiles of query 0 are near: no list is left.
  expect(bins.subarray(LISTS).every((bin) => bin === NO_BIN)).toBe(true);
  const isNear = (q: number, tile: number, below: number) => binOf(q, tile, least) < below;
  const expectedNear = [
    ...range(TILES)
      .filter((tile) => isNear(2, tile, 100))
      .map((tile) => `2 ${tile}`),
    ...range(TILES).map((tile) => `0 ${tile}`),
  ];
  expect(near).toEqual(expectedNear);
});
