import { describe, expect, it } from 'vitest';
import { calibrate, exactDensity, log10Of } from '../../density/index.js';
import { withoutRows } from '../../density/without-rows.js';
import {
  calibrationOf,
  ensureCorpus,
  forgetResults,
  openCorpusWriter,
  openStudy,
  percentileIn,
  type Study,
} from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { clusteredVectors } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

const DIMS = 16;
const EMBEDDED = { embedder: 'test', fingerprint: 'f', dims: DIMS };

function addCorpus(study: Study, name: string, vectors: Float32Array): void {
  const writer = openCorpusWriter(study, ensureCorpus(study.db, { name, role: 'pretrain', ...EMBEDDED }));
  writer.append(vectors);
  writer.commit(
    Array.from({ length: vectors.length / DIMS }, (_, i) => {
      const spans = [{ start: 0, end: 1 }];
      return { key: `d${i}`, source: 's', split: 'train', meta: {}, text: 'x', spans };
    }),
  );
  writer.close();
}

const settings = { fingerprint: 'f', kernel: 'exponential' as const, seed: 1 };

describe('withoutRows', () => {
  it('leaves out the rows and keeps the others in order', async () => {
    const vectors = clusteredVectors(30, DIMS, 1);
    const points = pointsInMemory('c', vectors, DIMS);
    const left = [0, 1, 7, 12, 13, 29];
    const rest = withoutRows(points, left);
    const kept = Array.from({ length: 30 }, (_, row) => row).filter((row) => !left.includes(row));
    expect([...rest.documentOfRow]).toEqual(kept.map((row) => points.documentOfRow[row]));
    const read = new Float32Array(20 * DIMS);
    rest.reader.read(3, 20, read);
    expect(read).toEqual(
      Float32Array.from(
        kept.slice(3, 23).flatMap((row) => [...vectors.subarray(row * DIMS, (row + 1) * DIMS)]),
      ),
    );
  });
});

describe('calibrate', () => {
  it('is the density of sampled points in the rest, by the float64 oracle', async () => {
    const study = openStudy(tempFolder(), { write: true });
    const vectors = clusteredVectors(61, DIMS, 2);
    addCorpus(study, 'one', vectors.subarray(0, 40 * DIMS));
    addCorpus(study, 'two', vectors.subarray(40 * DIMS));
    const calibration = await calibrate(study, {
      ...{ ...settings, corpora: ['one', 'two'], sample: 20 },
      bandwidth: { value: 0.2, rule: 'given' },
    });
    expect(calibration).toMatchObject({ points: 41, bandwidth: 0.2, bandwidthRule: 'given' });
    expect(calibration.log10Densities).toHaveLength(20);
    // Every sampled density is that of some point in the 41 others: the sums of all are those of the sampled ones.
    const all = pointsInMemory('c', vectors, DIMS);
    const whole = Array.from({ length: 61 }, (_, row) => {
      const query = vectors.subarray(row * DIMS, (row + 1) * DIMS);
      return oracle(query, [{ points: all, vectors }], 'exponential', 0.2).log10Density;
    });
    for (const density of calibration.log10Densities) expect(density).toBeLessThan(Math.max(...whole));
    expect(calibrationOf(study.db, ['two', 'one'], 'exponential')).toEqual(calibration);
    expect(calibrationOf(study.db, ['one'], 'exponential')).toBeUndefined();
    forgetResults(study.db, 'two');
    expect(calibrationOf(study.db, ['one', 'two'], 'exponential')).toBeUndefined();
    study.close();
  });

  it('takes out each point itself: two far pairs know only their twins', async () => {
    const study = openStudy(tempFolder(), { write: true });
    // Two copies of two opposite points; half of them are sampled.
    const vectors = new Float32Array(4 * DIMS);
    for (const [row, sign] of [1, 1, -1, -1].entries()) vectors[row * DIMS] = sign;
    addCorpus(study, 'pairs', vectors);
    const { log10Densities, points } = await calibrate(study, {
      ...{ ...settings, corpora: ['pairs'], sample: 1 },
      bandwidth: { value: 0.1, rule: 'given' },
    });
    expect(points).toBe(3);
    // One twin at distance 0 and two points at distance 2.
    expect(log10Densities[0]).toBeCloseTo(Math.log10((1 + 2 * Math.exp(-20)) / 3), 6);
    study.close();
  });

  it('chooses a bandwidth at which sampled points rest on the wanted effective samples', async () => {
    const study = openStudy(tempFolder(), { write: true });
    const vectors = clusteredVectors(400, DIMS, 3);
    addCorpus(study, 'one', vectors);
    const { bandwidth, bandwidthRule, log10Densities } = await calibrate(study, {
      ...{ ...settings, corpora: ['one'], sample: 100, bandwidth: { effectiveSamples: 30 } },
    });
    expect(bandwidthRule).toContain('rests on 30 effective samples');
    const points = pointsInMemory('one', vectors, DIMS);
    const estimates = await exactDensity(vectors, [points], { kernel: 'exponential', bandwidth });
    // With themselves in the data, all points are denser than the sampled ones are without.
    const dense = estimates.map(({ logDensity }) => log10Of(logDensity)).sort((a, b) => a - b);
    expect(dense[200]!).toBeGreaterThan(log10Densities[50]!);
    study.close();
  });

  it('refuses a corpus of one point', async () => {
    const study = openStudy(tempFolder(), { write: true });
    addCorpus(study, 'one', clusteredVectors(1, DIMS, 1));
    const options = { ...settings, corpora: ['one'], sample: 1, bandwidth: { value: 1, rule: 'given' } };
    await expect(calibrate(study, options)).rejects.toThrow('one point cannot be compared with itself');
    study.close();
  });
});

describe('percentileIn', () => {
  it('is the share below, with half of the ties', () => {
    const calibration = {
      ...{ corpora: ['c'], kernel: 'exponential', bandwidth: 1, bandwidthRule: 'given', points: 4 },
      log10Densities: [-5, -4, -4, -3],
    };
    expect([-6, -5, -4, -3.5, 0].map((density) => percentileIn(calibration, density))).toEqual([
      0, 0.125, 0.5, 0.75, 1,
    ]);
  });
});
