import type { KindSummary, QueryPoint, Report } from '../report.js';
import { binsFor, ridgesChart } from './chart-ridges.js';
import { h } from './dom.js';
import { figure } from './figure.js';
import { count, decimal, isNumber } from './format.js';
import { densityInWords, kindsOf, lossInWords } from './settings.js';
import { describeSpread, type Spread } from './spread.js';
import { type Column, quoted, table } from './table.js';

type Measure = (query: QueryPoint) => number;

const log10Density: Measure = (query) => query.log10Density;
const loss: Measure = (query) => query.loss;

/** The section that sets the kinds of query side by side: how supported, and how surprising. */
export function kindsSection(report: Report): HTMLElement {
  const section = h('section', { id: 'kinds' }, h('h2', {}, 'By kind of query'), kindTable(report.kinds));
  if (report.queries.length === 0) return section;
  const kinds = kindsOf(report);
  const chart = (id: string, title: string, x: string, measure: Measure) => {
    const description = `For each of ${count(kinds.length)} kinds of query, a histogram of ${x}, with median, quartiles and 5% to 95% range. ${mediansInWords(report, kinds, measure)}`;
    const ridges = kinds.map((name) => ({ name, values: valuesOf(report, name, measure) }));
    return ridgesChart({ id, title, description, x, ridges });
  };
  const bins = binsFor(report.queries.length);
  section.append(
    figure({
      title: 'How densities and losses are spread, by kind',
      charts: [
        chart('ridges-density', 'log10 density by kind of query', 'log10 density', log10Density),
        chart('ridges-loss', 'Loss by kind of query', 'loss (nats/token)', loss),
      ],
      caption: [
        `Histograms of ${bins} equal bins, each kind to the same area; under each the median (dot), the quartiles (thick) and 5% to 95% (thin). Density: ${densityInWords(report.density)}. Loss: ${lossInWords(report)}.`,
      ],
      data: { summary: 'The quantiles behind these charts', table: spreadTable(report, kinds) },
    }),
  );
  return section;
}

function kindTable(kinds: readonly KindSummary[]): HTMLElement {
  const columns: Column<KindSummary>[] = [
    { head: 'Kind', type: 'text', cell: ({ kind }) => quoted(kind) },
    { head: 'Queries', type: 'number', cell: ({ queries }) => count(queries) },
    {
      head: 'log10 density',
      unit: 'median',
      type: 'number',
      cell: (kind) => decimal(kind.medianLog10Density, 2),
    },
    { head: 'Loss', unit: 'median, nats/token', type: 'number', cell: (kind) => decimal(kind.medianLoss, 3) },
    {
      head: 'Effective samples',
      unit: 'median',
      type: 'number',
      cell: (kind) => decimal(kind.medianEffectiveSamples, 1),
    },
  ];
  return table(columns, [{ rows: kinds }], {
    caption: 'How supported and how surprising the queries of each kind are',
    missing: 'a kind none of whose queries has the number.',
  });
}

function valuesOf({ queries }: Report, name: string, measure: Measure): number[] {
  return queries
    .filter(({ kind }) => kind === name)
    .map(measure)
    .filter(isNumber);
}

function mediansInWords(report: Report, kinds: readonly string[], measure: Measure): string {
  const medians = kinds.map(
    (name) => `${name} ${decimal(describeSpread(valuesOf(report, name, measure))?.median, 2)}`,
  );
  return `Medians: ${medians.join(', ')}.`;
}

function spreadTable(report: Report, kinds: readonly string[]): HTMLElement {
  interface Row {
    kind: string;
    spread: Spread | null;
  }
  const quantiles = { '5%': 'p5', '25%': 'q1', median: 'median', '75%': 'q3', '95%': 'p95' } as const;
  const rows = (measure: Measure): Row[] =>
    kinds.map((kind) => ({ kind, spread: describeSpread(valuesOf(report, kind, measure)) }));
  const columns: Column<Row>[] = [
    { head: 'Kind', type: 'text', cell: ({ kind }) => quoted(kind) },
    { head: 'Queries', type: 'number', cell: ({ spread }) => count(spread?.n ?? 0) },
    ...Object.entries(quantiles).map(
      ([head, key]): Column<Row> => ({
        head,
        type: 'number',
        cell: ({ spread }) => decimal(spread?.[key], 3),
      }),
    ),
  ];
  const groups = [
    { head: 'log10 density', rows: rows(log10Density) },
    { head: 'loss, nats/token', rows: rows(loss) },
  ];
  return table(columns, groups, {
    caption: 'Quantiles of log10 density and of loss by kind of query',
    missing: 'a kind none of whose queries has the number.',
  });
}
