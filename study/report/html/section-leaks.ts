import type { Leak, LeaksResult } from '../../leaks/index.js';
import type { Report } from '../report.js';
import { h } from './dom.js';
import { count, decimal, signed } from './format.js';
import { type Column, quoted, table } from './table.js';

const percent = (share: number) => `${decimal(100 * share, 1)}%`;

const KINDS: readonly Column<LeaksResult['kinds'][number]>[] = [
  { head: 'Kind', type: 'text', cell: ({ kind }) => quoted(kind) },
  { head: 'Queries', type: 'number', cell: ({ queries }) => count(queries) },
  { head: 'Suspected', type: 'number', cell: ({ suspected }) => count(suspected) },
  { head: 'Share', type: 'number', cell: ({ queries, suspected }) => percent(suspected / queries) },
];

const LEAKS: readonly Column<Leak>[] = [
  { head: 'Score', unit: 'standard deviations', type: 'number', cell: ({ score }) => signed(score, 1) },
  { head: 'Similarity', unit: 'cosine', type: 'number', cell: ({ similarity }) => decimal(similarity, 3) },
  { head: 'Share', unit: 'of density', type: 'number', cell: ({ share }) => percent(share) },
  { head: 'Words', unit: 'shared', type: 'number', cell: ({ words }) => percent(words) },
  { head: '4-grams', unit: 'shared', type: 'number', cell: ({ copied }) => percent(copied) },
  { head: 'Kind', type: 'text', cell: ({ kind }) => quoted(kind) },
  { head: 'Query', type: 'text', quote: true, cell: ({ excerpt }) => quoted(excerpt) },
  {
    head: 'Training text',
    type: 'text',
    quote: true,
    cell: ({ corpus, document, nearest }) => [
      quoted(nearest),
      h('span', { class: 'unit' }, `${corpus}/${document}`),
    ],
  },
];

/** The section with the queries that the training data seems to hold; none where none were looked for. */
export function leaksSections({ leaks }: Report): HTMLElement[] {
  if (!leaks) return [];
  const { kinds, leaks: worst, threshold, calibrated, alarm, corpora, kernel, bandwidth } = leaks;
  const suspected = kinds.reduce((sum, kind) => sum + kind.suspected, 0);
  const shown = suspected > worst.length ? `the ${count(worst.length)} with the highest scores` : 'all';
  return [
    h(
      'section',
      { id: 'leaks' },
      h('h2', {}, 'Suspected leaks'),
      h(
        'p',
        { class: 'note' },
        `A query is suspected where one of the ten training texts nearest to it scores ${decimal(threshold, 2)} or more: standard deviations above what ${count(calibrated)} training texts around the queries are to their own nearest others, by similarity, share of the density (${kernel} kernel, h = ${bandwidth}) and words shared, the rarer the more. Of queries that were never leaked, about ${percent(alarm)} would be. Searched: ${corpora.join(', ')}.`,
      ),
      table(KINDS, [{ rows: kinds }], { caption: 'Suspected leaks by kind of query' }),
      ...(worst.length > 0
        ? [
            h('h3', {}, `Suspected: ${shown}`),
            table(LEAKS, [{ rows: worst }], {
              caption: 'Suspected leaks and their training texts',
              layout: 'texts',
            }),
          ]
        : []),
    ),
  ];
}
