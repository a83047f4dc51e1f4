import { shuffler } from 'd3';
import { randomStream } from './streams.js';

/** Rows put into lists. */
export interface ListOrder {
  /** Rows in each list. */
  sizes: Int32Array;
  /** The rows of list 0, then those of list 1, and so on. */
  order: Int32Array;
}

/**
 * Puts rows into lists, shuffled in each: any stretch of a list is then a random draw from it without replacement.
 *
 * @param nearest the list of every row
 * @param seed an integer
 * @param stream numbers the shuffles of one seed
 */
export function orderByList(nearest: Int32Array, lists: number, seed: number, stream: number): ListOrder {
  const sizes = new Int32Array(lists);
  for (const list of nearest) sizes[list]!++;
  const next = new Int32Array(lists);
  for (let list = 1; list < lists; list++) next[list] = next[list - 1]! + sizes[list - 1]!;
  const order = new Int32Array(nearest.length);
  nearest.forEach((list, row) => {
    order[next[list]!++] = row;
  });
  const shuffle = shuffler(randomStream(seed, stream));
  let start = 0;
  for (const size of sizes) {
    shuffle(order, start, start + size);
    start += size;
  }
  return { sizes, order };
}
