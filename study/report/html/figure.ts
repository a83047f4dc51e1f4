import { type Child, h } from './dom.js';

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
    folded(data.summary, data.table),
  );
}

/** Something folded away under a line that opens it. */
export function folded(summary: string, inside: HTMLElement): HTMLElement {
  return h('details', {}, h('summary', {}, summary), inside);
}
