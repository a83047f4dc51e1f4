import type { Outcome } from '../../../client/index.js';
import { element, foreign } from '../element.js';
import { count, perplexity, twoDigits } from '../format.js';

/** What every run scored on the query; the row of the chosen run stands out. */
export function outcomeTable(outcomes: readonly Outcome[], chosen: string | null): HTMLElement {
  const headings = ['Run', 'Loss', 'Perplexity', 'Tokens'];
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...headings.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...outcomes.map(({ run, loss, perplexity: ppl, tokens }) =>
        element(
          'tr',
          outcomes.length > 1 ? { 'aria-current': String(run === chosen) } : {},
          element('td', {}, foreign(run)),
          element('td', {}, loss === null ? '–' : twoDigits(loss)),
          element('td', {}, ppl === null ? '–' : perplexity(ppl)),
          element('td', {}, tokens === null ? '–' : count(tokens)),
        ),
      ),
    ),
  );
}
