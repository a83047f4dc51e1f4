import type { NgramProbabilities } from './probabilities.js';
import { asContext, extend, type NgramTrie } from './trie.js';
import { requireTokens } from './windows.js';

/**
 * A trained n-gram model. Given any context, seen or not, its probabilities sum to 1 over the ids
 * 0..vocabularySize−1 and are all positive: neither mark is an event. All throw RangeError for an id outside.
 */
export interface NgramModel {
  readonly order: number;
  readonly vocabularySize: number;
  /** The id that stands for the start of a document in a context: vocabularySize. Never predicted. */
  readonly beginMark: number;
  /** Tokens trained on, marks not counted. */
  readonly trainedTokens: number;
  /**
   * Log probability (nats) of `token` after `context` (oldest first; only the last order − 1 ids count, the
   * begin mark allowed). An empty context is the middle of a text, not its start.
   */
  logProbability(context: ArrayLike<number>, token: number): number;
  /** Negative log likelihood (nats) of each token: the text starts at the begin mark; its end is not scored. */
  score(tokens: Int32Array): Float64Array;
}

/** The model over a trie and its probabilities. */
export function ngramModel(
  trie: NgramTrie,
  { logProbability, logBackoff }: NgramProbabilities,
  trainedTokens: number,
): NgramModel {
  const { order, vocabularySize, suffix, firstChild } = trie;
  const beginMark = vocabularySize;

  /** Log probability of the last id of `node`, which `extend` found from `context`. */
  function logProbabilityFrom(context: number, node: number): number {
    let sum = logProbability[node]!;
    for (let at = context; node < firstChild[at]! || node >= firstChild[at + 1]!; at = suffix[at]!) {
      sum += logBackoff[at]!;
    }
    return sum;
  }

  return {
    order,
    vocabularySize,
    beginMark,
    trainedTokens,

    logProbability(context, token) {
      requireTokens(context, vocabularySize + 1, 'context, ');
      requireTokens([token], vocabularySize, 'token, ');
      let state = 0;
      for (let i = Math.max(0, context.length - order + 1); i < context.length; i++) {
        state = asContext(trie, extend(trie, state, context[i]!));
      }
      return logProbabilityFrom(state, extend(trie, state, token));
    },

    score(tokens) {
      requireTokens(tokens, vocabularySize);
      const nll = new Float64Array(tokens.length);
      let state = asContext(trie, beginMark + 1);
      for (let i = 0; i < tokens.length; i++) {
        const node = extend(trie, state, tokens[i]!);
        nll[i] = -logProbabilityFrom(state, node);
        state = asContext(trie, node);
      }
      return nll;
    },
  };
}
