import { h } from './dom.js';
import { decimal } from './format.js';

/** Shades of a heat map's cells. */
const SHADES = 8;

/**
 * A cell of a heat map: its share as a percentage on a shade that tells it from the largest, so that it can be read without
 * colour too. The shades are classes, as the page's policy allows no styles of elements.
 */
export function heatCell(share: number, largest: number): HTMLElement {
  const step = largest > 0 ? Math.min(SHADES, Math.ceil((share / largest) * SHADES)) : 0;
  return h('span', { class: `heat heat-${step}` }, `${decimal(100 * share, share < 0.1 ? 1 : 0)}%`);
}

/** The styles of the shades. */
export const heatStyle = Array.from(
  { length: SHADES },
  (_, i) =>
    `.heat-${i + 1} { background: color-mix(in oklab, var(--heat) ${Math.round((75 * (i + 1)) / SHADES)}%, transparent); }`,
).join('\n');
