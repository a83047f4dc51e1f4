import { type Embedder, reopenEmbedder } from '../../indexer/index.js';
import { listCorpora, querySetNamed, type Study, UsageError } from '../../store/index.js';

/**
 * Opens the embedder that embedded a query set, as a corpus that it embedded too says.
 *
 * @throws UsageError where no corpus was, or where its vectors were made elsewhere
 */
export async function embedderOfSet({ db }: Study, querySet: string): Promise<Embedder> {
  const { fingerprint, embedder } = querySetNamed(db, querySet);
  const corpus = listCorpora(db).find((one) => one.fingerprint === fingerprint);
  if (!corpus)
    throw new UsageError(
      `No corpus was embedded as query set "${querySet}" was (by ${embedder}): index one.`,
    );
  return reopenEmbedder(corpus);
}
