import { describe, expect, it } from 'vitest';
import { holdTiles } from '../../density/held-tiles.js';
import { exactDensity, KERNEL_NAMES, openEstimators, type Points } from '../../density/index.js';
import { numberDocuments } from '../../density/numbering.js';
import { SharedScan } from '../../density/shared-scan.js';
import { clusteredVectors } from './clustered.js';
import { pointsInMemory } from './oracle.js';

const DIMS = 32;
const points = [
  pointsInMemory('a', clusteredVectors(36_000, DIMS, 1), DIMS, 700),
  pointsInMemory('b', clusteredVectors(9000, DIMS, 2), DIMS, 90),
];
const queries = clusteredVectors(40, DIMS, 3);
const some = (from: number, to: number) => queries.subarray(from * DIMS, to * DIMS);

/** Tiles that let a test in whenever one is taken. */
function watchedTiles(own: readonly Points[], onTile: (count: number) => void, most?: number) {
  const numbering = numberDocuments(own);
  const tiles = holdTiles(own, numbering, most);
  let taken = 0;
  return {
    numbering,
    tiles: {
      count: tiles.count,
      tile(number: number) {
        onTile(taken++);
        return tiles.tile(number);
      },
    },
  };
}

const close = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-6);

async function expectExact(
  asked: Float32Array,
  found: Awaited<ReturnType<typeof exactDensity>>,
  kernel: (typeof KERNEL_NAMES)[number],
  bandwidth: number,
) {
  const truth = await exactDensity(asked, points, { kernel, bandwidth, neighbours: 4 });
  expect(found).toHaveLength(truth.length);
  for (const [q, estimate] of found.entries()) {
    close(estimate.logDensity, truth[q]!.logDensity);
    close(estimate.effectiveSamples / truth[q]!.effectiveSamples, 1);
    // Where a share underflows hangs on the order of sums.
    const seen = (one: { share: number }) => one.share > 1e-30;
    expect(estimate.sources.filter(seen)).toHaveLength(truth[q]!.sources.filter(seen).length);
    estimate.sources.filter(seen).forEach(({ corpus, source, share }) => {
      close(share, truth[q]!.sources.find((one) => one.corpus === corpus && one.source === source)!.share);
    });
    expect(estimate.neighbours.map(({ corpusId, row }) => [corpusId, row])).toEqual(
      truth[q]!.neighbours.map(({ corpusId, row }) => [corpusId, row]),
    );
  }
}

describe.each(KERNEL_NAMES)('a shared scan with the %s kernel', (kernel) => {
  it.each([0.01, 0.1, 1])('gives queries that join anywhere the exact density: h = %d', async (bandwidth) => {
    const joined: Promise<void>[] = [];
    const join = (from: number, to: number) => {
      const asked = some(from, to);
      joined.push(
        scan.estimate(asked, { neighbours: 4 }).then((found) => expectExact(asked, found, kernel, bandwidth)),
      );
    };
    const at: Record<number, [number, number]> = { 2: [5, 6], 3: [6, 20], 7: [20, 21], 9: [21, 40] };
    const scan = new SharedScan(points, {
      ...{ kernel, bandwidth },
      ...watchedTiles(points, (taken) => at[taken] && join(...at[taken])),
    });
    join(0, 5);
    await scan.estimate(some(0, 1), { neighbours: 0 });
    // Others join meanwhile.
    for (let i = 0; i < joined.length; i++) await joined[i];
    expect(joined).toHaveLength(5);
    expect(scan.isIdle).toBe(true);
  });
});

describe('a shared scan', () => {
  it('meets every tile once for a query, however many others join', async () => {
    let taken = 0;
    const watched = watchedTiles(points, () => taken++);
    const scan = new SharedScan(points, { kernel: 'exponential', bandwidth: 0.1, ...watched });
    await Promise.all([0, 1, 2].map((q) => scan.estimate(some(q, q + 1), { neighbours: 0 })));
    expect(taken).toBe(watched.tiles.count);
  });

  it('reads tiles each time where they may not be held, once where they may', async () => {
    for (const [most, reads] of [
      [0, 2],
      [1e9, 1],
    ] as const) {
      let rows = 0;
      const counted = points.map((one) => ({
        ...one,
        reader: {
          ...one.reader,
          read: (first: number, count: number, into: Float32Array) => {
            if (count > 1) rows += count;
            one.reader.read(first, count, into);
          },
        },
      }));
      const scan = new SharedScan(counted, {
        ...{ kernel: 'gaussian', bandwidth: 0.3 },
        ...watchedTiles(counted, () => {}, most),
      });
      const first = await scan.estimate(some(0, 2), { neighbours: 3 });
      expect(await scan.estimate(some(0, 2), { neighbours: 3 })).toEqual(first);
      expect(rows).toBe(reads * 45_000);
    }
  });

  it('tells all that ride of an error, and goes on with those who come later', async () => {
    let fails = true;
    const scan = new SharedScan(points, {
      ...{ kernel: 'exponential', bandwidth: 0.1 },
      ...watchedTiles(points, (taken) => {
        if (fails && taken === 3) throw new Error('the disk is gone');
      }),
    });
    const riders = [0, 1].map((q) => scan.estimate(some(q, q + 1), { neighbours: 0 }));
    for (const rider of riders) await expect(rider).rejects.toThrow('the disk is gone');
    fails = false;
    await expect(scan.estimate(some(0, 1), { neighbours: 0 })).resolves.toHaveLength(1);
  });
});

describe('open estimators that share', () => {
  it('give what others give, also where documents are asked for', async () => {
    const open = openEstimators(points, { shared: true });
    const options = { kernel: 'exponential', bandwidth: 0.1, neighbours: 4 } as const;
    const asked = some(0, 8);
    await expectExact(asked, await open.estimators.exact(asked, points, options), 'exponential', 0.1);
    const withDocuments = { ...options, documents: 3 };
    expect(await open.estimators.exact(asked, points, withDocuments)).toEqual(
      await exactDensity(asked, points, withDocuments),
    );
    const alone = { ...options, attribution: false };
    expect(await open.estimators.exact(asked, points, alone)).toEqual(
      await exactDensity(asked, points, alone),
    );
    open.close();
  });
});
