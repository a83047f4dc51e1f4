import type { ComputeRowKernels } from '../row-kernels.js';
import type { Allocation } from './allocation.js';
import type { FarSample } from './far-sample.js';
import { NO_BIN } from './histograms.js';
import type { NearestPoints } from './nearest-points.js';
import { addToSource, type SourceSum, type StratumSums } from './stratum-sums.js';

/** What a query's far field is estimated from. */
export interface FarQuery {
  allocation: Allocation;
  /** Bins of own lists, but for the near field. */
  bins: Uint16Array;
  /** Whether an own tile, an index into `own`, is in the near field. */
  isNear: (at: number) => boolean;
  sums: StratumSums;
  nearest: NearestPoints;
}

/** Where the rows of a sample lie: own tiles and lists by number. */
export interface SamplePlaces {
  tiles: Int32Array;
  lists: Int32Array;
}

const TILE_ROWS = 1024;

/**
 * Adds the sample's kernels to the bands of the far field of every query (post-stratification: given how many rows of the sample lie
 * in a band, these are a simple random sample of it).
 *
 * @param scaled `(queries, dims)` row-major, multiplied by the kernel's scale
 * @param sourceOf the source of a row of the sample, where sums by source are asked for
 */
export async function addFarField(
  queries: readonly FarQuery[],
  scaled: Float32Array,
  sample: FarSample,
  places: SamplePlaces,
  compute: ComputeRowKernels,
  sourceOf?: (row: number) => number,
): Promise<void> {
  const dims = scaled.length / queries.length;
  const rows = sample.ids.length;
  for (let first = 0; first < rows; first += TILE_ROWS) {
    const last = Math.min(rows, first + TILE_ROWS);
    const { kernels, maxima } = await compute(sample.vectors.subarray(first * dims, last * dims), scaled);
    for (const [q, query] of queries.entries()) {
      const found = openBands(query.allocation.bands.length, sourceOf !== undefined);
      const log = maxima[q]!;
      const offers = log > query.nearest.floor;
      for (let row = first; row < last; row++) {
        const band = bandAt(query, places, row);
        if (band < 0) continue;
        const k = kernels[(row - first) * queries.length + q]!;
        found.rows[band]!++;
        found.totals[band]! += k;
        found.squares[band]! += k * k;
        if (sourceOf) addToSource(found.sources[band]!, sourceOf(row), k);
        if (offers) query.nearest.offer(log + Math.log(k), sample.tiles[row]!, sample.ids[row]!);
      }
      addFound(query.sums, log, found);
    }
  }
}

/** The band of the far field that a row of the sample is in; −1 where it is in another part of the field. */
function bandAt({ allocation, bins, isNear }: FarQuery, { tiles, lists }: SamplePlaces, row: number): number {
  const bin = bins[lists[row]!]!;
  if (bin === NO_BIN) return -1;
  const band = allocation.bandOfBin[bin]!;
  return allocation.bands[band]!.rate > 0 || isNear(tiles[row]!) ? -1 : band;
}

function addFound(
  sums: StratumSums,
  log: number,
  { rows, totals, squares, sources }: ReturnType<typeof openBands>,
): void {
  for (let band = 0; band < rows.length; band++)
    if (rows[band]! > 0) sums.add(band, rows[band]!, log, totals[band]!, squares[band]!, sources[band]);
}

function openBands(count: number, bySource: boolean) {
  return {
    sources: Array.from({ length: bySource ? count : 0 }, () => new Map<number, SourceSum>()),
    rows: new Int32Array(count),
    totals: new Float64Array(count),
    squares: new Float64Array(count),
  };
}
