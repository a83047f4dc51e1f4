import type { Neighbour } from '../../../client/index.js';
import { button, element, foreign } from '../element.js';
import { percent, twoDigits } from '../format.js';

/** The nearest training texts, each cut to three lines until it is pressed. */
export function nearestTexts(neighbours: readonly Neighbour[]): HTMLElement {
  return element('ol', { class: 'texts' }, ...neighbours.map(nearestText));
}

function nearestText({ source, meta, distance, share, text, document }: Neighbour): HTMLElement {
  const year = yearOf(meta);
  const shown = element('span', { class: 'text clamped', dir: 'auto' }, text);
  const toggle = button(
    { 'aria-expanded': 'false' },
    () => {
      const open = toggle.getAttribute('aria-expanded') === 'true';
      toggle.setAttribute('aria-expanded', String(!open));
      shown.classList.toggle('clamped', open);
    },
    shown,
  );
  return element(
    'li',
    {},
    element(
      'p',
      { class: 'facts' },
      foreign(year ? `${source}, ${year}` : source, { title: document }),
      element('span', {}, `distance ${twoDigits(distance)}`),
      element('span', {}, `${percent(share)} of density`),
    ),
    toggle,
  );
}

function yearOf(meta: Record<string, unknown>): string | null {
  const year = meta.year;
  return typeof year === 'number' || typeof year === 'string' ? String(year) : null;
}
