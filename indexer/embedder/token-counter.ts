import type { Embedder } from './embedder.js';
import type { EmbedderChoice } from './embedder-choice.js';
import { openTokenizer } from './use-lite.js';

/**
 * Opens what counts the tokens of a text as an embedder would, without its model.
 *
 * @throws UsageError where there is no such model
 */
export async function openTokenCounter(choice: EmbedderChoice): Promise<Embedder['countTokens']> {
  if (choice !== 'use-lite' && choice.kind === 'transformers') {
    return (await import('./transformers.js')).openTransformersCounter(choice);
  }
  const tokenizer = openTokenizer();
  return (text) => tokenizer.encode(text).length;
}
