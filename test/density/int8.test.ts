import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ESTIMATORS,
  exactDensity,
  INTEGER_FORMS,
  int8Density,
  integerForm,
  KERNEL_NAMES,
  type KernelName,
  type Points,
} from '../../density/index.js';
import { Graph, int8Tensor, openSession, uint8Tensor } from '../../onnx/index.js';
import { openVectorReader, openVectorWriter } from '../../store/index.js';
import { sharedData, whyNoData } from '../support/shared-data.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';
import { clusteredVectors } from './clustered.js';
import { oracle, pointsInMemory } from './oracle.js';

/** log f of every query from the float64 oracle, nats. */
function exactly(
  queries: Float32Array,
  vectors: Float32Array,
  dims: number,
  kernel: KernelName,
  bandwidth: number,
): number[] {
  const known = [{ points: pointsInMemory('a', vectors, dims), vectors }];
  return Array.from({ length: queries.length / dims }, (_, q) => {
    const query = queries.subarray(q * dims, (q + 1) * dims);
    return oracle(query, known, kernel, bandwidth).log10Density * Math.LN10;
  });
}

/** Points written as a corpus's are, with their checksums compared. */
function storedPoints(folder: string, vectors: Float32Array, dims: number): Points {
  const writer = openVectorWriter(folder, { dims, keepRows: 0 });
  writer.append(vectors);
  const files = writer.commit();
  writer.close();
  return { ...pointsInMemory('a', vectors, dims), folder, reader: openVectorReader(folder, { files }) };
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

const { bits } = await integerForm();
const saturates = skipping(
  'int8 with 8-bit queries',
  bits < 8 ? 'the integer product of this machine saturates' : undefined,
);
const FORMS = saturates ? [INTEGER_FORMS[7]] : [INTEGER_FORMS[7], INTEGER_FORMS[8]];
const CASES = FORMS.flatMap((form) => KERNEL_NAMES.map((kernel) => ({ kernel, form, bits: form.bits })));

describe.each(CASES)(
  'int8Density with the $kernel kernel, $bits bits, against float64',
  ({ kernel, form }) => {
    it.each([8, 128, 384, 512, 1024])(
      'is right within its error at %d dims, every bandwidth',
      async (dims) => {
        const vectors = clusteredVectors(600, dims, 1);
        const queries = Float32Array.from([...vectors.subarray(0, dims), ...clusteredVectors(7, dims, 77)]);
        for (const bandwidth of [0.003, 0.03, 0.1, 0.2, 0.5, 2]) {
          const options = { kernel, bandwidth, form };
          const estimates = await int8Density(queries, [pointsInMemory('a', vectors, dims)], options);
          const truth = exactly(queries, vectors, dims, kernel, bandwidth);
          for (const [q, { logDensity, standardError, interval, effectiveSamples }] of estimates.entries()) {
            const where = `h ${bandwidth}, query ${q}, log f ${truth[q]}, se ${standardError}`;
            // 1e-4 is what the exact estimator promises, which the most uncertain queries are left to.
            expect(Math.abs(logDensity - truth[q]!), where).toBeLessThan(5 * standardError + 2.4e-4);
            expect(interval[1] - interval[0], where).toBeLessThan(0.021);
            expect(interval[0] <= logDensity && logDensity <= interval[1]).toBe(true);
            expect(effectiveSamples, where).toBeGreaterThan(0.99);
            expect(effectiveSamples, where).toBeLessThan(601);
          }
        }
      },
    );

    it.each([0.3, 0.6])(
      'is right on average over roundings at h = %d, to its standard error',
      async (bandwidth) => {
        const dims = 64;
        const vectors = clusteredVectors(700, dims, 2);
        const queries = clusteredVectors(4, dims, 3);
        const seeds = 100;
        const truth = exactly(queries, vectors, dims, kernel, bandwidth);
        const runs = [];
        for (let seed = 1; seed <= seeds; seed++) {
          runs.push(
            await int8Density(queries, [pointsInMemory('a', vectors, dims)], {
              kernel,
              bandwidth,
              seed,
              form,
            }),
          );
        }
        for (const [q, exact] of truth.entries()) {
          const errors = runs.map((estimates) => estimates[q]!.logDensity - exact);
          const spread = Math.sqrt(mean(errors.map((error) => error ** 2)));
          const stated = mean(runs.map((estimates) => estimates[q]!.standardError));
          expect(stated, `query ${q}`).toBeGreaterThan(0);
          // Monte Carlo error, and what choosing the near points by noisy kernels may leave.
          const bias = (3.5 * spread) / Math.sqrt(seeds) + 0.15 * stated;
          expect(Math.abs(mean(errors)), `query ${q}`).toBeLessThan(bias);
          expect(spread / stated, `query ${q}`).toBeLessThan(1.25);
          expect(spread / stated, `query ${q}`).toBeGreaterThan(0.3);
        }
      },
    );

    it('covers the exact density with its intervals', async () => {
      const dims = 96;
      const vectors = clusteredVectors(1500, dims, 4);
      const queries = clusteredVectors(100, dims, 5);
      for (const bandwidth of [0.2, 0.3, 0.6]) {
        const truth = exactly(queries, vectors, dims, kernel, bandwidth);
        let covered = 0;
        for (const seed of [1, 2, 3, 4, 5]) {
          const options = { kernel, bandwidth, seed, form };
          const estimates = await int8Density(queries, [pointsInMemory('a', vectors, dims)], options);
          covered += estimates.filter(
            ({ interval: [low, high] }, q) => low <= truth[q]! && truth[q]! <= high,
          ).length;
        }
        expect(covered / 500, `h ${bandwidth}`).toBeGreaterThanOrEqual(0.93);
      }
    });
  },
);

describe('the form of 7 bits', () => {
  it('is multiplied exactly on any machine, also where all products are as large as they can be', async () => {
    const { zeroPoint } = INTEGER_FORMS[7];
    const graph = new Graph('largest products');
    const a = graph.input('a', 'uint8', [2, 64]);
    const b = graph.input('b', 'int8', [64, 2]);
    graph.output('product', graph.op('MatMulInteger', [a, b]), 'int32', [2, 2]);
    const session = await openSession(graph.serialize());
    const largest = 2 * zeroPoint;
    const { product } = await session.run({
      a: uint8Tensor(new Uint8Array(128).fill(largest), [2, 64]),
      b: int8Tensor(
        Int8Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? 127 : -127)),
        [64, 2],
      ),
    });
    expect([...(product!.data as Int32Array)]).toEqual(
      [1, -1, 1, -1].map((sign) => sign * largest * 127 * 64),
    );
  });

  it('rounds the largest queries to its range', () => {
    for (const { zeroPoint, largest, bits } of Object.values(INTEGER_FORMS)) {
      expect(zeroPoint - Math.round(largest + 0.5)).toBeGreaterThanOrEqual(0);
      expect(zeroPoint + Math.round(largest + 0.5)).toBeLessThanOrEqual(bits === 7 ? 128 : 255);
    }
  });
});

