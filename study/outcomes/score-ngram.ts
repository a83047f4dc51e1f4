import type { Tokenizer } from '../../indexer/index.js';
import {
  corpusByName,
  documentsOf,
  type OnProgress,
  type Outcome,
  type Query,
  type Study,
} from '../../store/index.js';
import { type NgramModel, trainNgram } from '../ngram/index.js';

/** What an n-gram run is trained on. */
export interface NgramTraining {
  corpora: readonly string[];
  order: number;
}

/** Trains the embedded n-gram model on the training documents of some corpora. */
export function trainOnCorpora(
  study: Study,
  tokenizer: Tokenizer,
  { corpora, order }: NgramTraining,
  onProgress?: OnProgress,
): NgramModel {
  return trainNgram(
    tokensOf(study, tokenizer, corpora),
    { order, vocabularySize: tokenizer.pieceCount },
    onProgress,
  );
}

function* tokensOf(study: Study, tokenizer: Tokenizer, corpora: readonly string[]): Generator<Int32Array> {
  for (const name of corpora) {
    const corpus = corpusByName(study.db, name)!;
    for (const { text } of documentsOf(study.db, corpus.id, 'train')) yield tokenizer.encode(text);
  }
}

/** The outcome of a model on every query: nll in nats and the number of tokens it is summed over. */
export function scoreQueries(model: NgramModel, tokenizer: Tokenizer, queries: readonly Query[]): Outcome[] {
  return queries.map(({ id, text }) => {
    const losses = model.score(tokenizer.encode(text));
    return { queryId: id, nll: losses.reduce((sum, loss) => sum + loss, 0), tokens: losses.length };
  });
}
