import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AutoTokenizer } from '@xenova/transformers';
import { UsageError } from '../../store/index.js';

/**
 * Opens a model's tokenizer, from its folder or the hub: texts to ids without special tokens.
 *
 * @throws UsageError where it cannot be loaded
 */
export async function openModelEncoder(named: string): Promise<(text: string) => number[]> {
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(existsSync(named) ? resolve(named) : named);
    return (text) => tokenizer.encode(text, { add_special_tokens: false });
  } catch (error) {
    throw new UsageError(
      `The tokenizer "${named}" cannot be loaded: ${error instanceof Error ? error.message : error}`,
    );
  }
}
