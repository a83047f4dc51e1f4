import type { GateResult, Report } from '../report.js';
import { h } from './dom.js';
import { count, setting } from './format.js';
import { type Column, quoted, table } from './table.js';

const GATES: readonly Column<GateResult>[] = [
  { head: 'Must not be', type: 'text', cell: ({ rule }) => quoted(rule) },
  { head: '', type: 'text', cell: ({ failed }) => (failed ? '✗ failed' : '✓ holds') },
  { head: 'Value', type: 'number', cell: ({ value }) => setting(value) },
  { head: 'Limit', type: 'number', cell: ({ limit }) => setting(limit) },
  { head: 'Queries', type: 'number', cell: ({ failed, count: queries }) => (failed ? count(queries) : '') },
  {
    head: 'The worst',
    type: 'text',
    cell: ({ failed, queries }) => (failed ? quoted(queries.map(({ key }) => key).join(', ')) : ''),
  },
];

/** The section with the gates; none where there are none. */
export function gatesSections({ gates }: Report): HTMLElement[] {
  if (gates.length === 0) return [];
  return [
    h(
      'section',
      { id: 'gates' },
      h('h2', {}, 'Gates'),
      table(GATES, [{ rows: gates }], { caption: 'Rules of what must not be' }),
    ),
  ];
}
