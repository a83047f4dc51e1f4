import { END_MARK, type SortedWindows } from './windows.js';

/**
 * Every n-gram of the training tokens up to `order`, numbered breadth first: node 0 is the empty n-gram,
 * level k holds the k-grams in lexicographic order, so that the children of a node are consecutive.
 * Level 1 holds every id, seen or not: id w is node w + 1, the begin mark node vocabularySize + 1.
 */
export interface NgramTrie {
  order: number;
  vocabularySize: number;
  /** (order + 2): level k is the nodes levelStart[k] to levelStart[k + 1] − 1. */
  levelStart: Int32Array;
  /** (nodes): the last id of the n-gram. */
  token: Int32Array;
  /** (nodes): the node of the n-gram without its first id. */
  suffix: Int32Array;
  /** (nodes under the top level + 1): the children of a node are firstChild[node] to firstChild[node + 1] − 1. */
  firstChild: Int32Array;
}

/**
 * Builds the trie, and the count (nodes) that Kneser–Ney smoothing gives each n-gram: how often it occurs at
 * the top level and after the begin mark (which nothing can precede), elsewhere in how many distinct ids it is
 * preceded by. The begin mark itself is never predicted: count 0.
 */
export function buildTrie(
  { stream, starts }: SortedWindows,
  order: number,
  vocabularySize: number,
  onLevel: (level: number) => void,
): { trie: NgramTrie; counts: Int32Array } {
  const beginMark = vocabularySize;
  const mostNodes = vocabularySize + 2 + (order - 1) * starts.length;
  const token = new Int32Array(mostNodes);
  const suffix = new Int32Array(mostNodes);
  const counts = new Int32Array(mostNodes);
  const children = new Int32Array(mostNodes + 1);
  const levelStart = new Int32Array(order + 2);

  // shorterAt[p] is the node of the (level − 1)-gram that starts at position p, 0 where the document ends before.
  let shorterAt = new Int32Array(stream.length);
  let nodeAt = new Int32Array(stream.length);

  for (let id = 0; id <= beginMark; id++) token[id + 1] = id;
  children[0] = vocabularySize + 1;
  levelStart[1] = 1;
  levelStart[2] = vocabularySize + 2;
  for (const start of starts) {
    const id = stream[start]!;
    nodeAt[start] = id + 1;
    if (order === 1 && id !== beginMark) counts[id + 1]!++;
  }
  onLevel(1);

  for (let level = 2; level <= order; level++) {
    [shorterAt, nodeAt] = [nodeAt, shorterAt.fill(0)];
    let node = levelStart[level]! - 1;
    let parentBefore = 0;
    let idBefore = END_MARK;
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i]!;
      const parent = shorterAt[start]!;
      const id = stream[start + level - 1]!;
      if (parent === 0 || id === END_MARK) continue;
      if (parent !== parentBefore || id !== idBefore) {
        node++;
        token[node] = id;
        suffix[node] = shorterAt[start + 1]!;
        children[parent]!++;
        counts[suffix[node]!]!++;
        parentBefore = parent;
        idBefore = id;
      }
      if (level === order || stream[start] === beginMark) counts[node]!++;
      nodeAt[start] = node;
    }
    levelStart[level + 1] = node + 1;
    onLevel(level);
  }

  const nodes = levelStart[order + 1]!;
  const firstChild = children.slice(0, levelStart[order]! + 1);
  for (let node = 0, next = 1; node < firstChild.length; node++) {
    const size = firstChild[node]!;
    firstChild[node] = next;
    next += size;
  }
  return {
    trie: {
      order,
      vocabularySize,
      levelStart,
      token: token.slice(0, nodes),
      suffix: suffix.slice(0, nodes),
      firstChild,
    },
    counts: counts.slice(0, nodes),
  };
}

/** The child of `node` (under the top level) that ends with `id`, 0 where there is none. */
export function childOf(trie: NgramTrie, node: number, id: number): number {
  if (node === 0) return id + 1;
  const { token, firstChild } = trie;
  const end = firstChild[node + 1]!;
  let low = firstChild[node]!;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (token[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low < end && token[low] === id ? low : 0;
}

/** The longest n-gram in the trie that ends the n-gram of `node` (under the top level) followed by `id`. */
export function extend(trie: NgramTrie, node: number, id: number): number {
  let child = childOf(trie, node, id);
  for (let context = node; child === 0; child = childOf(trie, context, id)) context = trie.suffix[context]!;
  return child;
}

/** The longest context that the n-gram of `node` leaves for the next id: at most order − 1 ids. */
export function asContext(trie: NgramTrie, node: number): number {
  return node < trie.levelStart[trie.order]! ? node : trie.suffix[node]!;
}
