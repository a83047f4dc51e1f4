import type {
  Headline,
  NegativeControl,
  NestedModel,
  Sensitivity,
  SensitivityPoint,
} from '../../regression/index.js';
import { kernelWords } from '../kernel-words.js';
import type { Report } from '../report.js';
import { slopesChart } from './chart-slopes.js';
import { type Child, h } from './dom.js';
import { figure } from './figure.js';
import { count, decimal, interval, pValue, setting, signed } from './format.js';
import { legend } from './palette.js';
import { type Column, estimateCell, quoted, table } from './table.js';

const PER_DEVIATION = 'nats/token for a standard deviation of log10 density';

/** What density adds to what else is known of the queries, what should add nothing, and other kernels and bandwidths. */
export function evidenceSections({ headline, sensitivity }: Report): HTMLElement[] {
  if (!headline) return [];
  return [
    h(
      'section',
      { id: 'evidence' },
      h('h2', {}, 'What density adds to what else is known'),
      h('p', { class: 'prose' }, introduction(headline)),
      nestedTable(headline),
      controlTable(headline),
      h('p', { class: 'note' }, slopeInWords(headline)),
      sensitivity && sensitivity.points.length > 0 ? sensitivityFigure(sensitivity) : null,
    ),
  ];
}

function introduction({ outcome, n, left, groups, groupBy, folds }: Headline): string {
  const without = left > 0 ? ` ${count(left)} queries without an outcome or a control are left out.` : '';
  return (
    `Out-of-sample R² of the ${outcome} over ${count(n)} queries, ${folds}-fold: queries of one ${groupBy} (${count(groups)} of them) are always ` +
    `left out together.${without} Density is worth something where it adds to the last row.`
  );
}

function nestedTable({ models }: Headline): HTMLElement {
  const columns: Column<NestedModel>[] = [
    { head: 'Given', type: 'text', cell: ({ name, terms }) => [quoted(name), unit(terms.join(', '))] },
    { head: 'R² alone', unit: 'out of sample', type: 'number', cell: ({ r2 }) => decimal(r2, 3) },
    {
      head: 'with density',
      unit: 'out of sample',
      type: 'number',
      cell: (row) => decimal(row.r2WithDensity, 3),
    },
    {
      head: 'density adds',
      unit: '[95%, paired t]',
      type: 'number',
      cell: ({ gain }) => estimateCell(gain, 3, true),
    },
  ];
  return table(columns, [{ rows: models }], { caption: 'What density adds, and what it has to beat' });
}

function controlTable({ models, slope, negativeControls }: Headline): HTMLElement {
  const real = { name: 'density', what: 'the density itself', slope, gain: models.at(-1)!.gain };
  const columns: Column<NegativeControl>[] = [
    { head: 'In density’s place', type: 'text', cell: ({ name, what }) => [quoted(name), unit(what)] },
    {
      head: 'Slope',
      unit: `${PER_DEVIATION} [95%, CR1]`,
      type: 'number',
      cell: (row) => estimateCell(row.slope, 4),
    },
    {
      head: 'adds',
      unit: 'out-of-sample R² [95%]',
      type: 'number',
      cell: ({ gain }) => estimateCell(gain, 4, true),
    },
  ];
  return table(columns, [{ rows: [real] }, { head: 'negative controls', rows: negativeControls }], {
    caption: 'Density beside densities that should explain nothing, given all controls',
  });
}

function unit(text: string): HTMLElement {
  return h('span', { class: 'unit' }, text);
}

function slopeInWords(headline: Headline): string {
  const { slope, groups, groupBy, wildPValue, partialR2, smallestPartialR2, reliability, accuracy } =
    headline;
  const wild = wildPValue === null ? '' : `, wild cluster bootstrap ${pValue(wildPValue)}`;
  const noise = reliability
    ? ` Of the spread of density given the controls ${decimal(100 * reliability.ratio, 1)}% is its own and not its estimate’s error; the slope without that attenuation is ${decimal(reliability.slope, 4)}.`
    : '';
  const answers = accuracy
    ? ` A standard deviation more of density changes the chance of a right answer by ${signed(100 * accuracy.effect.estimate, 2)} points ${interval(100 * accuracy.effect.low, 100 * accuracy.effect.high, 2, true)} (average marginal effect, logistic regression by ${accuracy.method}, errors by ${groupBy}).`
    : '';
  return (
    `Given all controls, one standard deviation more of log10 density goes with ${decimal(slope.estimate, 4)} nats/token ` +
    `${interval(slope.low, slope.high, 4)}, ${pValue(slope.pValue)} (errors cluster by ${groupBy}, ${count(groups)} groups${wild}); partial R² ` +
    `${decimal(partialR2, 4)}. With ${count(groups)} independent groups a partial R² of ${decimal(smallestPartialR2, 4)} is found 4 times in 5.${noise}${answers}`
  );
}

function sensitivityFigure({ points, below, above, unsure, flips }: Sensitivity): HTMLElement {
  const kernels = [...new Set(points.map(({ kernel }) => kernel))];
  const summary = `Of ${count(points.length)} slopes ${below} are clearly below 0, ${above} clearly above, and ${unsure} cannot be told from 0${flips ? ': the conclusion depends on it' : ''}.`;
  const columns: Column<SensitivityPoint>[] = [
    { head: 'h', type: 'number', cell: ({ bandwidth }) => setting(bandwidth) },
    {
      head: 'Slope',
      unit: `${PER_DEVIATION} [95%, CR1]`,
      type: 'number',
      cell: (row) => estimateCell(row.slope, 4),
    },
    { head: 'Partial R²', type: 'number', cell: (row) => decimal(row.partialR2, 4) },
    { head: 'Queries', type: 'number', cell: ({ n }) => count(n) },
  ];
  const groups = kernels.map((kernel) => ({
    head: `${kernelWords(kernel)} kernel`,
    rows: points.filter((point) => point.kernel === kernel),
  }));
  const caption: Child[] = [
    `Slope of loss on log10 density given all controls, ${PER_DEVIATION}, with 95% intervals (CR1), at bandwidths around the chosen one. ${summary} No bandwidth is chosen by this.`,
  ];
  return figure({
    title: 'The same by other kernels and bandwidths',
    legend: legend(groups.map(({ head, rows }) => ({ name: head, points: rows.length }))),
    charts: [
      slopesChart({
        id: 'sensitivity',
        title: 'Slope by bandwidth and kernel',
        description: summary,
        x: 'bandwidth h',
        y: 'slope (nats/token per SD)',
        logarithmic: true,
        points: points.map(({ kernel, bandwidth, slope }) => ({
          ...slope,
          x: bandwidth,
          category: kernels.indexOf(kernel),
        })),
      }),
    ],
    caption,
    data: {
      summary: 'The slopes behind this chart',
      table: table(columns, groups, { caption: 'Slope of loss on log10 density by kernel and bandwidth' }),
    },
  });
}