describe('int8Density', () => {
  it('is an estimator by name', () => {
    expect(ESTIMATORS.int8).toBe(int8Density);
  });

  it.each([1, 2, 31, 33, 1000])('is right for %d points, and over several corpora', async (rows) => {
    const dims = 48;
    const vectors = clusteredVectors(rows + 40, dims, 6);
    const queries = clusteredVectors(6, dims, 7);
    const corpora = [vectors.slice(0, rows * dims), vectors.slice(rows * dims)];
    const estimates = await int8Density(
      queries,
      corpora.map((part, i) => pointsInMemory(`c${i}`, part, dims)),
      { kernel: 'exponential', bandwidth: 0.3 },
    );
    const truth = exactly(queries, vectors, dims, 'exponential', 0.3);
    for (const [q, { logDensity }] of estimates.entries()) {
      expect(Math.abs(logDensity - truth[q]!)).toBeLessThan(1e-3);
    }
  });

  it('names the nearest points with their distances in float64', async () => {
    const dims = 64;
    const vectors = clusteredVectors(3000, dims, 8);
    const queries = clusteredVectors(20, dims, 9);
    const points = pointsInMemory('a', vectors, dims);
    const options = { kernel: 'gaussian', bandwidth: 0.4, neighbours: 10 } as const;
    const estimates = await int8Density(queries, [points], options);
    for (const [q, { neighbours }] of estimates.entries()) {
      const query = queries.subarray(q * dims, (q + 1) * dims);
      const truth = oracle(query, [{ points, vectors }], 'gaussian', 0.4);
      expect(neighbours.map(({ row }) => row)).toEqual(truth.neighbours.slice(0, 10).map(({ row }) => row));
      for (const [rank, { distance }] of neighbours.entries()) {
        expect(distance).toBeCloseTo(truth.neighbours[rank]!.distance, 6);
      }
    }
  });

  it.each(KERNEL_NAMES)('knows the shares of corpora and sources, with the %s kernel', async (kernel) => {
    const dims = 64;
    const queries = clusteredVectors(20, dims, 16);
    const known = [2000, 700].map((rows, i) => {
      const vectors = clusteredVectors(rows, dims, 17 + i);
      return { points: { ...pointsInMemory(`c${i}`, vectors, dims), corpusId: i + 1 }, vectors };
    });
    const points = known.map((one) => one.points);
    for (const bandwidth of kernel === 'exponential' ? [0.1, 0.3] : [0.3, 0.6]) {
      const options = { kernel, bandwidth, neighbours: 5, documents: 4 };
      const estimates = await int8Density(queries, points, options);
      for (const [q, { sources, documents, neighbours, standardError }] of estimates.entries()) {
        const truth = oracle(queries.subarray(q * dims, (q + 1) * dims), known, kernel, bandwidth);
        expect(sources).toHaveLength(6);
        expect(sources.reduce((all, { share }) => all + share, 0)).toBeCloseTo(1, 6);
        for (const { corpus, source, share, standardError: error } of sources) {
          const right = truth.sources.get(`${corpus}/${source}`)!;
          expect(Math.abs(share - right), `h ${bandwidth}, query ${q}`).toBeLessThan(5 * error + 1e-4);
          expect(error).toBeLessThanOrEqual(standardError);
        }
        expect(neighbours.map(({ corpusId, row }) => `c${corpusId - 1} ${row}`)).toEqual(
          truth.neighbours.slice(0, 5).map(({ corpus, row }) => `${corpus} ${row}`),
        );
        // Of the points that were computed again alone.
        expect(documents).toHaveLength(4);
        for (const { corpus, document, share } of documents) {
          expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThan(truth.documents.get(`${corpus}/${document}`)! * 1.001 + 1e-4);
        }
      }
    }
  });

  it('says densities alone where no shares are asked for', async () => {
    const points = [pointsInMemory('a', clusteredVectors(500, 16, 1), 16)];
    const options = { kernel: 'exponential', bandwidth: 0.3, attribution: false, neighbours: 3 } as const;
    const [estimate] = await int8Density(clusteredVectors(1, 16, 2), points, options);
    expect(estimate).toMatchObject({ sources: [], documents: [], neighbours: [] });
  });

  it('leaves shares of more than 256 sources to the exact estimator', async () => {
    const vectors = clusteredVectors(600, 16, 1);
    const points = pointsInMemory('a', vectors, 16, 2);
    for (const [d, document] of points.documents.entries()) document.source = `source ${d % 257}`;
    const options = { kernel: 'exponential', bandwidth: 0.3, documents: 2 } as const;
    const queries = clusteredVectors(2, 16, 2);
    expect(await int8Density(queries, [points], options)).toEqual(
      await exactDensity(queries, [points], options),
    );
  });

  it('reads few vectors again, also of a corpus that has hardly more tiles than are looked into', async () => {
    const dims = 32;
    const vectors = clusteredVectors(20_000, dims, 18);
    const points = pointsInMemory('a', vectors, dims);
    let again = 0;
    const { read } = points.reader;
    points.reader.read = (first, count, into) => {
      if (count <= 16) again += count;
      read(first, count, into);
    };
    const options = { kernel: 'exponential', bandwidth: 0.2, neighbours: 10, documents: 10 } as const;
    const queries = clusteredVectors(4, dims, 19);
    for (const { neighbours } of await int8Density(queries, [points], options))
      expect(neighbours).toHaveLength(10);
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThan(5000);
  });

  it.each([
    ['keeps near copies apart and sums them from the vectors', 4000, 200, true],
    ['leaves queries with very many near copies to the exact estimator', 6000, 4500, false],
  ])('%s', async (_, rows, copies, isRounded) => {
    const dims = 32;
    const vectors = clusteredVectors(rows, dims, 10);
    const query = vectors.slice(0, dims);
    for (let copy = 0; copy < copies; copy++) {
      vectors.set(query, Math.floor((copy * rows) / copies) * dims);
    }
    for (const bandwidth of [0.05, 0.1, 0.3]) {
      const options = { kernel: 'exponential', bandwidth, neighbours: 3 } as const;
      const [estimate] = await int8Density(query, [pointsInMemory('a', vectors, dims)], options);
      const [truth] = exactly(query, vectors, dims, 'exponential', bandwidth);
      expect(Math.abs(estimate!.logDensity - truth!)).toBeLessThan(1e-3);
      expect(estimate!.standardError > 0).toBe(isRounded);
      expect(estimate!.neighbours.map(({ distance }) => distance)).toEqual([0, 0, 0]);
    }
  });

  it('knows effective samples of very many points without bias, to their standard error', async () => {
    const dims = 16;
    const vectors = clusteredVectors(100_010, dims, 14);
    const queries = clusteredVectors(40, dims, 15);
    const points = pointsInMemory('a', vectors, dims);
    for (const bandwidth of [0.05, 0.1, 0.3, 2]) {
      const options = { kernel: 'exponential', bandwidth } as const;
      const exact = await exactDensity(queries, [points], options);
      const estimates = await int8Density(queries, [points], options);
      const off = estimates.map((one, q) => one.effectiveSamples / exact[q]!.effectiveSamples - 1);
      const where = `h ${bandwidth}`;
      expect(Math.abs(mean(off)), where).toBeLessThan((3 * 0.012) / Math.sqrt(40));
      expect(Math.sqrt(mean(off.map((x) => x ** 2))), where).toBeLessThan(0.015);
    }
  });

  it('keeps to the relative error that it is asked for', async () => {
    const dims = 64;
    const points = pointsInMemory('a', clusteredVectors(2000, dims, 12), dims);
    const options = { kernel: 'exponential', bandwidth: 0.05, relativeError: 1e-6 } as const;
    const estimates = await int8Density(clusteredVectors(5, dims, 13), [points], options);
    expect(estimates.map(({ standardError }) => standardError)).toEqual([0, 0, 0, 0, 0]);
  });

  it('refuses a bandwidth that is none, and queries of other dims', async () => {
    const points = [pointsInMemory('a', clusteredVectors(4, 8, 1), 8)];
    const call = (queries: Float32Array, bandwidth: number) =>
      int8Density(queries, points, { kernel: 'gaussian', bandwidth });
    await expect(call(new Float32Array(8), 0)).rejects.toThrow('positive number');
    await expect(call(new Float32Array(9), 1)).rejects.toThrow('8-dim');
  });
});

