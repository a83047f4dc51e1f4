import { UsageError } from '../../store/index.js';
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

function withDigits(embedder: Embedder, digits: DigitsChoice | undefined): Embedder {
  if (digits === undefined) return embedder;
  throw new UsageError(
    `The embedder's digits: "${digits.kind}" is not to be had in this version; leave it out.`,
  );
}
