import { sort } from 'd3';
import { button, element, foreign } from '../element.js';
import { count, perplexity, twoDigits } from '../format.js';
import { type KindMark, swatch } from '../kind-marks.js';
import { type DrawnPoint, mediansByKind } from '../points.js';
import type { Scale } from '../view-state.js';

const PICKS = 6;

/** What the panel shows while no query is selected. */
export interface OverviewModel {
  visible: readonly DrawnPoint[];
  marks: ReadonlyMap<string, KindMark>;
  y: Scale;
}

/** Shows medians by kind and the least and most supported queries; `onSelect` hears of a query that is picked. */
export function showOverview(root: HTMLElement, model: OverviewModel, onSelect: (id: number) => void): void {
  const ordered = sort(model.visible, (point) => point.log10Density);
  const least = ordered.slice(0, PICKS);
  const most = ordered.slice(-PICKS).reverse();
  root.replaceChildren(
    element(
      'p',
      { class: 'hint' },
      'Choose a point to read its query and see which training texts its density comes from.',
    ),
    element('section', {}, element('h3', {}, 'Medians by kind'), medianTable(model)),
    element('section', {}, element('h3', {}, 'Least supported'), picks(least, model, onSelect)),
    element('section', {}, element('h3', {}, 'Most supported'), picks(most, model, onSelect)),
  );
}

function medianTable({ visible, marks, y }: OverviewModel): HTMLElement {
  const headings = ['Kind', 'Queries', 'log₁₀ density', y === 'loss' ? 'Loss' : 'Perplexity'];
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...headings.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...mediansByKind(visible).map(({ kind, queries, log10Density, loss }) =>
        element(
          'tr',
          {},
          element('td', {}, swatch(marks.get(kind)), ' ', foreign(kind)),
          element('td', {}, count(queries)),
          element('td', {}, twoDigits(log10Density)),
          element('td', {}, y === 'loss' ? twoDigits(loss) : perplexity(Math.exp(loss))),
        ),
      ),
    ),
  );
}

function picks(
  points: readonly DrawnPoint[],
  { marks }: OverviewModel,
  onSelect: (id: number) => void,
): HTMLElement {
  return element(
    'ol',
    { class: 'picks' },
    ...points.map(({ id, kind, log10Density, excerpt }) =>
      element(
        'li',
        {},
        button(
          {},
          () => onSelect(id),
          swatch(marks.get(kind)),
          element('span', {}, twoDigits(log10Density)),
          foreign(excerpt, { class: 'excerpt' }),
        ),
      ),
    ),
  );
}
