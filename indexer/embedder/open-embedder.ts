import type { Embedder } from './embedder.js';
import { openTransformers, type TransformersModel } from './transformers.js';
import { openUseLite } from './use-lite.js';

/** The embedded default embedder, or a model for transformers.js. */
export type EmbedderChoice = 'use-lite' | TransformersModel;

/** Opens an embedder. The caller closes it. */
export function openEmbedder(choice: EmbedderChoice): Promise<Embedder> {
  return choice === 'use-lite' ? openUseLite() : openTransformers(choice);
}
