import { distance } from '../distance.js';
import type { DensityEstimate } from '../estimate.js';
import type { Kernel } from '../kernels.js';
import { documentNumbered, locate, type Numbering } from '../numbering.js';
import { countPoints, type Points } from '../points.js';
import { finish } from '../stratified/finish.js';
import type { StratumSums } from '../stratified/stratum-sums.js';
import type { TopList } from '../top-list.js';

/** What an estimate is described with. */
export interface Description {
  points: readonly Points[];
  numbering: Numbering;
  kernel: Kernel;
  bandwidth: number;
  neighbours: number;
  documents: number;
  attributed: boolean;
}

/**
 * The density of a query from sums over strata, with what it rests on; documents are summed over the nearest points.
 *
 * @param nearest by log kernel; labels are rows counted over all corpora
 * @param drawn rows that were looked at
 */
export function describe(
  query: Float32Array,
  sums: StratumSums,
  nearest: TopList,
  drawn: number,
  { points, numbering, kernel, bandwidth, neighbours, documents, attributed }: Description,
): DensityEstimate {
  const { logTotal, shares, ...estimate } = finish([sums], drawn, countPoints(points));
  if (!attributed) return { ...estimate, sources: [], documents: [], neighbours: [] };
  const { dims } = points[0]!.reader;
  const vector = new Float32Array(dims);
  const near = Array.from({ length: Math.min(neighbours, nearest.size) }, (_, rank) => {
    const { corpus, row } = locate(nearest.labels[rank]!, points);
    points[corpus]!.reader.read(row, 1, vector);
    const r = distance(query, 0, vector, 0, dims);
    const share = Math.exp(kernel.log(r, bandwidth) - logTotal);
    return { corpusId: points[corpus]!.corpusId, row, distance: r, share };
  });
  const found = new Map<number, number>();
  for (let rank = 0; rank < nearest.size; rank++) {
    const { corpus, row } = locate(nearest.labels[rank]!, points);
    const document = numbering.firstDocument[corpus]! + points[corpus]!.documentOfRow[row]!;
    found.set(document, (found.get(document) ?? 0) + Math.exp(nearest.values[rank]! - logTotal));
  }
  return {
    ...estimate,
    sources: shares
      .map(({ source, share, standardError }) => {
        const { corpus, label } = numbering.sources[source]!;
        return { corpus, source: label, share, standardError };
      })
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share),
    documents: Array.from(found, ([document, share]) => ({
      ...documentNumbered(document, points, numbering),
      share,
    }))
      .sort((a, b) => b.share - a.share)
      .slice(0, documents),
    neighbours: near.sort((a, b) => a.distance - b.distance),
  };
}
