import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseEstimator, knnDensity, log10Of, measure, openPoints } from '../../density/index.js';
import { measuredQuery } from '../../density/measured-query.js';
import {
  bandwidthDensitiesOf,
  densitiesOf,
  densityControlsOf,
  ensureCorpus,
  listMeasurements,
  neighboursOf,
  openCorpusWriter,
  openStudy,
  queriesOf,
  replaceQuerySet,
  type Study,
  sharesOf,
  topSharesOf,
  UsageError,
  writeQueryVectors,
} from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { clusteredVectors } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

const DIMS = 16;
const QUERIES = 20;
const EMBEDDED = { embedder: 'test', fingerprint: 'f', dims: DIMS };
const vectors = clusteredVectors(120 + QUERIES, DIMS, 1);
const corpusVectors = vectors.subarray(0, 120 * DIMS);
const queryVectors = vectors.subarray(120 * DIMS);

let study: Study;
beforeAll(() => {
  study = openStudy(tempFolder(), { write: true });
  for (const [name, part] of [
    ['one', corpusVectors.subarray(0, 80 * DIMS)],
    ['two', corpusVectors.subarray(80 * DIMS)],
  ] as const) {
    const writer = openCorpusWriter(study, ensureCorpus(study.db, { name, role: 'pretrain', ...EMBEDDED }));
    writer.append(part);
    writer.commit(
      Array.from({ length: part.length / DIMS }, (_, i) => {
        const spans = [{ start: 0, end: 1 }];
        return { key: `d${i}`, source: `s${i % 3}`, split: 'train', meta: {}, text: 'x', spans };
      }),
    );
    writer.close();
  }
  const set = replaceQuerySet(
    study.db,
    { name: 'queries', ...EMBEDDED },
    Array.from({ length: QUERIES }, (_, i) => {
      return { key: `q${i}`, kind: 'query', document: `d${i}`, source: 's', text: 'x' };
    }),
  );
  writeQueryVectors(study, set.name, queryVectors, DIMS);
});
afterAll(() => study.close());

const SETTINGS = {
  name: 'base',
  querySet: 'queries',
  corpora: ['one', 'two'],
  kernel: 'exponential' as const,
  bandwidth: { value: 0.2, rule: 'given' },
  estimator: chooseEstimator(),
  neighbours: 5,
  documents: 5,
  seed: 3,
};

