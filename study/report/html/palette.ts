import {
  type SymbolType,
  select,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'd3';
import { h, svg } from './dom.js';
import { count } from './format.js';

const SYMBOLS: readonly SymbolType[] = [
  symbolCircle,
  symbolTriangle,
  symbolSquare,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolWye,
];

// After Okabe & Ito (2008), https://jfly.uni-koeln.de/color/, darkened or lightened to stand out from each background.
const LIGHT = ['#0072b2', '#d55e00', '#00855f', '#b5558c', '#b07a00', '#3a96cf', '#6b6b66'];
const DARK = ['#5cb8f0', '#ff8f4a', '#2fcf9c', '#ea9fcb', '#f0d442', '#a8d8f5', '#b5b3ab'];

/** Custom properties `--c0` to `--c6`, the colours of categories on a light or a dark background. */
export function paletteVariables(background: 'light' | 'dark'): string {
  return (background === 'light' ? LIGHT : DARK).map((colour, i) => `--c${i}: ${colour};`).join(' ');
}

/** Rules that give classes `c0` to `c6` their colour. */
export const paletteRules = LIGHT.map((_, i) => `.c${i} { fill: var(--c${i}); stroke: var(--c${i}); }`).join(
  '\n',
);

/** The class that colours a category, by its place in the order of categories; colours repeat after seven. */
export function colourClass(category: number): string {
  return `c${category % LIGHT.length}`;
}

/** The outline of a category's symbol around (0, 0), of an area in square units. */
export function symbolPath(category: number, area: number): string {
  return symbol(SYMBOLS[category % SYMBOLS.length]!, area).digits(2)()!;
}

/** A legend of categories in their order, each with its symbol and how many points it has. */
export function legend(categories: readonly { name: string; points: number }[]): HTMLUListElement {
  return h(
    'ul',
    { class: 'legend' },
    ...categories.map(({ name, points }, category) => {
      const mark = svg(14, 14);
      select(mark)
        .attr('class', 'mark')
        .attr('aria-hidden', 'true')
        .append('path')
        .attr('class', colourClass(category))
        .attr('transform', 'translate(7 7)')
        .attr('d', symbolPath(category, 60));
      return h('li', {}, mark, h('bdi', {}, name), h('span', { class: 'muted' }, ` ${count(points)}`));
    }),
  );
}
