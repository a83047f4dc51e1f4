import { distance } from './distance.js';
import { type DensityEstimate, exactly } from './estimate.js';
import { COSINE_ERROR, type Kernel, TOLERANCE, unsureWithin } from './kernels.js';
import { documentNumbered, locate, type Numbering } from './numbering.js';
import { countPoints, type Points, tilesOf } from './points.js';
import type { QuerySum } from './query-sum.js';

/** What the refinement needs to know of the estimate. */
interface RefineOptions {
  kernel: Kernel;
  bandwidth: number;
  neighbours?: number;
}

/** A point near a query, with its kernel as float32 summed it and as it is. */
interface NearPoint {
  row: number;
  corpus: number;
  document: number;
  distance: number;
  kernel32: number;
  kernel: number;
}

const TILE_ROWS = 2048;

/**
 * Finishes float32 kernel sums: the nearest points' kernels are replaced by float64 ones where that matters, and a query where
 * it is not enough to be within the tolerance is summed again in float64 altogether.
 *
 * @param queries `(queries, dims)` row-major
 * @param sums one a query
 */
export function refine(
  queries: Float32Array,
  points: readonly Points[],
  sums: readonly QuerySum[],
  numbering: Numbering,
  options: RefineOptions,
): DensityEstimate[] {
  const { kernel, bandwidth } = options;
  const dims = points[0]!.reader.dims;
  const n = countPoints(points);
  const vector = new Float32Array(dims);
  // Nearer points were summed in float64 to begin with; where that is enough, only points to be named are read again.
  const nearSure = unsureWithin(kernel, bandwidth);
  const allSure = COSINE_ERROR * kernel.slope(nearSure, bandwidth) <= TOLERANCE;
  const near = sums.map(nearPointsOf);
  const unsure = sums.map((_, query) => query).filter((query) => !isSure(sums[query]!, near[query]!));
  sumInFloat64(unsure);
  return sums.map((sum, query) => finish(sum, near[query]!));

  function nearPointsOf(sum: QuerySum, query: number): NearPoint[] {
    const found: NearPoint[] = [];
    const count = allSure ? Math.min(options.neighbours ?? 0, sum.nearest.size) : sum.nearest.size;
    for (let rank = 0; rank < count; rank++) {
      const { corpus, row } = locate(sum.nearest.labels[rank]!, points);
      const { reader, documentOfRow } = points[corpus]!;
      reader.read(row, 1, vector);
      const r = distance(queries, query * dims, vector, 0, dims);
      found.push({
        row,
        corpus,
        document: numbering.firstDocument[corpus]! + documentOfRow[row]!,
        distance: r,
        kernel32: Math.exp(sum.nearest.values[rank]! - sum.logReference),
        kernel: Math.exp(kernel.log(r, bandwidth) - sum.logReference),
      });
    }
    for (const point of found) correct(sum, point);
    return found.sort((a, b) => a.distance - b.distance);
  }

  /** What float32 can still have got wrong lies in the points behind the refined ones. */
  function isSure(sum: QuerySum, found: readonly NearPoint[]): boolean {
    if (allSure) return true;
    const rest = sum.total - found.reduce((total, point) => total + point.kernel, 0);
    const farthest = Math.max(found.at(-1)?.distance ?? 0, nearSure);
    const error = COSINE_ERROR * kernel.slope(farthest, bandwidth);
    return found.length === n || error * (Math.max(rest, 0) / sum.total) <= TOLERANCE;
  }

  function sumInFloat64(unsureQueries: readonly number[]): void {
    if (unsureQueries.length === 0) return;
    for (const query of unsureQueries) sums[query]!.clear();
    for (const tile of tilesOf(points, TILE_ROWS)) {
      const { documentOfRow } = points[tile.corpus]!;
      for (const query of unsureQueries) {
        for (let row = 0; row < tile.rows; row++) {
          const r = distance(queries, query * dims, tile.vectors, row * dims, dims);
          const k = Math.exp(kernel.log(r, bandwidth) - sums[query]!.logReference);
          const document = numbering.firstDocument[tile.corpus]! + documentOfRow[tile.firstRow + row]!;
          sums[query]!.addToDocument(document, numbering.sourceOfDocument[document]!, k);
          sums[query]!.squares += k * k;
        }
      }
    }
    for (const query of unsureQueries) sums[query]!.closeDocument();
  }

  function correct(sum: QuerySum, { document, kernel: k, kernel32 }: NearPoint): void {
    const change = k - kernel32;
    sum.total += change;
    sum.squares += k * k - kernel32 * kernel32;
    sum.sourceSums[numbering.sourceOfDocument[document]!]! += change;
    const at = sum.documents.labels.subarray(0, sum.documents.size).indexOf(document);
    if (at >= 0) sum.documents.values[at]! += change;
  }

  function finish(sum: QuerySum, found: readonly NearPoint[]): DensityEstimate {
    const sources = numbering.sources
      .map(({ corpus, label: source }, s) => ({
        corpus,
        source,
        share: sum.sourceSums[s]! / sum.total,
        standardError: 0,
      }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share);
    return {
      ...exactly(sum.logReference + Math.log(sum.total / n)),
      effectiveSamples: sum.total ** 2 / sum.squares,
      sources,
      documents: Array.from({ length: sum.documents.size }, (_, i) => ({
        ...documentNumbered(sum.documents.labels[i]!, points, numbering),
        share: sum.documents.values[i]! / sum.total,
      })).sort((a, b) => b.share - a.share),
      neighbours: found.slice(0, options.neighbours ?? 0).map((point) => ({
        corpusId: points[point.corpus]!.corpusId,
        row: point.row,
        distance: point.distance,
        share: point.kernel / sum.total,
      })),
    };
  }
}
