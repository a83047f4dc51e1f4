import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { hashOfModel } from '../../indexer/index.js';
import { setCovariates } from '../../store/index.js';
import { openScorer, type ScorerChoice } from '../outcomes/score/open-scorer.js';
import { scoreRun } from '../outcomes/score/score-run.js';
import { QUERY_SET } from './queries-step.js';
import type { ModelSettings } from './run-settings.js';
import { type Pipeline, runStep } from './steps.js';

/** Scores every query with a causal model as ONNX or behind an endpoint; interrupted, it goes on where it was. */
export async function scoreModelStep(
  pipeline: Pipeline,
  name: string,
  settings: ModelSettings,
  base: string,
  inputKeys: readonly string[],
): Promise<void> {
  const { study, onProgress, signal } = pipeline;
  const { target, separator, covariates } = settings;
  const choice = scorerChoice(settings, base);
  const hash =
    choice.kind === 'onnx' && existsSync(choice.model)
      ? await hashOfModel(choice.model, choice.dtype)
      : undefined;
  await runStep(pipeline, `score ${name}`, { settings, hash, inputKeys }, async ({ resumed }) => {
    const scorer = await openScorer(study, choice, onProgress);
    try {
      const scored = await scoreRun(study, scorer, {
        ...{ run: name, querySet: QUERY_SET, target, separator, replace: !resumed, onProgress, signal },
      });
      setCovariates(study.db, name, covariates);
      const loss = scored.nll / scored.tokens;
      return `${settings.model}: ${scored.queries.toLocaleString('en')} queries, ${loss.toFixed(3)} nats a token, perplexity ${Math.exp(loss).toFixed(1)}`;
    } finally {
      await scorer.close();
    }
  });
}

/** A model's folder is named relative to the study file; what is no folder is a name on the hub. */
function scorerChoice(settings: ModelSettings, base: string): ScorerChoice {
  if (settings.scorer === 'endpoint') {
    const { url, model, key_env: keyEnv, concurrency } = settings;
    return { kind: 'endpoint', url, model, keyEnv, concurrency };
  }
  const { model, dtype, window, stride } = settings;
  const folder = resolve(base, model);
  return { kind: 'onnx', model: existsSync(folder) ? folder : model, dtype, window, stride };
}
