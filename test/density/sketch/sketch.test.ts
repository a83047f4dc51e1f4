import { mean } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  angularKernel,
  bandwidthOfBits,
  bitsForBandwidth,
  openSketch,
  type SketchSettings,
  sketchDensity,
  sketchFor,
} from '../../../density/index.js';
import { openHasher } from '../../../density/sketch/hasher.js';
import { DataError, UsageError } from '../../../store/index.js';
import { unitVectors } from '../../support/unit-vectors.js';
import { clusteredVectors, unit } from '../clustered.js';

/** The angular-kernel density of every query, in float64 over angles from inner products. */
function angularDensities(queries: Float32Array, points: Float32Array, dims: number, bits: number): number[] {
  return Array.from({ length: queries.length / dims }, (_, q) => {
    let sum = 0;
    for (let row = 0; row < points.length; row += dims) {
      let cosine = 0;
      for (let i = 0; i < dims; i++) cosine += queries[q * dims + i]! * points[row + i]!;
      sum += (1 - Math.acos(Math.min(1, Math.max(-1, cosine))) / Math.PI) ** bits;
    }
    return (sum * dims) / points.length;
  });
}

async function codesOf(settings: SketchSettings, vectors: Float32Array): Promise<Uint32Array> {
  const { dims, rows } = settings;
  const all = new Uint32Array((vectors.length / dims) * rows);
  const { hash } = await openHasher(settings);
  for await (const tile of hash(vectors)) {
    tile.codes.forEach((code, i) => {
      const vector = tile.firstVector + Math.floor(i / tile.rows);
      all[vector * rows + tile.firstRow + (i % tile.rows)] = code;
    });
  }
  return all;
}

async function sketchOf(settings: SketchSettings, ...parts: Float32Array[]) {
  const sketch = openSketch(settings);
  for (const part of parts) await sketch.add(part);
  return sketch;
}

describe('the hash', () => {
  it('collides with probability (1 − θ/π)^p', async () => {
    for (const [dims, bits] of [
      [3, 1],
      [16, 4],
      [64, 9],
    ] as const) {
      const rows = 20_000;
      for (const theta of [0, 0.05, 0.3, 1, Math.PI / 2, 2.5, Math.PI]) {
        const pair = new Float32Array(2 * dims);
        pair[0] = 1;
        pair[dims] = Math.cos(theta);
        pair[dims + 1] = Math.sin(theta);
        const codes = await codesOf({ dims, bits, rows, seed: 3 }, pair);
        let collisions = 0;
        for (let row = 0; row < rows; row++) if (codes[row] === codes[rows + row]) collisions++;
        const chance = (1 - theta / Math.PI) ** bits;
        const error = Math.sqrt((chance * (1 - chance)) / rows);
        expect(Math.abs(collisions / rows - chance), `${bits} bits, θ ${theta}`).toBeLessThanOrEqual(
          4 * error + 1e-12,
        );
        expect(angularKernel(2 * Math.sin(theta / 2), bits)).toBeCloseTo(chance, 9);
      }
    }
  });

  it('gives a vector the same code alone as among others', async () => {
    const settings = { dims: 48, bits: 11, rows: 300, seed: 8 };
    const vectors = unitVectors(600, 48, 5);
    const together = await codesOf(settings, vectors);
    for (const from of [0, 1, 255, 256, 599]) {
      const alone = await codesOf(settings, vectors.slice(from * 48, (from + 1) * 48));
      expect(alone).toEqual(together.slice(from * 300, (from + 1) * 300));
    }
  });

  it('does so also where a projection is 0 but for the rounding of float32', async () => {
    const dims = 300;
    const [a, b] = [unitVectors(1, dims, 1), unitVectors(1, dims, 2)];
    const between = (t: number) => unit([...a].map((x, i) => x + t * (b[i]! - x)));
    let both = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const settings = { dims, bits: 1, rows: 1, seed };
      const codeAt = async (t: number) => (await codesOf(settings, Float32Array.from(between(t))))[0];
      let [low, high] = [0, 1];
      const first = await codeAt(low);
      if (first === (await codeAt(high))) continue;
      for (let step = 0; step < 30; step++) {
        const middle = (low + high) / 2;
        if ((await codeAt(middle)) === first) low = middle;
        else high = middle;
      }
      const steps = Array.from({ length: 64 }, (_, i) => between(low + (i - 32) * 1e-8));
      const near = Float32Array.from(steps.flat());
      const together = await codesOf(settings, near);
      if (new Set(together).size === 2) both++;
      for (let i = 0; i < 64; i++) {
        const [alone] = await codesOf(settings, near.slice(i * dims, (i + 1) * dims));
        expect(alone, `seed ${seed}, vector ${i}`).toBe(together[i]);
      }
    }
    expect(both).toBeGreaterThan(5);
  });
});

