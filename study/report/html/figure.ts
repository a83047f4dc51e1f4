import { type Child, h } from './dom.js';
import { download } from './download.js';

export interface Figure {
  title: string;
  legend?: HTMLElement;
  charts: readonly SVGSVGElement[];
  /** In words, with the settings that give the numbers their meaning. */
  caption: readonly Child[];
  /** The numbers behind the chart, folded away. */
  data: { summary: string; table: HTMLElement };
}

/** Charts under a title, with their caption and, folded away, the numbers that they show. */
export function figure({ title, legend, charts, caption, data }: Figure): HTMLElement {
  return h(
    'figure',
    { class: charts.length > 1 ? 'several' : 'alone' },
    h('h3', {}, title),
    legend ?? null,
    charts.length > 1 ? h('div', { class: 'side-by-side' }, ...charts) : (charts[0] ?? null),
    h('figcaption', {}, ...caption),
    folded(data.summary, h('div', {}, data.table, download(data.table, fileName(title)))),
  );
}

/** A title in letters, digits and hyphens. */
function fileName(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** Something folded away under a line that opens it. */
export function folded(summary: string, inside: HTMLElement): HTMLElement {
  return h('details', {}, h('summary', {}, summary), inside);
}
