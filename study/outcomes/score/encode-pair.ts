import { DataError } from '../../../store/index.js';
import type { ScoredText } from './scorer.js';

/** The tokens of a context and a text that goes on from it, and where those of the text begin. */
export interface EncodedPair {
  tokens: ArrayLike<number>;
  from: number;
}

/**
 * Encodes a context and its text as one, as lm-evaluation-harness does: the text's tokens are those behind as many as
 * the context has alone. White space at the end of the context goes to the text, with which tokenizers join it.
 *
 * @throws DataError where the text has no token
 */
export function encodePair(
  encode: (text: string) => ArrayLike<number>,
  { context, text }: ScoredText,
): EncodedPair {
  const before = context.trimEnd();
  const tokens = encode(context + text);
  const from = before === '' ? 0 : encode(before).length;
  if (from >= tokens.length)
    throw new DataError(`the model's tokenizer has no token for "${text.slice(0, 40)}"`);
  return { tokens, from };
}