describe('merging', () => {
  it('equals sketching the union, bit for bit, in any order and grouping', async () => {
    const settings = { dims: 24, bits: 6, rows: 40, seed: 11 };
    const vectors = clusteredVectors(400, 24, 9);
    const whole = await sketchOf(settings, vectors);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 5 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (cuts, random) => {
          const edges = [0, ...cuts.sort((a, b) => a - b), 400];
          const parts = edges.slice(1).map((end, i) => vectors.slice(edges[i]! * 24, end * 24));
          let sketches = await Promise.all(parts.map((part) => sketchOf(settings, part)));
          while (sketches.length > 1) {
            const [into] = sketches.splice(Math.floor(random.next().value * sketches.length), 1);
            const [from] = sketches.splice(Math.floor(random.next().value * sketches.length), 1);
            into!.merge(from!);
            sketches = [...sketches, into!];
          }
          expect(sketches[0]!.n).toBe(400);
          expect(
            Buffer.compare(Buffer.from(sketches[0]!.counts.buffer), Buffer.from(whole.counts.buffer)),
          ).toBe(0);
        },
      ),
      { numRuns: 25, seed: 4 },
    );
  });

  it('counts each vector once in each row, also where calls overlap', async () => {
    const settings = { dims: 24, bits: 6, rows: 40, seed: 11 };
    const vectors = clusteredVectors(300, 24, 9);
    const sketch = openSketch(settings);
    await Promise.all([sketch.add(vectors.slice(0, 2400)), sketch.add(vectors.slice(2400))]);
    expect(sketch.counts).toEqual((await sketchOf(settings, vectors)).counts);
    for (let row = 0; row < 40; row++) {
      expect(sketch.counts.slice(row * 64, (row + 1) * 64).reduce((a, b) => a + b, 0)).toBe(300);
    }
  });

  it('refuses sketches of other settings or another embedder', async () => {
    const settings = { dims: 24, bits: 6, rows: 40, seed: 11 };
    const sketch = openSketch(settings);
    for (const other of [{ dims: 25 }, { bits: 7 }, { rows: 41 }, { seed: 12 }]) {
      const [name] = Object.keys(other) as [string];
      expect(() => sketch.merge(openSketch({ ...settings, ...other }))).toThrow(DataError);
      expect(() => sketch.merge(openSketch({ ...settings, ...other }))).toThrow(name);
    }
    const named = openSketch({ ...settings, embedder: { name: 'use-lite', fingerprint: 'abc' } });
    expect(() => sketch.merge(named)).toThrow('use-lite (abc)');
  });
});

describe('the density', () => {
  it('is unbiased over seeds, and its stated errors are those observed', async () => {
    const [dims, bits, seeds] = [16, 5, 200];
    const points = clusteredVectors(300, dims, 21);
    const queries = Float32Array.from([
      ...clusteredVectors(12, dims, 33),
      ...unitVectors(4, dims, 34),
      ...points.slice(0, 4 * dims),
    ]);
    const exact = angularDensities(queries, points, dims, bits);
    const all: { density: number; standardError: number; interval: [number, number] }[][] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      all.push(await (await sketchOf({ dims, bits, rows: 100, seed }, points)).query(queries));
    }
    let [covered, asked] = [0, 0];
    const stray: number[] = [];
    exact.forEach((truth, q) => {
      const estimates = all.map((of) => of[q]!);
      const average = mean(estimates, ({ density }) => density)!;
      const spread = Math.sqrt(
        estimates.reduce((sum, { density }) => sum + (density - average) ** 2, 0) / (seeds - 1),
      );
      stray.push((average - truth) / (spread / Math.sqrt(seeds)));
      const stated = Math.sqrt(mean(estimates, ({ standardError }) => standardError ** 2)!);
      expect(stated / spread, `query ${q}`).toBeGreaterThan(0.8);
      expect(stated / spread, `query ${q}`).toBeLessThan(1.25);
      for (const { interval } of estimates) {
        asked++;
        if (interval[0] <= truth && truth <= interval[1]) covered++;
      }
    });
    console.log(
      `sketch: bias in Monte-Carlo errors ${stray.map((z) => z.toFixed(1)).join(' ')}; 95% intervals cover ${covered} of ${asked} (${((100 * covered) / asked).toFixed(1)}%)`,
    );
    expect(Math.max(...stray.map(Math.abs))).toBeLessThan(4);
    expect(covered / asked).toBeGreaterThan(0.92);
    expect(covered / asked).toBeLessThan(0.97);
  });

  it('is exact where all points are equal, and 1 at a query that is all of them', async () => {
    const [point] = [unitVectors(1, 32, 2)];
    const sketch = await sketchOf({ dims: 32, bits: 8, rows: 50, seed: 1 }, point!, point!, point!);
    expect(await sketch.query(point!)).toEqual([
      { density: 1, standardError: 0, interval: [0.025 ** (1 / 50), 1] },
    ]);
    const opposite = point!.map((x) => -x);
    const [nothing] = await sketch.query(opposite);
    expect(nothing).toMatchObject({ density: 0, standardError: 0 });
    expect(nothing!.interval[1]).toBeCloseTo(1 - 0.025 ** (1 / 50), 12);
    const [estimate] = await sketchDensity(opposite, sketch);
    expect(estimate).toMatchObject({
      logDensity: Number.NEGATIVE_INFINITY,
      standardError: Number.POSITIVE_INFINITY,
    });
  });

  it('comes in the form of all estimators, of the mean or of the median of means', async () => {
    const [dims, bits] = [16, 4];
    const points = clusteredVectors(500, dims, 1);
    const queries = clusteredVectors(10, dims, 2);
    const sketch = await sketchOf({ dims, bits, rows: 600, seed: 5 }, points);
    const plain = await sketch.query(queries);
    const medians = await sketch.query(queries, { groups: 9 });
    const estimates = await sketchDensity(queries, sketch);
    angularDensities(queries, points, dims, bits).forEach((truth, q) => {
      expect(Math.abs(plain[q]!.density - truth)).toBeLessThan(4.5 * plain[q]!.standardError);
      expect(Math.abs(medians[q]!.density - truth)).toBeLessThan(4.5 * medians[q]!.standardError);
      expect(estimates[q]).toMatchObject({
        logDensity: Math.log(plain[q]!.density),
        standardError: plain[q]!.standardError / plain[q]!.density,
        effectiveSamples: Number.NaN,
        touched: 0,
        sources: [],
      });
    });
    await expect(sketch.query(queries, { groups: 601 })).rejects.toThrow(RangeError);
  });

  it('has none where the sketch is empty', async () => {
    const sketch = openSketch({ dims: 8, bits: 3, rows: 20, seed: 1 });
    await sketch.add(new Float32Array());
    await expect(sketch.query(unitVectors(1, 8, 1))).rejects.toThrow(DataError);
    await expect(sketchDensity(unitVectors(1, 8, 1), sketch)).rejects.toThrow('empty');
  });
});

