import type { PreTrainedTokenizer } from '@xenova/transformers';

/** The token ids of a text, with the marks that the model puts around it. */
export type EncodeText = (text: string) => number[];

/**
 * What encodes texts up to a model's longest: a text is cut before the closing marks, which it keeps, as in Python's
 * transformers and unlike the library's own truncation.
 */
export function textEncoder(tokenizer: PreTrainedTokenizer, maxTokens: number): EncodeText {
  const bare = tokenizer.encode('a', { add_special_tokens: false });
  const marked = tokenizer.encode('a');
  const opening = bare.length === 0 ? 0 : marked.indexOf(bare[0]!);
  const closing = marked.length - bare.length - Math.max(0, opening);
  return (text) => {
    const ids = tokenizer.encode(text);
    if (ids.length <= maxTokens) return ids;
    return [...ids.slice(0, maxTokens - closing), ...ids.slice(ids.length - closing)];
  };
}
