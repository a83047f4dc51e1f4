import { type Child, h } from './dom.js';
import { decimal, interval, isNumber, type Maybe, NONE, pValue, signed } from './format.js';

/** One column: its head, and what a row shows in it. `text` is left-aligned and may wrap. */
export interface Column<Row> {
  head: string;
  /** The unit or rule under the head. */
  unit?: string;
  type: 'number' | 'text';
  cell: (row: Row) => Child | readonly Child[];
  /** A text to read, which gets a line of its own on a narrow screen. */
  quote?: boolean;
}

/** Rows that stand together under a line of their own, or under none. */
export interface RowGroup<Row> {
  head?: string;
  rows: readonly Row[];
}

export interface TableSettings {
  /** What the table shows, for those who cannot see it. */
  caption: string;
  /** Says why a number may be absent; shown only where one is. */
  missing?: string;
  /** `texts` has one long column and folds on a narrow screen; others scroll. */
  layout?: 'numbers' | 'texts';
}

/** A table whose first column names its rows, in a box that scrolls where the screen is narrow. */
export function table<Row>(
  columns: readonly Column<Row>[],
  groups: readonly RowGroup<Row>[],
  { caption, missing, layout = 'numbers' }: TableSettings,
): HTMLElement {
  const heads = columns.map(({ head, unit, type }) =>
    h('th', { scope: 'col', class: type }, head, unit ? h('span', { class: 'unit' }, unit) : null),
  );
  const bodies = groups.map(({ head, rows }) =>
    h(
      'tbody',
      {},
      head === undefined
        ? null
        : h(
            'tr',
            { class: 'group' },
            h('th', { scope: 'rowgroup', colspan: String(columns.length) }, h('span', {}, head)),
          ),
      ...rows.map((row) => bodyRow(columns, row)),
    ),
  );
  const grid = h(
    'table',
    { class: layout },
    h('caption', {}, h('span', {}, caption)),
    h('thead', {}, h('tr', {}, ...heads)),
    ...bodies,
  );
  const box = h('div', { class: 'scroll', tabindex: '0' }, grid);
  if (!missing || !bodies.some((body) => body.querySelector('.none'))) return box;
  return h('div', {}, box, h('p', { class: 'note' }, `${NONE} marks ${missing}`));
}

function bodyRow<Row>(columns: readonly Column<Row>[], row: Row): HTMLElement {
  const cells = columns.map(({ head, cell, type, quote }, place) => {
    const shown = cell(row);
    const children = (Array.isArray(shown) ? shown : [shown]).map((child: Child) =>
      child === NONE ? none() : child,
    );
    // On a narrow screen, where the heads are gone, numbers in a table of texts say what they are.
    const named = { class: quote ? `${type} quote` : type, ...(type === 'number' && { 'data-head': head }) };
    return place === 0 ? h('th', { scope: 'row', ...named }, ...children) : h('td', named, ...children);
  });
  return h('tr', {}, ...cells);
}

function none(): HTMLElement {
  return h('span', { class: 'none' }, NONE);
}

/** Text of a corpus or query for a cell, kept from turning the direction of its neighbours. */
export function quoted(text: string): HTMLElement {
  return h('bdi', {}, text);
}

/** The estimate, and under it its 95% interval and p-value; a dash for null. */
export function estimateCell(
  estimate: { estimate: number; low: number; high: number; pValue: Maybe } | null | undefined,
  digits: number,
  sign = false,
): Child[] {
  if (!estimate || !isNumber(estimate.estimate)) return [NONE];
  const write = sign ? signed : decimal;
  return [
    h('span', { class: 'estimate' }, write(estimate.estimate, digits)),
    h('span', { class: 'interval' }, interval(estimate.low, estimate.high, digits, sign)),
    h('span', { class: 'interval' }, pValue(estimate.pValue)),
  ];
}