describe('settings', () => {
  it('follow from the memory', () => {
    const sketch = sketchFor({ megabytes: 2, bits: 12, dims: 8, seed: 1 });
    expect(sketch.settings.rows).toBe(128);
    expect(sketch.bytes).toEqual({ counters: 2 ** 21, directions: 128 * 12 * 8 * 4 });
    expect(sketch.counts.byteLength).toBe(2 ** 21);
    expect(() => sketchFor({ megabytes: 1, bits: 20, dims: 8, seed: 1 })).toThrow('give 64 MB or more');
  });

  it('and vectors that a sketch cannot have are refused', async () => {
    for (const wrong of [{ bits: 0 }, { bits: 25 }, { bits: 2.5 }, { rows: 1 }, { dims: 0 }, { seed: 0.5 }]) {
      expect(() => openSketch({ dims: 8, bits: 3, rows: 20, seed: 1, ...wrong })).toThrow(UsageError);
    }
    expect(() => sketchFor({ megabytes: Number.NaN, bits: 4, dims: 8, seed: 1 })).toThrow(UsageError);
    expect(() => sketchFor({ megabytes: 4096, bits: 4, dims: 512, seed: 1 })).toThrow('directions');
    const sketch = openSketch({ dims: 8, bits: 3, rows: 20, seed: 1 });
    const long = unitVectors(2, 8, 1).map((x, i) => (i < 8 ? x : 2 * x));
    await expect(sketch.add(long)).rejects.toThrow('Vector 1 has the length 2');
    await expect(sketch.add(new Float32Array(8))).rejects.toThrow(RangeError);
    await expect(sketch.add(new Float32Array(8).fill(Number.NaN))).rejects.toThrow(RangeError);
    await expect(sketch.add(unitVectors(1, 7, 1))).rejects.toThrow('8-dim');
    expect(sketch.n).toBe(0);
    const full = openSketch(sketch.settings, { n: 2 ** 31 - 1, counts: new Int32Array(160) });
    await expect(full.add(unitVectors(1, 8, 1))).rejects.toThrow('overflow');
  });

  it('map a bandwidth to bits where both kernels are exp(−1), and back', () => {
    for (const h of [0.13, 0.2, 0.3, 0.5, 1]) {
      const bits = bitsForBandwidth(h);
      expect(angularKernel(bandwidthOfBits(bits), bits)).toBeCloseTo(Math.exp(-1), 12);
      expect(Math.abs(angularKernel(h, bits) - Math.exp(-1))).toBeLessThanOrEqual(
        Math.min(
          Math.abs(angularKernel(h, bits + 1) - Math.exp(-1)) + 0.02,
          Math.abs(angularKernel(h, bits - 1) - Math.exp(-1)) + 0.02,
        ),
      );
      expect(bitsForBandwidth(bandwidthOfBits(bits))).toBe(bits);
    }
    expect(bitsForBandwidth(0.2)).toBe(15);
    expect(() => bitsForBandwidth(0)).toThrow(RangeError);
  });
});
