import { type Corpus, UsageError } from '../../store/index.js';
import type { Embedder } from './embedder.js';
import type { EmbedderChoice } from './embedder-choice.js';
import { openEmbedder } from './open-embedder.js';

/**
 * Opens the embedder that a corpus was embedded with, for texts that are to be compared with it.
 *
 * @throws UsageError where its vectors were made elsewhere, or what can be opened is not the same embedder any more
 */
export async function reopenEmbedder({
  name,
  embedder,
  fingerprint,
  embedderChoice,
}: Corpus): Promise<Embedder> {
  if (embedderChoice === null) {
    throw new UsageError(
      `The vectors of corpus "${name}" were made elsewhere, by ${embedder}: texts cannot be embedded to compare with them.`,
    );
  }
  // Written by `indexCorpus` from an embedder's own choice.
  const opened = await openEmbedder(embedderChoice as EmbedderChoice);
  if (opened.fingerprint === fingerprint) return opened;
  await opened.close();
  throw new UsageError(
    `The embedder of corpus "${name}", ${embedder}, is not what it was when the corpus was indexed (${opened.fingerprint.slice(0, 12)}, it was ${fingerprint.slice(0, 12)}). Index the corpus again with --replace.`,
  );
}
