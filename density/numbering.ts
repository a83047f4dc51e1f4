import type { DensityEstimate } from './estimate.js';
import type { Points, Tile } from './points.js';

/** How a corpus's documents and sources are numbered over all corpora of a pass. */
export interface Numbering {
  /** First document number of each corpus. */
  firstDocument: number[];
  /** Source number of each document. */
  sourceOfDocument: Int32Array;
  sources: { corpus: string; label: string }[];
}

/** Consecutive columns of a tile that belong to one document. */
export interface DocumentRun {
  document: number;
  source: number;
  from: number;
  to: number;
}

/** Numbers the documents and sources of all corpora. */
export function numberDocuments(points: readonly Points[]): Numbering {
  const firstDocument: number[] = [];
  const sourceOfDocument: number[] = [];
  const sources: Numbering['sources'] = [];
  for (const { corpus, documents } of points) {
    const sourceNumbers = new Map<string, number>();
    firstDocument.push(sourceOfDocument.length);
    for (const { source } of documents) {
      if (!sourceNumbers.has(source)) {
        sourceNumbers.set(source, sources.length);
        sources.push({ corpus, label: source });
      }
      sourceOfDocument.push(sourceNumbers.get(source)!);
    }
  }
  return { firstDocument, sourceOfDocument: Int32Array.from(sourceOfDocument), sources };
}

/** The documents of a tile, in the order of its rows. */
export function documentRuns(tile: Tile, points: readonly Points[], numbering: Numbering): DocumentRun[] {
  const { documentOfRow } = points[tile.corpus]!;
  const first = numbering.firstDocument[tile.corpus]!;
  const runs: DocumentRun[] = [];
  for (let from = 0; from < tile.rows; ) {
    const document = documentOfRow[tile.firstRow + from]!;
    let to = from + 1;
    while (to < tile.rows && documentOfRow[tile.firstRow + to] === document) to++;
    runs.push({
      document: first + document,
      source: numbering.sourceOfDocument[first + document]!,
      from,
      to,
    });
    from = to;
  }
  return runs;
}

/** The number of the first row of each corpus, counted over all of them. */
export function startingRows(points: readonly Points[]): number[] {
  let row = 0;
  return points.map(({ documentOfRow }) => {
    const first = row;
    row += documentOfRow.length;
    return first;
  });
}

/** Which corpus and which of its rows a row counted over all corpora is. */
export function locate(row: number, points: readonly Points[]): { corpus: number; row: number } {
  let corpus = 0;
  let rest = row;
  while (rest >= points[corpus]!.documentOfRow.length) rest -= points[corpus++]!.documentOfRow.length;
  return { corpus, row: rest };
}

/** The document of a number, with its corpus. */
export function documentNumbered(
  document: number,
  points: readonly Points[],
  { firstDocument }: Numbering,
): { corpus: string; document: string } {
  const at = firstDocument.findLastIndex((first) => first <= document);
  const { corpus, documents } = points[at]!;
  return { corpus, document: documents[document - firstDocument[at]!]!.key };
}

/** Shares of sources by their names, the largest first; those of nothing are left out. */
export function nameSources(
  shares: readonly { source: number; share: number; standardError: number }[],
  { sources }: Numbering,
): DensityEstimate['sources'] {
  return shares
    .filter(({ share }) => share > 0)
    .map(({ source, ...share }) => ({
      corpus: sources[source]!.corpus,
      source: sources[source]!.label,
      ...share,
    }))
    .sort((a, b) => b.share - a.share);
}

/** Shares of documents by their names, the largest first; those of nothing are left out. */
export function nameDocuments(
  shareOf: ReadonlyMap<number, number>,
  points: readonly Points[],
  numbering: Numbering,
): DensityEstimate['documents'] {
  return Array.from(shareOf, ([document, share]) => ({
    ...documentNumbered(document, points, numbering),
    share,
  }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}
