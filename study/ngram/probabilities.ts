import { discountsOf } from './discounts.js';
import type { NgramTrie } from './trie.js';

/** The numbers of a backing-off model that gives the same probabilities as the interpolated one, in nats. */
export interface NgramProbabilities {
  /** (nodes): log p(last id | the ids before it). */
  logProbability: Float64Array;
  /** (nodes under the top level): log of what a context leaves for ids never seen after it; 0 where none was. */
  logBackoff: Float64Array;
}

/**
 * Interpolated modified Kneser–Ney probabilities of every n-gram in the trie (Chen & Goodman 1999):
 * p(w | h) = (c(hw) − D(c(hw))) / c(h·) + γ(h) p(w | h′), h′ being h without its first id, γ(h) the mass that the
 * discounts D took, and 1 / vocabularySize below the unigrams. `counts` (nodes) as `buildTrie` gives them.
 */
export function interpolate(trie: NgramTrie, counts: Int32Array): NgramProbabilities {
  const { order, vocabularySize, levelStart, suffix, firstChild } = trie;
  const probability = new Float64Array(counts.length);
  const backoff = new Float64Array(levelStart[order]!);
  for (let level = 1; level <= order; level++) {
    const discounts = discountsOf(counts.subarray(levelStart[level]!, levelStart[level + 1]!));
    for (let context = levelStart[level - 1]!; context < levelStart[level]!; context++) {
      const first = firstChild[context]!;
      const end = firstChild[context + 1]!;
      let total = 0;
      let taken = 0;
      for (let node = first; node < end; node++) {
        total += counts[node]!;
        taken += discounts[Math.min(counts[node]!, 3)]!;
      }
      const left = total > 0 ? taken / total : 1;
      backoff[context] = left;
      for (let node = first; node < end; node++) {
        const count = counts[node]!;
        const shorter = level === 1 ? 1 / vocabularySize : probability[suffix[node]!]!;
        probability[node] = (count - discounts[Math.min(count, 3)]!) / total + left * shorter;
      }
    }
  }
  return { logProbability: logInPlace(probability), logBackoff: logInPlace(backoff) };
}

function logInPlace(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) values[i] = Math.log(values[i]!);
  return values;
}