describe('the file of quantised vectors', () => {
  const dims = 16;
  const queries = clusteredVectors(3, dims, 20);
  const options = { kernel: 'exponential', bandwidth: 0.4 } as const;
  const density = async (points: Points, seed = 1) =>
    (await int8Density(queries, [points], { ...options, seed })).map(({ logDensity }) => logDensity);

  it('is made once, of a byte a number and twelve a row, and read again', async () => {
    const folder = tempFolder();
    const points = storedPoints(folder, clusteredVectors(5000, dims, 21), dims);
    const first = await density(points);
    const file = join(folder, 'quantised.int8');
    const { mtimeMs, size } = statSync(file);
    expect(size / 5000).toBeLessThan((dims + 12) * 1.1);
    expect(await density(points)).toEqual(first);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('says the same as rounding without a file', async () => {
    const vectors = clusteredVectors(3000, dims, 22);
    const points = storedPoints(tempFolder(), vectors, dims);
    expect(await density(points)).toEqual(await density(pointsInMemory('a', vectors, dims)));
  });

  it.each([
    ['truncated', (file: string) => truncateSync(file, statSync(file).size - 100)],
    ['empty', (file: string) => truncateSync(file, 0)],
    [
      'damaged',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 200]! ^= 0x40;
        writeFileSync(file, bytes);
      },
    ],
    ['of another version', (file: string) => writeFileSync(file, readFileSync(file).fill(9, 8, 9))],
  ])('is made again where it is %s', async (_, spoil) => {
    const folder = tempFolder();
    const points = storedPoints(folder, clusteredVectors(800, dims, 23), dims);
    const first = await density(points);
    const file = join(folder, 'quantised.int8');
    const good = readFileSync(file);
    spoil(file);
    expect(await density(points)).toEqual(first);
    expect(readFileSync(file).equals(good)).toBe(true);
  });

  it('is made again for other vectors, and for another seed', async () => {
    const [folder, other] = [tempFolder(), tempFolder()];
    const points = storedPoints(folder, clusteredVectors(800, dims, 24), dims);
    const others = storedPoints(other, clusteredVectors(800, dims, 25), dims);
    const [first, second] = [await density(points), await density(others)];
    copyFileSync(join(folder, 'quantised.int8'), join(other, 'quantised.int8'));
    expect(await density(others)).toEqual(second);
    expect(await density(points, 2)).not.toEqual(first);
    expect(await density(points)).toEqual(first);
  });

  it('takes no notice of one that a killed process left unfinished, and removes it', async () => {
    const folder = tempFolder();
    const points = storedPoints(folder, clusteredVectors(300, dims, 27), dims);
    const left = join(folder, 'quantised.int8.99.tmp');
    writeFileSync(left, 'half of it');
    utimesSync(left, 0, 0);
    await density(points);
    expect(readdirSync(folder).sort()).toEqual(['part-00000.faiss', 'quantised.int8']);
  });

  it('is the same whatever form queries are rounded to', async () => {
    const folder = tempFolder();
    const points = storedPoints(folder, clusteredVectors(2000, dims, 28), dims);
    const file = join(folder, 'quantised.int8');
    const densities = [];
    const files = [];
    for (const form of FORMS) {
      const estimates = await int8Density(queries, [points], { ...options, form });
      densities.push(estimates.map(({ logDensity }) => logDensity));
      files.push(readFileSync(file));
    }
    for (const [i, bytes] of files.entries()) {
      expect(bytes.equals(files[0]!)).toBe(true);
      for (const [q, log] of densities[i]!.entries()) {
        expect(Math.abs(log - densities[0]![q]!)).toBeLessThan(0.01);
      }
    }
  });

  it('is not kept where the checksum of the vectors is not known', async () => {
    const folder = tempFolder();
    const points = storedPoints(folder, clusteredVectors(200, dims, 26), dims);
    await density({ ...points, reader: openVectorReader(folder) });
    expect(existsSync(join(folder, 'quantised.int8'))).toBe(false);
  });
});

