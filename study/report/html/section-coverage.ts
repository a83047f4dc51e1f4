import type { ReportCoverage } from '../coverage.js';
import type { Report } from '../report.js';
import { heatCell } from './chart-heat.js';
import { h } from './dom.js';
import { download } from './download.js';
import { count, decimal } from './format.js';
import { densityInWords } from './settings.js';
import { type Column, quoted, table } from './table.js';

type Subject = ReportCoverage['subjects'][number];

/** The section with the heat map of sources that support subjects. */
export function coverageSections({ coverage, density }: Report): HTMLElement[] {
  if (!coverage || coverage.sources.length < 2) return [];
  const { by, sources, others, subjects } = coverage;
  const several = new Set(sources.map(({ corpus }) => corpus)).size > 1;
  const largest = Math.max(...subjects.flatMap(({ shares }) => shares));
  const columns: Column<Subject>[] = [
    { head: by, type: 'text', cell: ({ subject }) => quoted(subject) },
    { head: 'Queries', type: 'number', cell: ({ queries }) => count(queries) },
    {
      head: 'log10 density',
      unit: 'median',
      type: 'number',
      cell: (row) => decimal(row.medianLog10Density, 2),
    },
    ...sources.map(
      ({ corpus, source }, s): Column<Subject> => ({
        head: source,
        ...(several && { unit: corpus }),
        type: 'number',
        cell: ({ shares }) => heatCell(shares[s]!, largest),
      }),
    ),
    ...(others > 0
      ? [
          {
            head: `${others} others`,
            type: 'number',
            cell: (row) => `${decimal(100 * row.others, 0)}%`,
          } as Column<Subject>,
        ]
      : []),
  ];
  const caption = `Mean share of the density by source, for the queries of each ${by}`;
  const grid = table(columns, [{ rows: subjects }], { caption });
  return [
    h(
      'section',
      { id: 'coverage' },
      h('h2', {}, 'Which sources support which queries'),
      h('p', { class: 'note' }, `The least supported ${by} first. Density: ${densityInWords(density)}.`),
      grid,
      download(grid, 'coverage'),
    ),
  ];
}
