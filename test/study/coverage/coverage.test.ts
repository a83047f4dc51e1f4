import { mean, median, sum } from 'd3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrationOf, type Measurement, replaceCalibration } from '../../../store/index.js';
import { coverageOf, coverageTables, findMeasurement } from '../../../study/index.js';
import { BANDWIDTH, type MadePoint, type MadeStudy, makeVectorStudy } from './made-study.js';

let made: MadeStudy;
let measurement: Measurement;

beforeAll(async () => {
  made = makeVectorStudy();
  measurement = await made.measureWith(8);
});
afterAll(() => made.study.close());

const OPTIONS = { by: 'kind', weigh: 'queries', sources: 10, least: 15, documents: 20 } as const;

/** f by float64 sums over some of the points. */
function density(query: Float32Array, points: readonly MadePoint[]): number {
  const distance = (vector: Float32Array) => Math.hypot(...vector.map((x, j) => x - query[j]!));
  return mean(points, ({ vector }) => Math.exp(-distance(vector) / BANDWIDTH))!;
}

/** The share of the density that points of a predicate hold, for every query of some. */
function sharesOf(queries: MadeStudy['queries'], holds: (point: MadePoint) => boolean): number[] {
  const { points } = made;
  const held = points.filter(holds);
  return queries.map(
    ({ vector }) => (density(vector, held) * held.length) / (density(vector, points) * points.length),
  );
}

const ofSource = (corpus: string, source: string) => (point: MadePoint) =>
  point.corpus === corpus && point.source === source;
const ofKind = (subject: string) => made.queries.filter(({ kind }) => kind === subject);

describe('the matrix of subjects and sources', () => {
  it('is the mean of the shares of queries, by the float64 oracle', () => {
    const { matrix, documents } = coverageOf(made.study, measurement, OPTIONS);
    expect(matrix.sources).toHaveLength(5);
    expect(matrix.others).toEqual({ sources: 0, points: 0 });
    expect(sum(matrix.sources, ({ points }) => points)).toBe(made.points.length);
    for (const { subject, queries, shares, log10Density } of matrix.subjects) {
      const members = ofKind(subject);
      expect(queries).toBe(members.length);
      matrix.sources.forEach(({ corpus, source }, s) => {
        expect(shares[s]).toBeCloseTo(mean(sharesOf(members, ofSource(corpus, source)))!, 5);
      });
      expect(sum(shares)).toBeCloseTo(1, 9);
      const densities = members.map(({ vector }) => Math.log10(density(vector, made.points)));
      expect(log10Density.median).toBeCloseTo(median(densities)!, 4);
    }
    expect(sum(matrix.subjects, ({ queries }) => queries)).toBe(15);
    const medians = matrix.subjects.map(({ log10Density }) => log10Density.median);
    expect(medians).toEqual([...medians].sort((a, b) => a - b));
    expect(matrix.all.shares).toEqual([...matrix.all.shares].sort((a, b) => b - a));
    expect(documents).toMatchObject({ kept: 8 });
    expect(documents.share).toBeCloseTo(1, 9);
  });

  it('is the share of the summed density where queries are weighed by it', () => {
    const { matrix } = coverageOf(made.study, measurement, { ...OPTIONS, weigh: 'density' });
    for (const { subject, shares } of matrix.subjects) {
      const members = ofKind(subject);
      matrix.sources.forEach(({ corpus, source }, s) => {
        const held = made.points.filter(ofSource(corpus, source));
        const part = sum(members, ({ vector }) => density(vector, held) * held.length);
        const whole = sum(members, ({ vector }) => density(vector, made.points) * made.points.length);
        expect(shares[s]).toBeCloseTo(part / whole, 5);
      });
    }
  });

  it('says what densities would change by without a source: measured, without its points', () => {
    const { matrix } = coverageOf(made.study, measurement, OPTIONS);
    for (const { subject, without } of matrix.subjects) {
      matrix.sources.forEach(({ corpus, source }, s) => {
        const rest = made.points.filter((point) => !ofSource(corpus, source)(point));
        const changes = ofKind(subject).map(({ vector }) =>
          Math.log10(density(vector, rest) / density(vector, made.points)),
        );
        expect(without[s]).toBeCloseTo(median(changes)!, 4);
      });
    }
  });

  it('folds the smaller sources into others', () => {
    const whole = coverageOf(made.study, measurement, OPTIONS).matrix;
    const { sources, others, all, subjects } = coverageOf(made.study, measurement, {
      ...OPTIONS,
      sources: 2,
    }).matrix;
    expect(sources).toEqual(whole.sources.slice(0, 2));
    expect(others).toEqual({ sources: 3, points: sum(whole.sources.slice(2), ({ points }) => points) });
    expect(all.others).toBeCloseTo(sum(whole.all.shares.slice(2)), 9);
    for (const row of subjects) expect(sum(row.shares) + row.others).toBeCloseTo(1, 9);
  });

  it('takes any field of a query for its subject, by default the one that tells queries apart', () => {
    const subjects = (by?: 'subject' | 'document') => {
      const { by: taken, matrix } = coverageOf(made.study, measurement, { ...OPTIONS, by });
      return [taken, matrix.subjects.map(({ subject }) => subject).sort()];
    };
    expect(subjects('subject')).toEqual(['subject', [0, 1, 2, 3, 4].map((i) => `subject ${i}`)]);
    expect(subjects('document')).toEqual(['document', [0, 1, 2, 3].map((i) => `doc ${i}`)]);
    expect(subjects()).toEqual(['kind', ['kind 0', 'kind 1']]);
  });
});

