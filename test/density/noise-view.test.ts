import { randomUniform } from 'd3';
import { describe, expect, it } from 'vitest';
import { KERNEL_NAMES, noiseBand } from '../../density/index.js';
import { seededUniform } from '../../density/seeded.js';
import { clusteredVectors, unit } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

const DIMS = 32;
const vectors = clusteredVectors(600, DIMS, 1);
const points = [pointsInMemory('a', vectors, DIMS)];
const queries = clusteredVectors(4, DIMS, 2);
const tokens = Int32Array.of(4, 16, 64, 256);
const settings = { kernel: 'exponential', bandwidth: 0.2, seed: 7 } as const;

/** The band in plain float64 sums, with quantiles by linear interpolation between the sorted draws. */
function oracleBand(query: number, alpha: number, draws: number, kernel: (typeof KERNEL_NAMES)[number]) {
  const random = randomUniform.source(seededUniform(settings.seed))(-1, 1);
  for (let skipped = 0; skipped < query * draws * DIMS; skipped++) random();
  const vector = queries.subarray(query * DIMS, (query + 1) * DIMS);
  const scale = alpha / Math.sqrt(tokens[query]! * DIMS);
  const logOf = (q: Float32Array) =>
    oracle(q, [{ points: points[0]!, vectors }], kernel, settings.bandwidth).log10Density * Math.LN10;
  const logs = Array.from({ length: draws }, () =>
    logOf(Float32Array.from(unit([...vector].map((x) => x + scale * random())))),
  ).sort((a, b) => a - b);
  const average = logs.reduce((sum, log) => sum + log, 0) / draws;
  const quantile = (p: number) => {
    const at = p * (draws - 1);
    const [below, above] = [logs[Math.floor(at)]!, logs[Math.ceil(at)]!];
    return below + (at - Math.floor(at)) * (above - below);
  };
  return {
    logDensity: logOf(vector),
    mean: average,
    deviation: Math.sqrt(logs.reduce((sum, log) => sum + (log - average) ** 2, 0) / (draws - 1)),
    low: quantile(0.05),
    high: quantile(0.95),
  };
}

describe('noiseBand', () => {
  it.each(KERNEL_NAMES)('is the float64 band with the %s kernel', async (kernel) => {
    const bands = await noiseBand(queries, tokens, points, { ...settings, kernel, alpha: 3, draws: 7 });
    expect(bands).toHaveLength(4);
    bands.forEach((band, q) => {
      const truth = oracleBand(q, 3, 7, kernel);
      for (const name of Object.keys(truth) as (keyof typeof truth)[]) {
        expect(band[name], `${name} of query ${q}`).toBeCloseTo(truth[name], 3);
      }
    });
  });

  it('has 20 draws at α = 5 unless told otherwise', async () => {
    const [byDefault] = await noiseBand(queries, tokens, points, settings);
    const [told] = await noiseBand(queries, tokens, points, { ...settings, alpha: 5, draws: 20 });
    expect(byDefault).toEqual(told);
    expect(byDefault!.deviation).toBeCloseTo(oracleBand(0, 5, 20, 'exponential').deviation, 3);
  });

  it('collapses to the density without noise at α = 0', async () => {
    for (const band of await noiseBand(queries, tokens, points, { ...settings, alpha: 0 })) {
      expect(band.deviation).toBeLessThan(1e-5);
      for (const end of [band.mean, band.low, band.high]) expect(end).toBeCloseTo(band.logDensity, 4);
    }
  });

  it('widens with α, narrows with tokens, and the same seed draws the same', async () => {
    const deviations = await Promise.all(
      [0.1, 0.5, 2].map(async (alpha) => {
        const bands = await noiseBand(queries, tokens, points, { ...settings, alpha });
        return bands.map(({ deviation }) => deviation);
      }),
    );
    for (const q of tokens.keys()) {
      const ofQuery = deviations.map((one) => one[q]!);
      expect(ofQuery).toEqual([...ofQuery].sort((a, b) => a - b));
    }
    const same = new Float32Array(4 * DIMS).map((_, i) => queries[i % DIMS]!);
    const byTokens = await noiseBand(same, tokens, points, { ...settings, alpha: 0.5, draws: 60 });
    const widths = byTokens.map(({ low, high }) => high - low);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(await noiseBand(queries, tokens, points, settings)).toEqual(
      await noiseBand(queries, tokens, points, settings),
    );
    expect(await noiseBand(queries, tokens, points, { ...settings, seed: 8 })).not.toEqual(
      await noiseBand(queries, tokens, points, settings),
    );
  });

  it('takes no more from the data for many queries than one pass at a time, with the same noise', async () => {
    const few = [pointsInMemory('a', clusteredVectors(20, 8, 1), 8)];
    const many = clusteredVectors(1000, 8, 3);
    const lengths = new Int32Array(1000).fill(10);
    const totals = new Set<number>();
    let passes = 0;
    const bands = await noiseBand(many, lengths, few, {
      ...{ ...settings, draws: 39 },
      onProgress: ({ done, total }) => {
        totals.add(total!);
        if (done === total) passes++;
      },
    });
    expect(bands).toHaveLength(1000);
    expect(passes).toBe(2);
    expect([...totals]).toEqual([20]);
    const [alone] = await noiseBand(many.slice(-8), lengths.slice(-1), few, { ...settings, alpha: 0 });
    expect(bands[999]!.logDensity).toBeCloseTo(alone!.logDensity, 4);
  });

  it('never exceeds the density of a query that all points are equal to', async () => {
    const dims = 2;
    const equal = [
      pointsInMemory(
        'a',
        Float32Array.from({ length: 20 }, (_, i) => (i % 2 ? 0 : 1)),
        dims,
      ),
    ];
    const [band] = await noiseBand(Float32Array.of(1, 0), Int32Array.of(1e6), equal, settings);
    expect(band!.logDensity).toBeCloseTo(0, 5);
    expect(band!.high).toBeLessThanOrEqual(band!.logDensity);
    expect(band!.low).toBeGreaterThan(-0.05);
  });

  it('refuses tokens, α and draws that are none', async () => {
    const band = (given: Int32Array, options: { alpha?: number; draws?: number }) =>
      noiseBand(queries, given, points, { ...settings, ...options });
    await expect(band(Int32Array.of(1), {})).rejects.toThrow('tokens of 1 queries for 4');
    await expect(band(Int32Array.of(1, 2, 0, 3), {})).rejects.toThrow('Query 2 must have at least 1 token');
    for (const alpha of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(band(tokens, { alpha })).rejects.toThrow(`at least 0, not ${alpha}`);
    }
    for (const draws of [0, 1, 2.5]) await expect(band(tokens, { draws })).rejects.toThrow(`not ${draws}`);
  });
});
