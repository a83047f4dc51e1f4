import { withAbacusDigits } from './abacus.js';
import type { Embedder } from './embedder.js';
import type { DigitsChoice, EmbedderChoice, OpenOptions } from './embedder-choice.js';
import { openUseLite } from './use-lite.js';

/**
 * Opens an embedder in this thread, whose `embed` holds the thread while the model runs: see `openEmbedderPool`.
 * The caller closes it.
 *
 * @throws UsageError where there is no such model or endpoint
 */
export async function openEmbedder(choice: EmbedderChoice, options: OpenOptions = {}): Promise<Embedder> {
  if (choice === 'use-lite') return openUseLite(options);
  return withDigits(await openPlain(choice, options), choice.digits);
}

async function openPlain(
  choice: Exclude<EmbedderChoice, 'use-lite'>,
  options: OpenOptions,
): Promise<Embedder> {
  // The libraries of the other two take long to load.
  switch (choice.kind) {
    case 'use-lite':
      return openUseLite(options);
    case 'transformers':
      return (await import('./transformers.js')).openTransformers(choice, options);
    case 'openai':
      return (await import('./openai.js')).openOpenAi(choice);
  }
}

/** The weight of digits that docs/abacus-digits.md was measured with. */
const DIGIT_WEIGHT = 0.5;

function withDigits(embedder: Embedder, digits: DigitsChoice | undefined): Embedder {
  return digits ? withAbacusDigits(embedder, { weight: digits.weight ?? DIGIT_WEIGHT }) : embedder;
}
