import { csvLines } from '../../../store/index.js';
import { h } from './dom.js';

/** A link with which the reader keeps a table of the page as CSV; it holds the file itself, as the page asks no server. */
export function download(box: HTMLElement, name: string): HTMLElement {
  const heads = Array.from(box.querySelectorAll('thead th'), (cell, c) => textOf(cell) || `column ${c + 1}`);
  const rows = Array.from(box.querySelectorAll('tbody tr:not(.group)'), (row) =>
    Object.fromEntries(Array.from(row.children, (cell, c) => [heads[c]!, textOf(cell)])),
  );
  const csv = [...csvLines(rows)].join('');
  const href = `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`;
  return h('p', { class: 'download' }, h('a', { href, download: `${name}.csv` }, 'This table as CSV'));
}

/** The text of a cell, its parts apart, with minus signs that programs read. */
function textOf(cell: Element): string {
  return Array.from(cell.childNodes, (child) => child.textContent ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/−(?=\d)/g, '-')
    .trim();
}
