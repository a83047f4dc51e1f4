import type { Report } from './report.js';

/** The report in a few sentences, for a reader who reads no further: what was found, how sure that is, and what it does not say. */
export function inShort(report: Omit<Report, 'words'>): string {
  const sentences = [
    association(report),
    beyond(report),
    leaks(report),
    intervention(report),
    limits(report),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function association({ regressions, queries }: Omit<Report, 'words'>): string {
  const all = regressions[0];
  if (!all?.pearson)
    return `${queries.length.toLocaleString('en')} queries were measured, too few or too much alike to relate their density to loss.`;
  const { low, high } = all.pearson;
  if (low <= 0 && high >= 0) {
    return 'In short: texts with much support in the training data are neither clearly easier nor clearly harder for the model.';
  }
  const easier = high < 0 ? 'less' : 'more';
  return `In short: the model is ${easier} surprised by texts that have more like them in the training data (${strength(all.plain.r2)}).`;
}

function strength(r2: number): string {
  const share = `${(100 * r2).toFixed(r2 < 0.1 ? 1 : 0)}% of the differences between texts go with it`;
  return r2 < 0.05 ? `but weakly: ${share}` : share;
}

function beyond({ headline, sensitivity }: Omit<Report, 'words'>): string {
  const last = headline?.models.at(-1);
  if (!headline || !last) return '';
  const { gain } = last;
  const flips = sensitivity?.flips ? ', though another kernel or bandwidth would have told it otherwise' : '';
  if (gain.low > 0) {
    const placebo = headline.negativeControls.some(
      (one) => one.gain.low > 0 && one.gain.high >= gain.estimate,
    );
    return placebo
      ? 'It says more than simpler things do, but so do densities that should say nothing: this is not to be relied on.'
      : `It says more than simpler things do (a text’s length, how common its words are, phrases that the data has, the one nearest text)${flips}.`;
  }
  return `But once simpler things are known (a text’s length, how common its words are, phrases that the data has, the one nearest text), density adds nothing that these ${headline.n.toLocaleString('en')} queries could show${flips}.`;
}

function leaks({ leaks: found }: Omit<Report, 'words'>): string {
  if (!found) return '';
  const suspected = found.kinds.reduce((sum, kind) => sum + kind.suspected, 0);
  return suspected === 0 ? '' : `${suspected.toLocaleString('en')} queries seem to be in the training data.`;
}

function intervention({ interventions }: Omit<Report, 'words'>): string {
  const [first] = interventions;
  const effect = first?.overall.gainEffect;
  if (!effect) return '';
  if (effect.low <= 0 && effect.high >= 0)
    return 'Putting texts like them into the training data did not clearly change what the model makes of them.';
  const helped = effect.estimate > 0 ? 'lowered' : 'raised';
  return `Putting randomly chosen ones into the training data, copied or reworded, ${helped} the model’s loss on them clearly: that part is cause, by experiment.`;
}

function limits({ interventions }: Omit<Report, 'words'>): string {
  return interventions.length > 0
    ? 'The rest is association.'
    : 'This is association: what would happen if the data changed, only an experiment can say.';
}
