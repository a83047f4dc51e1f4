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
  if (choice === 'use-lite') return openEmbedder({ kind: 'use-lite' }, options);
  const embedder = withDigits(await openPlain(choice, options), choice.digits);
  return { ...embedder, choice: withoutCredentials(choice) };
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

/** What opens an embedder again; a URL's user and password stay out of catalogues. */
function withoutCredentials(choice: Exclude<EmbedderChoice, 'use-lite'>): EmbedderChoice {
  if (choice.kind !== 'openai') return choice;
  const url = new URL(choice.url);
  url.username = '';
  url.password = '';
  return { ...choice, url: url.href };
}

/** The weight of digits that docs/abacus-digits.md was measured with. */
const DIGIT_WEIGHT = 0.5;

function withDigits(embedder: Embedder, digits: DigitsChoice | undefined): Embedder {
  return digits ? withAbacusDigits(embedder, { weight: digits.weight ?? DIGIT_WEIGHT }) : embedder;
}
