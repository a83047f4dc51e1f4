import { TopList } from '../top-list.js';

/** More rows than any corpus has. */
const ROWS = 2 ** 31;

/** The drawn points nearest to a query. */
export class NearestPoints {
  readonly #points: TopList;

  constructor(readonly capacity: number) {
    this.#points = new TopList(capacity);
  }

  /** A log kernel must exceed this to be kept, nats. */
  get floor(): number {
    return this.#points.floor;
  }

  /** Keeps the point where its log kernel, nats, is among the largest. */
  offer(log: number, tile: number, row: number): void {
    this.#points.offer(log, tile * ROWS + row);
  }

  /** The points that were kept, nearest first; one that was offered twice is there once. */
  get points(): { log: number; tile: number; row: number }[] {
    const { values, labels, size } = this.#points;
    const seen = new Map(Array.from({ length: size }, (_, i) => [labels[i]!, values[i]!]));
    return Array.from(seen, ([label, log]) => ({ log, tile: Math.floor(label / ROWS), row: label % ROWS }));
  }
}
