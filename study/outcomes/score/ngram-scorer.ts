import { openTokenizer } from '../../../indexer/index.js';
import { corpusNamed, type OnProgress, type Study } from '../../../store/index.js';
import { type NgramTraining, trainOnCorpora } from '../score-ngram.js';
import { encodePair } from './encode-pair.js';
import type { Scorer } from './scorer.js';

/**
 * Trains the embedded n-gram model on corpora, to score with it.
 *
 * @throws UsageError for a corpus that is not there, or an order that cannot be
 */
export function openNgramScorer(study: Study, training: NgramTraining, onProgress?: OnProgress): Scorer {
  for (const name of training.corpora) corpusNamed(study.db, name);
  const tokenizer = openTokenizer();
  const model = trainOnCorpora(study, tokenizer, training, onProgress);
  const { order, vocabularySize, trainedTokens } = model;
  return {
    name: 'ngram',
    settings: { order, corpora: training.corpora },
    covariates: { order, vocabularySize, trainedTokens },
    parallel: 1,
    async score(pair) {
      const { tokens, from } = encodePair((text) => tokenizer.encode(text), pair);
      const losses = model.score(Int32Array.from(tokens)).subarray(from);
      const nll = losses.reduce((sum, loss) => sum + loss, 0);
      return { nll, tokens: losses.length, bytes: Buffer.byteLength(pair.text) };
    },
    close: async () => {},
  };
}