describe('the documents that support a query set', () => {
  it('are those that hold most, as far as they were kept', async () => {
    const whole = coverageOf(made.study, measurement, OPTIONS).documents;
    for (const { corpus, document, share, queries } of whole.top) {
      const held = sharesOf(made.queries, (one) => one.corpus === corpus && one.document === document);
      expect(share).toBeCloseTo(mean(held)!, 5);
      expect(queries).toBe(15);
    }
    expect(sum(whole.top, ({ leads }) => leads)).toBe(15);
    expect(whole.top.at(-1)!.cumulative).toBeCloseTo(1, 9);

    const kept = coverageOf(made.study, await made.measureWith(2, 'two'), OPTIONS).documents;
    const twoLargest = made.queries.map((query) => {
      const keys = new Map(made.points.map((point) => [`${point.corpus}/${point.document}`, point]));
      const shares = [...keys.values()].map(
        (one) => sharesOf([query], (p) => p.corpus === one.corpus && p.document === one.document)[0]!,
      );
      return sum(shares.sort((a, b) => b - a).slice(0, 2));
    });
    expect(kept.share).toBeCloseTo(mean(twoLargest)!, 5);
    expect(sum(kept.top, ({ queries }) => queries)).toBe(30);
    expect(sum(kept.top, ({ leads }) => leads)).toBe(15);
  });
});

describe('the least supported queries', () => {
  it('come least first, with where what little there is comes from', () => {
    const { leastSupported } = coverageOf(made.study, measurement, { ...OPTIONS, least: 4 });
    const expected = made.queries
      .map((query) => ({ ...query, f: density(query.vector, made.points) }))
      .sort((a, b) => a.f - b.f)
      .slice(0, 4);
    expect(leastSupported.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
    for (const [i, { subject, topSource, nearest, percentile, log10Density }] of leastSupported.entries()) {
      const { vector, kind, f } = expected[i]!;
      expect(subject).toBe(kind);
      expect(log10Density).toBeCloseTo(Math.log10(f), 4);
      const [share] = sharesOf([expected[i]!], ofSource(topSource.corpus, topSource.source));
      expect(topSource.share).toBeCloseTo(share!, 5);
      const distances = made.points.map((point) => Math.hypot(...point.vector.map((x, j) => x - vector[j]!)));
      const near = made.points[distances.indexOf(Math.min(...distances))]!;
      expect(nearest).toMatchObject({ corpus: near.corpus, source: near.source, document: near.document });
      expect(nearest!.distance).toBeCloseTo(Math.min(...distances), 4);
      expect(percentile).toBeNull();
    }
  });

  it('are read by the calibration at their bandwidth alone', () => {
    const calibrate = (bandwidth: number) =>
      replaceCalibration(made.study.db, {
        ...{ corpora: ['two', 'one'], kernel: 'exponential', bandwidth, bandwidthRule: 'given', points: 3 },
        log10Densities: [-100, 0, 0, 0],
      });
    const percentiles = () =>
      coverageOf(made.study, measurement, OPTIONS).leastSupported.map(({ percentile }) => percentile);
    calibrate(BANDWIDTH);
    expect(percentiles()).toEqual(Array(15).fill(0.25));
    calibrate(2 * BANDWIDTH);
    expect(percentiles()).toEqual(Array(15).fill(null));
    expect(calibrationOf(made.study.db, ['one', 'two'], 'exponential')).toBeDefined();
  });
});

describe('coverageTables', () => {
  it('are CSV with a row a subject and one of all', () => {
    const coverage = coverageOf(made.study, measurement, { ...OPTIONS, sources: 2 });
    const tables = coverageTables(coverage);
    const [head, ...rows] = tables['matrix.csv'].split('\n').map((line) => line.split(','));
    expect(head!.slice(0, 5)).toEqual([
      ...['kind', 'queries', 'log10_density_q1', 'log10_density_median', 'log10_density_q3'],
    ]);
    expect(head!.slice(5)).toEqual([
      ...coverage.matrix.sources.map(({ corpus, source }) => `${corpus}/${source}`),
      'others (3)',
    ]);
    expect(rows.map(([subject]) => subject)).toEqual([
      ...coverage.matrix.subjects.map(({ subject }) => subject),
      '(all)',
    ]);
    expect(Number(rows[0]![5])).toBe(coverage.matrix.subjects[0]!.shares[0]);
    expect(tables['without.csv'].split('\n')).toHaveLength(1 + rows.length);
    expect(tables['least-supported.csv'].split('\n')).toHaveLength(16);
    expect(tables['documents.csv'].split('\n')).toHaveLength(9);
  });
});

describe('findMeasurement', () => {
  it('knows a measurement by its id, its name or its query set', () => {
    const choose = (word: string, choice = {}) => findMeasurement(made.study, word, choice).name;
    expect([choose(String(measurement.id)), choose('two'), choose('set')]).toEqual(['base', 'two', 'base']);
    expect(choose('set', { corpora: ['two', 'one'], kernel: 'exponential' })).toBe('base');
    expect(() => choose('set', { kernel: 'gaussian' })).toThrow(
      /no measurement set with the gaussian kernel.*there are: 1 \(base of set: one, two; exponential\), 2 /,
    );
    expect(() => choose('1', { corpora: ['one'] })).toThrow(/no measurement 1 of one/);
  });
});

describe('a measurement whose corpora have changed', () => {
  it('is refused', () => {
    expect(() => coverageOf(made.study, { ...measurement, points: 7 }, OPTIONS)).toThrow(
      'Measurement "base" is of 7 points of one, two, which have changed since',
    );
  });
});
