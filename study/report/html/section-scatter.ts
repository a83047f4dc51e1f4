import type { QueryPoint, Report } from '../report.js';
import { scatterChart } from './chart-scatter.js';
import { type Child, h } from './dom.js';
import { figure } from './figure.js';
import { count, decimal, interval, isNumber, signed } from './format.js';
import { fitLine } from './line.js';
import { legend } from './palette.js';
import { plainSlope } from './section-headline.js';
import { densityInWords, kindsOf, lossInWords } from './settings.js';
import { type Column, quoted, table } from './table.js';

/** More queries than this and the page holds no label or row of its own for each. */
const LISTED = 5000;

const TITLE = 'Loss against density, one mark a query';

/** The section with the chart of loss against log10 density, all queries, coloured by kind. */
export function scatterSection(report: Report): HTMLElement {
  const drawn = report.queries.filter(({ log10Density, loss }) => isNumber(log10Density) && isNumber(loss));
  const section = h('section', { id: 'queries' }, h('h2', {}, 'The queries'));
  if (drawn.length === 0) {
    section.append(h('p', { class: 'note' }, 'There are no queries with a density and a loss.'));
    return section;
  }
  const kinds = kindsOf(report);
  const points = drawn.map((query) => ({
    x: query.log10Density,
    y: query.loss,
    category: kinds.indexOf(query.kind),
    label: drawn.length > LISTED ? null : labelOf(query),
  }));
  const chart = scatterChart({
    id: 'scatter',
    title: TITLE,
    description: `Scatter plot of ${count(drawn.length)} queries: log10 density across, loss in nats/token up, coloured by kind. ${slopeInWords(report)}`,
    x: 'log10 density',
    y: 'loss (nats/token)',
    points,
    line: fitLine(
      points.map(({ x }) => x),
      points.map(({ y }) => y),
    ),
    zero: false,
  });
  section.append(
    figure({
      title: TITLE,
      legend: legend(
        kinds.map((name) => ({ name, points: drawn.filter(({ kind }) => kind === name).length })),
      ),
      charts: [chart],
      caption: captionOf(report, drawn.length),
      data: { summary: 'The queries behind this chart', table: queryTable(drawn) },
    }),
  );
  return section;
}

function labelOf({ id, kind, log10Density, loss }: QueryPoint): string {
  return `query ${id}, ${kind}: log10 density ${decimal(log10Density, 2)}, loss ${decimal(loss, 3)}`;
}

function slopeInWords({ regressions, density }: Report): string {
  const all = regressions.find(({ kernel, queries }) => kernel === density.kernel && queries === 'all');
  const slope = all && plainSlope(all);
  if (!slope) return '';
  return `Over all queries a tenfold density goes with a change in loss of ${signed(slope.estimate, 3)} nats/token (95% ${interval(slope.low, slope.high, 3, true)}, HC3).`;
}

function captionOf(report: Report, drawn: number): Child[] {
  const left = report.queries.length - drawn;
  return [
    `Density: ${densityInWords(report.density)}. Loss: ${lossInWords(report)}. `,
    `The line is least squares over all ${count(drawn)} queries with its pointwise 95% band (HC3). ${slopeInWords(report)}`,
    left > 0 ? ` ${count(left)} queries without a finite density or loss are not drawn.` : null,
  ];
}

function queryTable(queries: readonly QueryPoint[]): HTMLElement {
  const columns: Column<QueryPoint>[] = [
    { head: 'Query', type: 'text', cell: ({ id }) => String(id) },
    { head: 'Kind', type: 'text', cell: ({ kind }) => quoted(kind) },
    { head: 'log10 density', type: 'number', cell: ({ log10Density }) => decimal(log10Density, 2) },
    { head: 'Loss', unit: 'nats/token', type: 'number', cell: ({ loss }) => decimal(loss, 3) },
    { head: 'Source', type: 'text', cell: ({ source }) => quoted(source) },
    { head: 'Text', type: 'text', cell: ({ excerpt }) => quoted(excerpt) },
  ];
  const listed = queries.slice(0, LISTED);
  const caption =
    listed.length < queries.length
      ? `The first ${count(listed.length)} of ${count(queries.length)} queries; report.json holds all`
      : `All ${count(queries.length)} queries`;
  return table(columns, [{ rows: listed }], { caption });
}
