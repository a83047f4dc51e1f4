import { distance } from './distance.js';
import type { DensityEstimate } from './estimate.js';
import type { Kernel } from './kernels.js';
import { type Numbering, nameDocuments, nameSources } from './numbering.js';
import type { Points } from './points.js';
import type { StrataEstimate } from './stratified/finish.js';

/** A point that was drawn for a query. */
export interface DrawnPoint {
  /** Which of the `points` it is from, and its row there. */
  corpus: number;
  row: number;
  /** log K, nats. */
  log: number;
  /** How many points it stands for; 0 where that is not known, so that it is not counted for its document. */
  weight: number;
}

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
 * An estimate with what it rests on; documents are summed over the nearest points drawn.
 *
 * @param nearest the nearest points drawn, nearest first
 */
export function describeDrawn(
  query: Float32Array,
  { logTotal, shares, ...estimate }: StrataEstimate,
  nearest: readonly DrawnPoint[],
  { points, numbering, kernel, bandwidth, neighbours, documents, attributed }: Description,
): DensityEstimate {
  if (!attributed) return { ...estimate, sources: [], documents: [], neighbours: [] };
  const { dims } = points[0]!.reader;
  const vector = new Float32Array(dims);
  const found = new Map<number, number>();
  for (const { corpus, row, log, weight } of nearest) {
    const document = numbering.firstDocument[corpus]! + points[corpus]!.documentOfRow[row]!;
    found.set(document, (found.get(document) ?? 0) + weight * Math.exp(log - logTotal));
  }
  return {
    ...estimate,
    sources: nameSources(shares, numbering),
    documents: nameDocuments(found, points, numbering).slice(0, documents),
    neighbours: nearest
      .slice(0, neighbours)
      .map(({ corpus, row }) => {
        const { reader, corpusId } = points[corpus]!;
        reader.read(row, 1, vector);
        const r = distance(query, 0, vector, 0, dims);
        return { corpusId, row, distance: r, share: Math.exp(kernel.log(r, bandwidth) - logTotal) };
      })
      .sort((a, b) => a.distance - b.distance),
  };
}
