import { rollup, sum } from 'd3';
import type { DensityEstimate } from '../estimate.js';
import { type Numbering, nameDocuments, nameSources } from '../numbering.js';
import type { Points } from '../points.js';
import type { Int8Estimate } from './finish.js';

/** The source of every row of a corpus. */
export function sourceOfRows(
  documentOfRow: Int32Array,
  corpus: number,
  { firstDocument, sourceOfDocument }: Numbering,
): Int32Array {
  return documentOfRow.map((document) => sourceOfDocument[firstDocument[corpus]! + document]!);
}

/** An estimate with the names of its sources, and its documents, of which the points that were computed again are known. */
export function describe(
  { shares, near, ...estimate }: Int8Estimate,
  points: readonly Points[],
  {
    numbering,
    neighbours,
    documents,
  }: { numbering: Numbering | undefined; neighbours: number; documents: number },
): DensityEstimate {
  if (!numbering) return { ...estimate, sources: [], documents: [], neighbours: [] };
  const shareOf = rollup(
    near,
    (some) => sum(some, ({ share }) => share),
    ({ corpus, row }) => numbering.firstDocument[corpus]! + points[corpus]!.documentOfRow[row]!,
  );
  return {
    ...estimate,
    sources: nameSources(shares, numbering),
    documents: nameDocuments(shareOf, points, numbering).slice(0, documents),
    neighbours: near
      .slice(0, neighbours)
      .map(({ corpus, ...point }) => ({ corpusId: points[corpus]!.corpusId, ...point })),
  };
}
