import type { Comparison, Moved, MovedHeadline, MovedQuery, Report } from '../report.js';
import { h } from './dom.js';
import { download } from './download.js';
import { count, date, decimal, interval, isNumber, NONE, signed } from './format.js';
import { type Column, estimateCell, quoted, table } from './table.js';

const MOVED: readonly Column<Moved>[] = [
  { head: 'Mean of', type: 'text', cell: ({ what }) => what },
  { head: 'Queries of', type: 'text', cell: ({ group }) => quoted(group) },
  { head: 'Queries', type: 'number', cell: ({ queries }) => count(queries) },
  { head: 'Before', type: 'number', cell: ({ before }) => decimal(before, 3) },
  { head: 'After', type: 'number', cell: ({ after }) => decimal(after, 3) },
  {
    head: 'Change',
    unit: '[95%], p by Benjamini–Hochberg',
    type: 'number',
    cell: ({ change }) => estimateCell(change, 3, true),
  },
];

/** Rows of means on the page; all are in report.json and moved.csv. */
const LISTED = 16;

/** All queries first, then kinds, then sources. */
function rank({ group }: Moved): number {
  return group === 'all' ? 0 : group.startsWith('kind ') ? 1 : 2;
}

const HEADLINE: readonly Column<MovedHeadline>[] = [
  { head: 'Number', type: 'text', cell: ({ what }) => what },
  { head: 'Before', type: 'number', cell: ({ before }) => decimal(before, 4) },
  { head: 'After', type: 'number', cell: ({ after }) => decimal(after, 4) },
  { head: 'Change', type: 'number', cell: ({ change }) => signed(change, 4) },
  {
    head: '95%',
    unit: 'as if independent',
    type: 'number',
    cell: ({ low, high }) => (isNumber(low) ? interval(low, high, 4, true) : NONE),
  },
];

const QUERIES: readonly Column<MovedQuery>[] = [
  { head: 'Before', type: 'number', cell: ({ before }) => decimal(before, 2) },
  { head: 'After', type: 'number', cell: ({ after }) => decimal(after, 2) },
  { head: 'Query', type: 'text', cell: ({ key }) => quoted(key) },
  { head: 'Source', type: 'text', cell: ({ source }) => quoted(source) },
  { head: 'Text', type: 'text', cell: ({ excerpt }) => quoted(excerpt) },
];

type SourceMove = Comparison['sources'][number];
const percent = (share: number) => `${decimal(100 * share, 1)}%`;

const SOURCES: readonly Column<SourceMove>[] = [
  { head: 'Source', type: 'text', cell: ({ source }) => quoted(source) },
  { head: 'Before', unit: 'mean share', type: 'number', cell: ({ before }) => percent(before) },
  { head: 'After', unit: 'mean share', type: 'number', cell: ({ after }) => percent(after) },
];

/** The section on what moved against another report. */
export function comparisonSections({ comparison }: Report): HTMLElement[] {
  if (!comparison) return [];
  const { against, queries, moved, headline, mostMoved, sources } = comparison;
  const shown = [...moved].sort((a, b) => rank(a) - rank(b) || a.change.pValue - b.change.pValue);
  const movedTable = table(MOVED, [{ rows: shown.slice(0, LISTED) }], {
    caption: 'Means over the same queries, before and after',
  });
  const lists = [
    ['Queries whose density moved most', 'log10 density', mostMoved.density],
    ['Queries whose loss moved most', 'nats a token', mostMoved.loss],
  ] as const;
  return [
    h(
      'section',
      { id: 'comparison' },
      h('h2', {}, 'What moved'),
      h(
        'p',
        { class: 'note' },
        `Against report ${against.name} of ${date(against.made)} (run ${against.run}; n = ${count(against.points)} points of ${against.corpora.join(', ')}): the same embedder, kernel, bandwidth and query set. ${count(queries.both)} queries are in both, ${count(queries.added)} only here, ${count(queries.gone)} only there.`,
      ),
      movedTable,
      download(movedTable, 'moved'),
      ...(headline.length > 0
        ? [
            h('h3', {}, 'Numbers of the whole report'),
            table(HEADLINE, [{ rows: headline }], {
              caption: 'Numbers of both reports',
              missing: 'a number without an interval.',
            }),
          ]
        : []),
      ...lists.flatMap(([title, unit, rows]) =>
        rows.length > 0
          ? [
              h('h3', {}, title),
              table(QUERIES, [{ rows }], { caption: `${title}, ${unit}`, layout: 'texts' }),
            ]
          : [],
      ),
      ...(sources.length > 0
        ? [
            h('h3', {}, 'Sources whose share moved most'),
            table(SOURCES, [{ rows: sources }], { caption: 'Mean shares of the density' }),
          ]
        : []),
      ...runsChanged(comparison),
    ),
  ];
}

function runsChanged({ runs: { added, gone } }: Comparison): HTMLElement[] {
  const named = (what: string, names: readonly string[]) =>
    names.length > 0
      ? [
          `${count(names.length)} runs ${what}: ${names.slice(0, 30).join(', ')}${names.length > 30 ? ', …' : ''}.`,
        ]
      : [];
  const lines = [...named('only here', added), ...named('only there', gone)];
  return lines.map((line) => h('p', { class: 'note', dir: 'auto' }, line));
}
