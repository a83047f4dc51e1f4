import type { DocumentRun } from './numbering.js';
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
  /** Points by their kernel values; labels are rows counted over all corpora. */
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
   * Adds the kernel values `kernels[offset…]` of a tile whose documents are `runs`.
   *
   * @param squares their sum of squares
   * @param firstRow the tile's first row, counted over all corpora
   */
  addTile(
    kernels: Float32Array,
    offset: number,
    squares: number,
    runs: readonly DocumentRun[],
    firstRow: number,
  ): void {
    for (const { document, source, from, to } of runs) {
      this.addToDocument(document, source, this.#sumOf(kernels, offset, from, to, firstRow));
    }
    this.squares += squares;
  }

  /** Four sums side by side: one alone would wait for every addition. */
  #sumOf(kernels: Float32Array, offset: number, from: number, to: number, firstRow: number): number {
    const { nearest } = this;
    let floor = nearest.floor;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let column = from;
    for (; column + 4 <= to; column += 4) {
      const k0 = kernels[offset + column]!;
      const k1 = kernels[offset + column + 1]!;
      const k2 = kernels[offset + column + 2]!;
      const k3 = kernels[offset + column + 3]!;
      s0 += k0;
      s1 += k1;
      s2 += k2;
      s3 += k3;
      if (k0 > floor || k1 > floor || k2 > floor || k3 > floor) {
        for (let i = column; i < column + 4; i++) nearest.offer(kernels[offset + i]!, firstRow + i);
        floor = nearest.floor;
      }
    }
    for (; column < to; column++) {
      s0 += kernels[offset + column]!;
      nearest.offer(kernels[offset + column]!, firstRow + column);
    }
    return s0 + s1 + (s2 + s3);
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
    this.nearest.rescale(factor);
    this.#documentSum *= factor;
    this.logReference = logReference;
  }
}
