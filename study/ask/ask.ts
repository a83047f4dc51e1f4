import type { Study } from '../../store/index.js';
import { type AnswerOptions, type Answers, openAnswerer } from './answerer.js';

/** What texts are asked against, and how. */
export interface AskOptions extends AnswerOptions {
  /** By default all that the embedder of the first one embedded. */
  corpora?: readonly string[] | undefined;
}

/**
 * Embeds texts with the embedder of the corpora and tells how much support the training data gives to each.
 *
 * @throws UsageError for a corpus that is not there, or whose embedder cannot be opened
 * @throws DataError for an empty text, or corpora of different embedders
 */
export async function ask(
  study: Study,
  texts: readonly string[],
  { corpora, ...options }: AskOptions,
): Promise<Answers> {
  const answerer = openAnswerer(study, corpora);
  try {
    return await answerer.answer({ texts }, options);
  } finally {
    await answerer.close();
  }
}
