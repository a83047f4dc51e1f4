import { ascending, descending } from 'd3';
import type { QueryPoint, Report } from '../report.js';
import { h } from './dom.js';
import { decimal, isNumber } from './format.js';
import { densityInWords } from './settings.js';
import { type Column, quoted, table } from './table.js';

const SHOWN = 10;

const COLUMNS: readonly Column<QueryPoint>[] = [
  { head: 'log10 density', type: 'number', cell: (query) => decimal(query.log10Density, 2) },
  { head: 'Loss', unit: 'nats/token', type: 'number', cell: ({ loss }) => decimal(loss, 3) },
  { head: 'Kind', type: 'text', cell: ({ kind }) => quoted(kind) },
  { head: 'Source', type: 'text', cell: ({ source }) => quoted(source) },
  { head: 'Text', type: 'text', cell: ({ excerpt }) => quoted(excerpt) },
];

/** The section with the queries that the training data supports least and most. */
export function extremesSection({ queries, density }: Report): HTMLElement {
  const measured = queries.filter(({ log10Density }) => isNumber(log10Density));
  const ranked = (order: typeof ascending) =>
    measured.toSorted((a, b) => order(a.log10Density, b.log10Density)).slice(0, SHOWN);
  const list = (title: string, shown: QueryPoint[]) => [
    h('h3', {}, title),
    table(COLUMNS, [{ rows: shown }], {
      caption: title,
      layout: 'texts',
      missing: 'a query without a loss.',
    }),
  ];
  return h(
    'section',
    { id: 'extremes' },
    h('h2', {}, 'The least and the most supported queries'),
    h('p', { class: 'note' }, `Density: ${densityInWords(density)}.`),
    ...list('Least supported', ranked(ascending)),
    ...list('Most supported', ranked(descending)),
  );
}
