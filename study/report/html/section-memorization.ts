import type { MemorizationBin } from '../../memorization/index.js';
import type { Report } from '../report.js';
import { h } from './dom.js';
import { download } from './download.js';
import { count, decimal } from './format.js';
import { type Column, table } from './table.js';

const COLUMNS: readonly Column<MemorizationBin>[] = [
  { head: 'Queries with', type: 'text', cell: ({ label }) => label },
  { head: 'Queries', type: 'number', cell: ({ queries }) => count(queries) },
  { head: 'Exact match', type: 'number', cell: ({ exactMatch }) => `${decimal(100 * exactMatch, 1)}%` },
  {
    head: 'Matched',
    unit: 'mean, in a row',
    type: 'number',
    cell: (bin) => decimal(bin.exactMatchLength, 1),
  },
  { head: 'ROUGE-L', unit: 'F1, mean', type: 'number', cell: ({ rougeL }) => decimal(rougeL, 3) },
];

/** The section on what runs write as it stood in their training data. */
export function memorizationSections({ memorization }: Report): HTMLElement[] {
  if (memorization.length === 0) return [];
  return [
    h(
      'section',
      { id: 'memorization' },
      h('h2', {}, 'What is written as it stood'),
      h(
        'p',
        { class: 'note' },
        'Greedy completions of the ends of queries, against what stands there, by what the training data holds of them. The regressions of exact_match and rouge_l on density are among those of every run, outcome and model.',
      ),
      ...memorization.flatMap(({ run, queries, by }) => {
        const groups = by.map(({ what, bins }) => ({ head: what, rows: bins }));
        const grid = table(COLUMNS, groups, { caption: `Run ${run}, ${count(queries)} queries` });
        return [grid, download(grid, 'memorization')];
      }),
    ),
  ];
}
