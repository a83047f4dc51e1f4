import type { ComputeRowKernels } from '../row-kernels.js';
import type { Allocation, FarBand } from './allocation.js';
import type { FarSample } from './far-sample.js';
import type { NearestPoints } from './nearest-points.js';
import { addToSource, type SourceSum, StratumSums } from './stratum-sums.js';

/** What a query's far field is estimated from. */
export interface FarQuery {
  /** `(dims)`, multiplied by the kernel's scale. */
  scaled: Float32Array;
  allocation: Allocation;
  nearest: NearestPoints;
}

/** A band's variance is that of at least this many rows; bands of fewer are joined to their neighbours. */
const LEAST_ROWS = 12;
const TILE_ROWS = 1024;

/**
 * Sums the sample's kernels of every query by the bands of its far field (post-stratification: given how many rows of the
 * sample lie in a band, these are a simple random sample of it).
 *
 * @param sourceOf the source of a row of the sample, where sums by source are asked for
 * @returns the bands of every query, from the nearest on
 */
export async function sumFarField(
  queries: readonly FarQuery[],
  sample: FarSample,
  dims: number,
  compute: ComputeRowKernels,
  sourceOf?: (row: number) => number,
): Promise<StratumSums[]> {
  const block = new Float32Array(queries.length * dims);
  queries.forEach(({ scaled }, q) => {
    block.set(scaled, q * dims);
  });
  const sums = queries.map(({ allocation }) => emptyBands(allocation.far, sourceOf !== undefined));
  const rows = sample.lists.length;
  for (let first = 0; first < rows; first += TILE_ROWS) {
    const last = Math.min(rows, first + TILE_ROWS);
    const { kernels, maxima } = await compute(sample.vectors.subarray(first * dims, last * dims), block);
    queries.forEach(({ allocation, nearest }, q) => {
      const bands = openBands(allocation.far.length, sourceOf !== undefined);
      const maybeNear = maxima[q]! > nearest.floor;
      for (let row = first; row < last; row++) {
        const band = allocation.bands[sample.lists[row]!]!;
        if (band < 0) continue;
        const k = kernels[(row - first) * queries.length + q]!;
        bands.rows[band]!++;
        bands.totals[band]! += k;
        bands.squares[band]! += k * k;
        if (sourceOf) addToSource(bands.sources[band]!, sourceOf(row), k);
        if (maybeNear) nearest.offer(maxima[q]! + Math.log(k), sample.lists[row]!, sample.ids[row]!);
      }
      for (let band = 0; band < bands.rows.length; band++) {
        if (bands.rows[band] === 0) continue;
        const { rows: counts, totals, squares, sources } = bands;
        sums[q]!.add(band, counts[band]!, maxima[q]!, totals[band]!, squares[band]!, sources[band]);
      }
    });
  }
  return sums.map(joinSmall);
}

function openBands(count: number, bySource: boolean) {
  return {
    sources: Array.from({ length: bySource ? count : 0 }, () => new Map<number, SourceSum>()),
    rows: new Int32Array(count),
    totals: new Float64Array(count),
    squares: new Float64Array(count),
  };
}

function emptyBands(bands: readonly FarBand[], bySource: boolean): StratumSums {
  const points = Float64Array.from(bands, (band) => band.points);
  return new StratumSums(
    points,
    Float64Array.from(bands, ({ predicted }) => predicted),
    bySource,
  );
}

/** Joins bands until each has enough rows, from the nearest on; a rest that has not is joined to the last that has. */
function joinSmall(sums: StratumSums): StratumSums {
  const groups: number[][] = [];
  let [group, rows]: [number[], number] = [[], 0];
  for (let band = 0; band < sums.sizes.length; band++) {
    if (sums.sizes[band] === 0) continue;
    group.push(band);
    rows += sums.rows[band]!;
    if (rows < LEAST_ROWS) continue;
    groups.push(group);
    [group, rows] = [[], 0];
  }
  if (groups.length > 0) groups.at(-1)!.push(...group);
  else if (group.length > 0) groups.push(group);
  const bands = groups.map((joined) => joinBands(joined, sums));
  const joined = emptyBands(bands, sums.sources !== undefined);
  groups.forEach((members, at) => {
    for (const band of members) joined.addStratum(at, sums, band);
  });
  return joined;
}

function joinBands(members: readonly number[], { sizes, predicted }: StratumSums): FarBand {
  const points = members.reduce((sum, band) => sum + sizes[band]!, 0);
  const largest = Math.max(...members.map((band) => predicted[band]!));
  const squares = members.reduce(
    (sum, band) => sum + sizes[band]! * Math.exp(2 * (predicted[band]! - largest)),
    0,
  );
  return { points, predicted: largest + Math.log(squares / points) / 2 };
}
