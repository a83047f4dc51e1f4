import type { DensityAnswer } from '../../../client/index.js';
import { useNavigation } from '../app/navigation.js';
import { answerOf, client } from './api.js';
import { measurementOf, useStudy } from './study.js';
import { type Asked, useAnswer } from './use-answer.js';

/** As many lines are asked about at a time. */
const MOST_TEXTS = 200;

/** The texts that are asked about, one a line. */
export function textsOf(ask: string): string[] {
  return ask
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, MOST_TEXTS);
}

/** The densities of the texts that are asked about, and their places in a projection, at the kernel, bandwidth and corpora of the measurement that is shown. */
export function useAsked(projection?: string): Asked<DensityAnswer> {
  const study = useStudy();
  const { state } = useNavigation();
  const texts = textsOf(state.ask);
  const measurement = measurementOf(study, state);
  const key = texts.length === 0 ? null : JSON.stringify([texts, measurement?.id, projection]);
  return useAnswer(key, (signal) => {
    const settings = measurement && {
      corpora: measurement.corpora,
      bandwidth: measurement.bandwidth,
      // The laplacian kernel is measured, not asked about.
      ...(measurement.kernel !== 'laplacian' && { kernel: measurement.kernel as 'exponential' }),
    };
    const body = { texts, neighbours: 5, ...settings, ...(projection && { projection }) };
    return answerOf(client.POST('/density', { body, signal }));
  });
}
