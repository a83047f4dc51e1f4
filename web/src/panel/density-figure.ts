import type { Query } from '../../../client/index.js';
import { element } from '../element.js';
import { count, effective, percent, powerOfTen, twoDigits } from '../format.js';
import { settingsText } from '../settings-text.js';

/** How many queries have less density, and how many there are. */
export interface Rank {
  less: number;
  of: number;
}

/** A density with all that it takes to read it. */
export function densityFigure(density: NonNullable<Query['density']>, rank: Rank | null): HTMLElement {
  const { log10Density, effectiveSamples, touched, measurement } = density;
  const sentences = [
    intervalText(density),
    `${effective(effectiveSamples)} effective samples.`,
    touched < 1 ? `${percent(touched)} of the training points looked at.` : '',
    rank ? `${count(rank.less)} of the ${count(rank.of)} queries have less.` : '',
  ];
  return element(
    'div',
    {},
    element(
      'p',
      { class: 'figure' },
      element('strong', {}, log10Density === null ? '−∞' : twoDigits(log10Density)),
      element(
        'span',
        { class: 'muted' },
        `log₁₀ density${log10Density === null ? ', f = 0' : `, f = ${powerOfTen(log10Density)}`}`,
      ),
    ),
    element('p', {}, sentences.filter(Boolean).join(' ')),
    element('p', { class: 'settings' }, settingsText(measurement)),
  );
}

function intervalText({ low, high }: NonNullable<Query['density']>): string {
  if (low !== null && low === high) return 'Exact, no sampling error.';
  return `Interval ${low === null ? '−∞' : twoDigits(low)} to ${high === null ? '−∞' : twoDigits(high)}.`;
}
