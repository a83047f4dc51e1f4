import { measureControls } from '../controls/measure-controls.js';
import { QUERY_SET } from './queries-step.js';
import { type Pipeline, runStep } from './steps.js';

/** Measures what density has to beat, at every query against the corpora. */
export async function controlsStep(
  pipeline: Pipeline,
  corpora: readonly string[],
  inputKeys: readonly string[],
): Promise<void> {
  const { study, onProgress } = pipeline;
  await runStep(pipeline, 'controls', { corpora, inputKeys }, () => {
    const { words, controls } = measureControls(study, { querySet: QUERY_SET, corpora, onProgress });
    return `${Object.keys(controls).length} controls against ${words.toLocaleString('en')} words`;
  });
}
