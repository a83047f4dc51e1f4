import { button, byId, element, foreign } from './element.js';
import { count } from './format.js';
import { type KindMark, swatch } from './kind-marks.js';

/** Which kinds there are, how they look and which are not drawn. */
export interface LegendModel {
  marks: ReadonlyMap<string, KindMark>;
  counts: ReadonlyMap<string, number>;
  hidden: readonly string[];
}

/** Shows a button a kind that takes it out of the chart or back in; with Shift or Alt, it leaves that kind alone. */
export function showLegend(
  { marks, counts, hidden }: LegendModel,
  onChange: (hidden: string[]) => void,
): void {
  const root = byId('legend');
  const kinds = [...marks.keys()];
  const focused = [...root.children].findIndex((child) => child.matches(':focus'));
  const toggles = kinds.map((kind) =>
    button(
      { 'aria-pressed': String(!hidden.includes(kind)), title: 'Shift-click shows this kind alone' },
      (event) =>
        onChange(
          event.shiftKey || event.altKey ? kinds.filter((one) => one !== kind) : toggled(kind, hidden),
        ),
      swatch(marks.get(kind)),
      foreign(kind),
      element('span', { class: 'count' }, count(counts.get(kind) ?? 0)),
    ),
  );
  const showAll = button({ class: 'show-all' }, () => onChange([]), 'show all');
  root.replaceChildren(...toggles, ...(kinds.some((kind) => hidden.includes(kind)) ? [showAll] : []));
  if (focused >= 0) ((root.children[focused] ?? root.firstElementChild) as HTMLElement | null)?.focus();
}

function toggled(kind: string, hidden: readonly string[]): string[] {
  return hidden.includes(kind) ? hidden.filter((one) => one !== kind) : [...hidden, kind].sort();
}
