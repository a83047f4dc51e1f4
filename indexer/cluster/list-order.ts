/** Rows put into lists. */
export interface ListOrder {
  /** Rows in each list. */
  sizes: Int32Array;
  /** Where each row stands when those of list 0 come first, then those of list 1, and so on. */
  places: Int32Array;
}

/**
 * Puts rows into lists, in the order of the rows in each.
 *
 * @param nearest the list of every row
 */
export function orderByList(nearest: Int32Array, lists: number): ListOrder {
  const sizes = new Int32Array(lists);
  for (const list of nearest) sizes[list]!++;
  const next = new Int32Array(lists);
  for (let list = 1; list < lists; list++) next[list] = next[list - 1]! + sizes[list - 1]!;
  return { sizes, places: nearest.map((list) => next[list]!++) };
}
