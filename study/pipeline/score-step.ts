import type { Tokenizer } from '../../indexer/index.js';
import {
  type Covariate,
  type Query,
  queriesOf,
  querySetByName,
  replaceRun,
  type Study,
} from '../../store/index.js';
import { type NgramTraining, scoreQueries, trainOnCorpora } from '../outcomes/score-ngram.js';
import { QUERY_SET } from './queries-step.js';
import { type Pipeline, runStep } from './steps.js';

/** A run to be trained and scored. */
export interface ScoreSettings extends NgramTraining {
  /** More about the run, kept with it. */
  covariates?: Record<string, Covariate>;
}

/** Trains the embedded n-gram model and scores every query with it. Returns the step's key. */
export async function scoreStep(
  pipeline: Pipeline,
  tokenizer: Tokenizer,
  name: string,
  settings: ScoreSettings,
  inputKeys: readonly string[],
): Promise<string> {
  const { study, onProgress } = pipeline;
  return runStep(pipeline, `score ${name}`, { settings, inputKeys }, () => {
    const queries = studyQueries(study);
    const model = trainOnCorpora(study, tokenizer, settings, onProgress);
    const outcomes = scoreQueries(model, tokenizer, queries);
    const { order, vocabularySize, trainedTokens } = model;
    replaceRun(
      study.db,
      {
        name,
        scorer: 'ngram',
        settings: { order, corpora: settings.corpora },
        covariates: { order, vocabularySize, trainedTokens, ...settings.covariates },
      },
      outcomes,
    );
    const nll = outcomes.reduce((sum, outcome) => sum + outcome.nll, 0);
    const tokens = outcomes.reduce((sum, outcome) => sum + outcome.tokens, 0);
    return `order-${order} Kneser–Ney model of ${trainedTokens.toLocaleString('en')} tokens, perplexity ${Math.exp(nll / tokens).toFixed(1)} over ${queries.length} queries`;
  });
}

/** The queries of the study's query set. */
export function studyQueries(study: Study): Query[] {
  return queriesOf(study.db, querySetByName(study.db, QUERY_SET)!.id);
}