describe('measure', () => {
  it('keeps the densities with the settings that they hold for', async () => {
    const measurement = await measure(study, SETTINGS);
    expect(listMeasurements(study.db)).toEqual([measurement]);
    expect(measurement).toMatchObject({
      ...{ bandwidth: 0.2, bandwidthRule: 'given', points: 120, seed: 3 },
      ...{
        estimator: 'exact',
        estimatorRule: expect.stringMatching(/^auto: /),
        relativeError: null,
        budget: null,
      },
    });
    const densities = densitiesOf(study.db, measurement.id);
    const points = [{ points: pointsInMemory('all', corpusVectors, DIMS), vectors: corpusVectors }];
    for (const { id, row } of queriesOf(study.db, measurement.querySetId)) {
      const query = queryVectors.subarray(row * DIMS, (row + 1) * DIMS);
      const density = densities.get(id)!;
      expect(density.log10Density).toBeCloseTo(oracle(query, points, 'exponential', 0.2).log10Density, 4);
      expect(density).toMatchObject({ touched: 1, log10Low: density.log10Density });
      const shares = sharesOf(study.db, measurement.id, id);
      expect(shares.every(({ standardError }) => standardError === 0)).toBe(true);
      expect(shares.filter(({ level }) => level === 'corpus')).toHaveLength(2);
      expect(bandwidthDensitiesOf(study.db, measurement.id, id)).toEqual([]);
    }
  });

  it('keeps the nearest distance and the nearest-neighbour density beside it', async () => {
    const { id } = await measure(study, SETTINGS);
    const controls = densityControlsOf(study.db, id);
    const points = openPoints(study, SETTINGS.corpora, EMBEDDED);
    const knn = await knnDensity(queryVectors, points, { k: 5 });
    for (const { reader } of points) reader.close();
    queriesOf(study.db, 1).forEach(({ id: query }, q) => {
      const [nearest] = neighboursOf(study.db, id, query);
      expect(controls.get('nearest distance')!.get(query)).toBe(nearest!.distance);
      expect(controls.get('knn log10 density')!.get(query)).toBeCloseTo(log10Of(knn[q]!.logDensity), 6);
    });
    const without = await measure(study, { ...SETTINGS, neighbours: 0 });
    expect(densityControlsOf(study.db, without.id).size).toBe(0);
  });

  it('keeps density against bandwidth, which goes through the density measured', async () => {
    const { id } = await measure(study, { ...SETTINGS, curve: 'around' });
    const densities = densitiesOf(study.db, id);
    for (const [query, { log10Density }] of densities) {
      const curve = bandwidthDensitiesOf(study.db, id, query);
      expect(curve).toHaveLength(16);
      expect(curve[0]!.bandwidth).toBeCloseTo(0.05, 10);
      const same = curve.find(({ bandwidth }) => bandwidth === 0.2)!;
      expect(Math.abs(same.log10Density - log10Density)).toBeLessThanOrEqual(same.errorBound + 1e-4);
      // The kernels only grow with the bandwidth.
      curve.slice(1).forEach((next, i) => {
        expect(next.log10Density).toBeGreaterThan(curve[i]!.log10Density);
      });
    }
  });

  it('keeps what the nearest points hold of the density, beside the curve', async () => {
    const { id } = await measure(study, { ...SETTINGS, curve: 'around' });
    for (const [query] of densitiesOf(study.db, id)) {
      const tops = topSharesOf(study.db, id, query);
      // 1% and 2% of 120 points are 1 and 2.
      expect(tops.map(({ k }) => k)).toEqual([1, 1, 2, 10, 100]);
      tops.slice(1).forEach(({ share }, i) => {
        expect(share).toBeGreaterThanOrEqual(tops[i]!.share - 1e-9);
      });
    }
    const without = await measure(study, SETTINGS);
    expect(topSharesOf(study.db, without.id, 1)).toEqual([]);
  });

  it('keeps the density at bandwidths that are named, as a measurement at each of them would', async () => {
    const { id } = await measure(study, { ...SETTINGS, curve: [0.4, 0.1, 0.4] });
    const curves = queriesOf(study.db, 1).map((query) => bandwidthDensitiesOf(study.db, id, query.id));
    expect(curves[0]!.map(({ bandwidth }) => bandwidth)).toEqual([0.1, 0.4]);
    for (const [b, value] of [0.1, 0.4].entries()) {
      const other = await measure(study, {
        ...SETTINGS,
        name: `at ${value}`,
        bandwidth: { value, rule: '' },
      });
      [...densitiesOf(study.db, other.id).values()].forEach(({ log10Density }, q) => {
        const { log10Density: swept, errorBound } = curves[q]![b]!;
        expect(Math.abs(swept - log10Density)).toBeLessThanOrEqual(errorBound + 1e-4);
      });
    }
  });
});

describe('measure refuses', () => {
  it.each([
    [{ corpora: [] }, /No corpus was embedded as query set "queries" was/],
    [{ querySet: 'none' }, /There is no query set "none"/],
    [{ corpora: ['none'] }, /There is no corpus "none"/],
  ])('%j', async (wrong, message) => {
    await expect(measure(study, { ...SETTINGS, ...wrong })).rejects.toThrow(message);
  });
});

