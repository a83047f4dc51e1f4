import type { DocumentRun } from './numbering.js';
import { SPAN, type TileValues } from './tile-kernel.js';
import { TopList } from './top-list.js';

/**
 * What is known of one query's kernel sum so far. All sums are relative to exp(`logReference`), so that small
 * bandwidths neither underflow nor overflow.
 */
export class QuerySum {
  total = 0;
  squares = 0;
  readonly sourceSums: Float64Array;
  /** Documents by their sums. A document's chunks lie in consecutive rows, so one running sum is enough. */
  readonly documents: TopList;
  /** Points by the logs of their kernels, nats; labels are rows counted over all corpora. */
  readonly nearest: TopList;
  #document = -1;
  #documentSum = 0;

  constructor(
    public logReference: number,
    sources: number,
    options: { documents: number; nearest: number },
  ) {
    this.sourceSums = new Float64Array(sources);
    this.documents = new TopList(options.documents);
    this.nearest = new TopList(options.nearest);
  }

  /**
   * Adds the kernel values of one query and a tile whose documents are `runs`.
   *
   * @param query the query's row in `values`, which are relative to the reference
   * @param firstRow the tile's first row, counted over all corpora
   * @param largest the largest of its logs
   */
  addTile(
    values: TileValues,
    query: number,
    runs: readonly DocumentRun[],
    firstRow: number,
    largest: number,
  ): void {
    for (const { document, source, from, to } of runs) {
      this.addToDocument(document, source, this.#addColumns(values, query, from, to));
    }
    if (largest + this.logReference > this.nearest.floor) {
      this.#offerNearest(values, query, runs.at(-1)!.to, firstRow);
    }
  }

  /** Adds the squares of the kernels of some columns and gives their sum: whole spans from the graph, their rests one by one. */
  #addColumns(
    { stride, kernels, sums, squares }: TileValues,
    query: number,
    from: number,
    to: number,
  ): number {
    const [row, spanRow] = [query * stride, (query * stride) / SPAN];
    const firstSpan = Math.ceil(from / SPAN);
    const lastSpan = Math.max(firstSpan, Math.floor(to / SPAN));
    let [sum, square] = [0, 0];
    for (let span = spanRow + firstSpan; span < spanRow + lastSpan; span++) {
      sum += sums[span]!;
      square += squares[span]!;
    }
    const addOneByOne = (start: number, end: number) => {
      for (let i = row + start; i < row + end; i++) {
        sum += kernels[i]!;
        square += kernels[i]! * kernels[i]!;
      }
    };
    addOneByOne(from, Math.min(to, firstSpan * SPAN));
    addOneByOne(Math.max(from, lastSpan * SPAN, Math.min(to, firstSpan * SPAN)), to);
    this.squares += square;
    return sum;
  }

  #offerNearest(
    { stride, logs, maxima }: TileValues,
    query: number,
    columns: number,
    firstRow: number,
  ): void {
    const { nearest, logReference } = this;
    const row = query * stride;
    for (let start = 0; start < columns; start += SPAN) {
      if (maxima[(row + start) / SPAN]! + logReference <= nearest.floor) continue;
      const end = Math.min(start + SPAN, columns);
      for (let column = start; column < end; column++) {
        nearest.offer(logs[row + column]! + logReference, firstRow + column);
      }
    }
  }

  /** Adds a part of a document's sum; documents come one after another. */
  addToDocument(document: number, source: number, sum: number): void {
    if (document !== this.#document) {
      this.closeDocument();
      this.#document = document;
    }
    this.#documentSum += sum;
    this.sourceSums[source]! += sum;
    this.total += sum;
  }

  /** Ends the running document's sum; to be called after the last point. */
  closeDocument(): void {
    if (this.#document >= 0) this.documents.offer(this.#documentSum, this.#document);
    this.#document = -1;
    this.#documentSum = 0;
  }

  /** Forgets all sums, and keeps the nearest points and the reference. */
  clear(): void {
    this.total = 0;
    this.squares = 0;
    this.sourceSums.fill(0);
    this.documents.clear();
  }

  /** Expresses all sums relative to another reference. */
  rebase(logReference: number): void {
    const factor = Math.exp(this.logReference - logReference);
    this.total *= factor;
    this.squares *= factor * factor;
    for (let i = 0; i < this.sourceSums.length; i++) this.sourceSums[i]! *= factor;
    this.documents.rescale(factor);
    this.#documentSum *= factor;
    this.logReference = logReference;
  }
}
