import { bisectLeft } from 'd3';
import { distance } from '../distance.js';
import type { DensityEstimate } from '../estimate.js';
import type { Kernel } from '../kernels.js';
import { documentNumbered, type Numbering } from '../numbering.js';
import type { Points } from '../points.js';
import type { Draw } from './draw.js';
import type { Strata } from './strata.js';

/** What an estimate is described with. */
export interface Description {
  points: readonly Points[];
  strata: Strata;
  numbering: Numbering;
  kernel: Kernel;
  bandwidth: number;
  neighbours: number;
  documents: number;
  attributed: boolean;
}

/** A drawn point near the query. */
interface NearPoint {
  corpus: number;
  list: number;
  row: number;
  log: number;
}

/** The density of a query from what was drawn for it, with what it rests on. */
export function attribute(query: Float32Array, draw: Draw, description: Description): DensityEstimate {
  const { points, numbering, neighbours, documents, attributed } = description;
  const near = draw.nearest.points.map((point): NearPoint => {
    return { ...point, corpus: description.strata.corpusOf[point.list]! };
  });
  const { logTotal, shares, ...estimate } = draw.estimate;
  if (!attributed) return { ...estimate, sources: [], documents: [], neighbours: [] };
  return {
    ...estimate,
    sources: shares
      .map(({ source, share, standardError }) => {
        const { corpus, label } = numbering.sources[source]!;
        return { corpus, source: label, share, standardError };
      })
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share),
    documents: documentsOf(near, draw, logTotal, description).slice(0, documents),
    neighbours: near
      .slice(0, neighbours)
      .map((point) => ({ ...point, distance: distanceTo(query, point, description) }))
      .sort((a, b) => a.distance - b.distance)
      .map(({ corpus, row, distance: r }) => ({
        ...{ corpusId: points[corpus]!.corpusId, row, distance: r },
        share: Math.exp(description.kernel.log(r, description.bandwidth) - logTotal),
      })),
  };
}

/** Documents by their part of the density, over the near points that were kept. */
function documentsOf(
  near: readonly NearPoint[],
  { lists, near: sums }: Draw,
  logTotal: number,
  { points, numbering }: Description,
): DensityEstimate['documents'] {
  const found = new Map<number, number>();
  for (const { corpus, list, row, log } of near) {
    const stratum = indexOf(lists, list);
    if (stratum < 0) continue;
    const document = numbering.firstDocument[corpus]! + points[corpus]!.documentOfRow[row]!;
    const share = (sums.sizes[stratum]! / sums.rows[stratum]!) * Math.exp(log - logTotal);
    found.set(document, (found.get(document) ?? 0) + share);
  }
  return Array.from(found, ([document, share]) => ({
    ...documentNumbered(document, points, numbering),
    share,
  })).sort((a, b) => b.share - a.share);
}

/** Where a list is among some that ascend; −1 where it is not. */
function indexOf(lists: Int32Array, list: number): number {
  const at = bisectLeft(lists, list);
  return lists[at] === list ? at : -1;
}

function distanceTo(query: Float32Array, { corpus, row }: NearPoint, { points }: Description): number {
  const { reader } = points[corpus]!;
  const vector = new Float32Array(reader.dims);
  reader.read(row, 1, vector);
  return distance(query, 0, vector, 0, reader.dims);
}