describe('measure with the laplacian kernel', () => {
  it('gives exact densities of the L1 distance, and nothing else', async () => {
    const measurement = await measure(study, {
      ...{ ...SETTINGS, kernel: 'laplacian', curve: 'around' },
      bandwidth: { value: 0.5, rule: 'given' },
    });
    expect(measurement).toMatchObject({ kernel: 'laplacian', bandwidth: 0.5, estimator: 'exact' });
    const densities = [...densitiesOf(study.db, measurement.id).values()];
    densities.forEach(({ queryId, log10Density }, q) => {
      let sum = 0;
      for (let row = 0; row < 120; row++) {
        let distance = 0;
        for (let j = 0; j < DIMS; j++) {
          distance += Math.abs(queryVectors[q * DIMS + j]! - corpusVectors[row * DIMS + j]!);
        }
        sum += Math.exp(-distance / 0.5);
      }
      expect(log10Density).toBeCloseTo(Math.log10(sum / 120), 5);
      expect(sharesOf(study.db, measurement.id, queryId)).toEqual([]);
      expect(bandwidthDensitiesOf(study.db, measurement.id, queryId)).toEqual([]);
    });
  });

  it('takes the exponential kernel’s bandwidth in L1 distance by itself', async () => {
    const bandwidth = { effectiveSamples: 10 };
    const { bandwidth: euclidean } = await measure(study, { ...SETTINGS, bandwidth });
    const laplacian = await measure(study, { ...SETTINGS, kernel: 'laplacian', bandwidth });
    expect(laplacian.bandwidth).toBeCloseTo(euclidean * Math.sqrt((2 * DIMS) / Math.PI), 3);
    expect(laplacian.bandwidthRule).toMatch(/^auto: .*, with the exponential kernel at h = [\d.]+;/);
    // The same number of points matter to the median query, about.
    const samples = [...densitiesOf(study.db, laplacian.id).values()].map((one) => one.effectiveSamples);
    const median = samples.sort((a, b) => a - b)[QUERIES / 2]!;
    expect(median).toBeGreaterThan(5);
    expect(median).toBeLessThan(20);
  });
});

describe('measuredQuery', () => {
  it('gives corpora the errors of their sources, and none to the only one', () => {
    const source = (corpus: string, label: string, share: number, standardError: number) => {
      return { corpus, source: label, share, standardError };
    };
    const estimate = (sources: ReturnType<typeof source>[]) => ({
      ...{ logDensity: -2, standardError: 0.1, interval: [-2.2, -1.8] as const, effectiveSamples: 9 },
      ...{ touched: 0.02, sources, documents: [{ corpus: 'a', document: 'd', share: 0.3 }], neighbours: [] },
    });
    const among = { points: 10, dims: DIMS };
    const [a, b] = measuredQuery(
      1,
      estimate([source('a', 'x', 0.5, 0.03), source('a', 'y', 0.3, 0.04), source('b', 'x', 0.2, 0.06)]),
      [],
      among,
    ).shares;
    expect(a).toEqual({
      ...{ level: 'corpus', corpus: 'a', label: 'a', share: 0.8 },
      standardError: expect.closeTo(0.05),
    });
    expect(b).toMatchObject({ corpus: 'b', share: 0.2, standardError: expect.closeTo(0.05) });
    const alone = measuredQuery(1, estimate([source('a', 'x', 1, 0.2)]), [], among);
    expect(alone.shares.map(({ level, standardError }) => [level, standardError])).toEqual([
      ['corpus', 0],
      ['source', 0.2],
      ['document', 0],
    ]);
    expect(alone.controls).toEqual({});
  });
});

describe('chooseEstimator', () => {
  it('is auto by default', () => {
    expect(chooseEstimator()).toEqual({ name: 'auto' });
    expect(chooseEstimator('exact')).toEqual({ name: 'exact' });
  });

  it.each([
    ['guess', {}, /There is no estimator "guess"; there are: auto, exact/],
    ['exact', { budget: 0.1 }, /The exact estimator looks at all points: a budget is for an estimator/],
    [undefined, { relativeError: 0 }, /relative error must be above 0 and at most 1, not 0/],
    [undefined, { budget: 2 }, /budget must be above 0 and at most 1, not 2/],
  ])('refuses %s with %j', (name, limits, message) => {
    expect(() => chooseEstimator(name, limits)).toThrow(UsageError);
    expect(() => chooseEstimator(name, limits)).toThrow(message);
  });
});
