import { byId, element } from './element.js';
import type { Fit } from './fit.js';
import { correlation, count, counted, twoDigits } from './format.js';
import type { Scale } from './view-state.js';

/** What the caption under the chart says. */
export interface CaptionModel {
  fit: Fit | null;
  y: Scale;
  /** Queries that have no place in the chart, for want of a density or a loss. */
  undrawn: number;
}

/** Shows the fitted line in words, and how to move through the points. */
export function showCaption({ fit, y, undrawn }: CaptionModel): void {
  byId('caption').replaceChildren(
    ...(fit
      ? [
          element('span', {}, element('strong', {}, `r = ${correlation(fit.r)}`), `, n = ${count(fit.n)}`),
          element('span', {}, `Least squares: ${slopeText(fit, y)} per tenfold density`),
        ]
      : []),
    ...(undrawn > 0
      ? [element('span', {}, `${counted(undrawn, 'query', 'queries')} without density or loss not drawn`)]
      : []),
    element('span', { class: 'keys' }, 'Arrow keys move between points, Enter opens one, Esc closes it'),
  );
}

/** What a tenfold density goes with: a change of loss, or its factor of perplexity. */
export function slopeText({ slope }: Fit, y: Scale): string {
  if (y === 'perplexity') return `perplexity × ${twoDigits(Math.exp(slope))}`;
  return `${slope > 0 ? '+' : ''}${twoDigits(slope)} nats a token`;
}
