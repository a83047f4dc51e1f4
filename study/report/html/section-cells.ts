import type { Cell, Report } from '../report.js';
import { h } from './dom.js';
import { download } from './download.js';
import { folded } from './figure.js';
import { count, decimal, interval, pValue, setting, signed } from './format.js';
import { type Column, quoted, table } from './table.js';

/** More regressions than this are in the files beside the page, not in it. */
const LISTED = 200;

const COLUMNS: readonly Column<Cell>[] = [
  { head: 'Run', type: 'text', cell: ({ run }) => quoted(run) },
  { head: 'Of', type: 'text', cell: ({ metric }) => quoted(metric) },
  { head: 'Kernel', type: 'text', cell: ({ kernel, bandwidth }) => `${kernel}, h = ${setting(bandwidth)}` },
  { head: 'Given', type: 'text', cell: ({ model }) => (model === 'density' ? 'nothing' : model) },
  { head: 'n', type: 'number', cell: ({ n }) => count(n) },
  {
    head: 'Slope',
    unit: 'for ten times the density [95%, CR1]',
    type: 'number',
    cell: ({ slope, slopeLow, slopeHigh, adjustedPValue }) => [
      h('span', { class: 'estimate' }, signed(slope, 4)),
      h('span', { class: 'interval' }, interval(slopeLow, slopeHigh, 4, true)),
      h('span', { class: 'interval' }, `${pValue(adjustedPValue)} (BH)`),
    ],
  },
  { head: 'R²', type: 'number', cell: ({ r2 }) => decimal(r2, 3) },
  { head: 'Partial R²', type: 'number', cell: ({ partialR2 }) => decimal(partialR2, 4) },
  { head: 'Out-of-sample R²', type: 'number', cell: ({ outOfSampleR2 }) => decimal(outOfSampleR2, 3) },
  {
    head: 'Density adds',
    unit: 'to it [95%]',
    type: 'number',
    cell: ({ gain, gainLow, gainHigh }) => [
      h('span', { class: 'estimate' }, signed(gain, 4)),
      h('span', { class: 'interval' }, interval(gainLow, gainHigh, 4, true)),
    ],
  },
];

/** The section with every run, metric and density by each model. */
export function cellsSections({ cells }: Report): HTMLElement[] {
  if (cells.length === 0) return [];
  const runs = new Set(cells.map(({ run }) => run)).size;
  const clear = cells.filter(({ adjustedPValue }) => adjustedPValue < 0.05).length;
  const grid =
    cells.length > LISTED
      ? null
      : table(COLUMNS, [{ rows: cells }], {
          caption: 'Every regression',
          missing: 'what cannot be computed.',
        });
  return [
    h(
      'section',
      { id: 'regressions' },
      h('h2', {}, 'Every run, outcome and model'),
      h(
        'p',
        { class: 'note' },
        `${count(cells.length)} regressions of ${runs === 1 ? 'one run' : `${count(runs)} runs`}; in ${count(clear)} the slope is clear (p < 0.05 after Benjamini and Hochberg's correction for all of them). Each compares what density adds to the controls it names. ${grid ? '' : 'They are in regressions.csv and .parquet (--format csv,parquet) and in report.json.'}`,
      ),
      ...(grid ? [folded('The regressions', h('div', {}, grid, download(grid, 'regressions')))] : []),
    ),
  ];
}
