import type { OnProgress, Study } from '../../../store/index.js';
import type { NgramTraining } from '../score-ngram.js';
import type { EndpointModel } from './endpoint-scorer.js';
import type { OnnxModel } from './onnx-scorer.js';
import type { Scorer } from './scorer.js';

/** Which model scores, and how it is set. */
export type ScorerChoice =
  | ({ kind: 'ngram' } & NgramTraining)
  | ({ kind: 'onnx' } & OnnxModel)
  | ({ kind: 'endpoint' } & EndpointModel);

/**
 * Opens the model that scores; the caller closes it.
 *
 * @throws UsageError where there is no such model, corpus or endpoint
 * @throws DataError where an endpoint does not answer, or tells no log likelihoods
 */
export async function openScorer(
  study: Study,
  choice: ScorerChoice,
  onProgress?: OnProgress,
): Promise<Scorer> {
  // The libraries of the other two take long to load.
  switch (choice.kind) {
    case 'ngram':
      return (await import('./ngram-scorer.js')).openNgramScorer(study, choice, onProgress);
    case 'onnx':
      return (await import('./onnx-scorer.js')).openOnnxScorer(choice);
    case 'endpoint':
      return (await import('./endpoint-scorer.js')).openEndpointScorer(choice);
  }
}
