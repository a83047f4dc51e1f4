import { sum } from 'd3';
import type { Share } from '../../../client/index.js';
import { element, foreign } from '../element.js';
import { counted, percent } from '../format.js';

/** Shares as a list of horizontal bars: the `top` largest, and the others as one. */
export function shareBars(shares: readonly Share[], top: number, others: string): HTMLElement {
  const shown = shares.length <= top + 1 ? shares : shares.slice(0, top);
  const rest = shares.slice(shown.length);
  const restShare = sum(rest, ({ share }) => share);
  const longest = Math.max(restShare, ...shown.map(({ share }) => share));
  return element(
    'ol',
    { class: 'bars' },
    ...shown.map(({ label, share }) => bar(foreign(label, { class: 'label', title: label }), share, longest)),
    ...(rest.length > 0
      ? [
          bar(
            element('span', { class: 'label' }, counted(rest.length, `other ${others}`, `other ${others}s`)),
            restShare,
            longest,
            'others',
          ),
        ]
      : []),
  );
}

function bar(label: HTMLElement, share: number, longest: number, name = ''): HTMLElement {
  const drawn = element('span', { class: 'bar', 'aria-hidden': 'true' });
  drawn.style.setProperty('--length', String(longest > 0 ? share / longest : 0));
  return element('li', { class: name }, label, drawn, element('span', { class: 'value' }, percent(share)));
}