const absent = whyNoData('minilm-embeddings', 'embeddings.bin');

describe('int8Density on MiniLM embeddings', () => {
  it.skipIf(skipping('int8 on MiniLM', absent))(
    'is right to 1e-3 for 99 % of queries at 100 effective samples',
    async () => {
      const dims = 384;
      const bytes = readFileSync(sharedData('minilm-embeddings', 'embeddings.bin'));
      const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      const rowsOf = (of: (row: number) => boolean) =>
        Float32Array.from(
          Array.from({ length: all.length / dims }, (_, row) => row)
            .filter(of)
            .flatMap((row) => [...all.subarray(row * dims, (row + 1) * dims)]),
        );
      const queries = rowsOf((row) => row % 7 === 0);
      const vectors = rowsOf((row) => row % 7 !== 0);
      const settings = { kernel: 'exponential', bandwidth: 0.1 } as const;
      const estimates = await int8Density(queries, [pointsInMemory('a', vectors, dims)], settings);
      const truth = exactly(queries, vectors, dims, settings.kernel, settings.bandwidth);
      const effective = estimates.map(({ effectiveSamples }) => effectiveSamples).sort((a, b) => a - b);
      expect(effective[Math.floor(effective.length / 2)]).toBeGreaterThan(100);
      const errors = estimates.map(({ logDensity }, q) => Math.abs(Math.expm1(logDensity - truth[q]!)));
      expect(errors.sort((a, b) => a - b)[Math.floor(0.99 * errors.length)]).toBeLessThan(1e-3);
    },
  );
});
