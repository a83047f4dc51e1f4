import { type OnProgress, UsageError } from '../../store/index.js';
import { type NgramModel, ngramModel } from './model.js';
import { interpolate } from './probabilities.js';
import { buildTrie } from './trie.js';
import { sortWindows } from './windows.js';

export interface NgramOptions {
  /** The longest n-gram: 1 to 8 tokens. Default 5. */
  order?: number;
  /** Token ids are 0..vocabularySize−1. */
  vocabularySize: number;
}

/**
 * Trains an interpolated modified Kneser–Ney model (Chen & Goodman 1999) on token sequences, one per document.
 * A begin mark precedes each, as context only; n-grams do not cross documents. The result depends on the
 * sequences alone, not on their order. Time is linear in tokens · order.
 * Throws UsageError for an order outside 1..8, RangeError for a vocabulary size or token id that cannot be,
 * DataError where there are no tokens.
 */
export function trainNgram(
  sequences: Iterable<Int32Array>,
  { order = 5, vocabularySize }: NgramOptions,
  onProgress?: OnProgress,
): NgramModel {
  if (!(Number.isInteger(order) && order >= 1 && order <= 8)) {
    throw new UsageError(`the n-gram order is ${order}: give a whole number from 1 to 8`);
  }
  if (!(Number.isInteger(vocabularySize) && vocabularySize >= 1)) {
    throw new RangeError(`vocabularySize is ${vocabularySize}: give the number of token ids, at least 1`);
  }
  const windows = sortWindows([...sequences], order, vocabularySize);
  const { trie, counts } = buildTrie(windows, order, vocabularySize, (done) =>
    onProgress?.({ step: 'training the n-gram model', done, total: order, unit: 'orders' }),
  );
  return ngramModel(trie, interpolate(trie, counts), windows.tokens);
}
