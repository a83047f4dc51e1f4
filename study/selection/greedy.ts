import type { Candidate } from './support.js';

/** A chosen candidate, and what it added when it was chosen. */
export interface Chosen {
  candidate: number;
  gain: number;
}

/** The queries that support is to be added to. */
export interface Targets {
  /** Kernel sums of what is there already, n·f(q). */
  sums: ArrayLike<number>;
  /** What a query counts; 0 leaves it out. */
  weights: ArrayLike<number>;
}

/**
 * Chooses candidates one after another, each the one that raises Σ w(q)·log(sum(q)) most: what is added where there is much already is
 * worth little, so the chosen are diverse. The sum is submodular, so that greedy reaches at least 1 − 1/e of the best choice
 * (Nemhauser, Wolsey & Fisher 1978), and an old gain bounds the new one: only candidates at the top are looked at again (Minoux 1978).
 *
 * @returns at most `count` candidates, in the order they were chosen; fewer where the others add nothing
 */
export function chooseGreedily(
  candidates: readonly Candidate[],
  { sums, weights }: Targets,
  count: number,
): Chosen[] {
  const now = Float64Array.from(sums);
  const gainOf = ({ support }: Candidate) => {
    let gain = 0;
    for (const [query, added] of support) gain += weights[query]! * Math.log1p(added / now[query]!);
    return gain;
  };
  const queue = candidates.map((candidate, i) => ({ candidate: i, gain: gainOf(candidate), at: 0 }));
  queue.sort((a, b) => b.gain - a.gain || a.candidate - b.candidate);
  const chosen: Chosen[] = [];
  while (chosen.length < count && queue.length > 0) {
    const top = queue.shift()!;
    if (!(top.gain > 0)) break;
    if (top.at < chosen.length) {
      insert(queue, { ...top, gain: gainOf(candidates[top.candidate]!), at: chosen.length });
      continue;
    }
    chosen.push({ candidate: top.candidate, gain: top.gain });
    for (const [query, added] of candidates[top.candidate]!.support) now[query]! += added;
  }
  return chosen;
}

interface Queued extends Chosen {
  /** How many were chosen when the gain was computed. */
  at: number;
}

/** Puts a candidate where its gain belongs; those of equal gain by their number. */
function insert(queue: Queued[], one: Queued): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = queue[middle]!;
    if (other.gain > one.gain || (other.gain === one.gain && other.candidate < one.candidate))
      low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, one);
}
