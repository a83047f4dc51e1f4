import type { Coefficient, Estimate, Regression, Report } from '../report.js';
import { type Child, h } from './dom.js';
import { folded } from './figure.js';
import { count, decimal, interval, isNumber, NONE, pValue, signed } from './format.js';
import { densityInWords, kernelInWords, lossInWords } from './settings.js';
import { type Column, estimateCell, quoted, table } from './table.js';

const COLUMNS: readonly Column<Regression>[] = [
  { head: 'Queries', type: 'text', cell: ({ queries }) => quoted(queries) },
  { head: 'n', type: 'number', cell: ({ n }) => count(n) },
  { head: 'Pearson r', unit: '[95%]', type: 'number', cell: ({ pearson }) => estimateCell(pearson, 3) },
  { head: 'Spearman ρ', unit: '[95%]', type: 'number', cell: ({ spearman }) => estimateCell(spearman, 3) },
  {
    head: 'Slope',
    unit: 'nats/token per decade of density [95%, HC3]',
    type: 'number',
    cell: (regression) => estimateCell(plainSlope(regression), 3),
  },
  { head: 'R²', type: 'number', cell: ({ plain }) => decimal(plain.r2, 3) },
  {
    head: 'R² out of sample',
    unit: 'cross-validated',
    type: 'number',
    cell: ({ plain }) => decimal(plain.outOfSampleR2, 3),
  },
  {
    head: 'Slope with controls',
    unit: '[95%, HC3]',
    type: 'number',
    cell: (regression) => [
      ...estimateCell(controlledSlope(regression), 3),
      isNumber(regression.adjustedPValue)
        ? h('span', { class: 'interval' }, `adjusted ${pValue(regression.adjustedPValue)}`)
        : null,
    ],
  },
  {
    head: 'Partial R²',
    unit: 'of density, given controls',
    type: 'number',
    cell: ({ controlled }) => decimal(controlled?.partialR2, 3),
  },
  {
    head: 'R² out of sample',
    unit: 'controls alone → with density',
    type: 'number',
    cell: ({ controlled }) => comparison(controlled),
  },
];

/** The section with one row for each regression of loss on log10 density, by kernel and kind of query. */
export function headlineSection(report: Report): HTMLElement {
  const { regressions, run, density } = report;
  const kernels = [...new Set(regressions.map(kernelInWords))];
  const groups = kernels.map((head) => ({
    head,
    rows: regressions.filter((regression) => kernelInWords(regression) === head),
  }));
  return h(
    'section',
    { id: 'headline' },
    h('h2', {}, 'How far density explains loss'),
    h(
      'p',
      { class: 'prose' },
      'Each row regresses the ',
      h('b', {}, lossInWords({ run })),
      ' (nats/token) on log10 density, over all queries or those of one kind. A negative slope means that better supported queries are less surprising to the model.',
    ),
    regressions.length === 0
      ? h('p', { class: 'note' }, 'There are no regressions in this report.')
      : table(COLUMNS, groups, {
          caption: 'Loss regressed on log10 density, by kernel and kind of query',
          missing:
            'a number that is not defined: a variable is constant, there are too few queries or documents, or no controls were asked for.',
        }),
    h('p', { class: 'note' }, `${testsInWords(regressions)} Densities: ${densityInWords(density)}.`),
    ...controlsNotes(regressions),
    regressions.length === 0 ? null : folded('Every coefficient', coefficientTable(regressions)),
  );
}

/** The plain regression's coefficient of density: the one beside the intercept; undefined where it was left out. */
export function plainSlope({ plain }: Regression): Coefficient | undefined {
  return plain.coefficients[1];
}

function controlledSlope(regression: Regression): Coefficient | undefined {
  const name = plainSlope(regression)?.name;
  return regression.controlled?.coefficients.find((coefficient) => coefficient.name === name);
}

function comparison(controlled: Regression['controlled']): Child[] {
  if (!controlled) return [NONE];
  const { controlsOutOfSampleR2: alone, outOfSampleR2: both, outOfSampleGain: added } = controlled;
  if (!isNumber(alone) && !isNumber(both)) return [NONE];
  const line = (text: string) => h('span', { class: 'interval' }, text);
  return [
    h('span', { class: 'estimate' }, `${decimal(alone, 3)} → `, h('b', {}, decimal(both, 3))),
    added && line(`${signed(added.estimate, 3)} ${interval(added.low, added.high, 3, true)}`),
    added && line(pValue(added.pValue)),
  ];
}

function testsInWords(regressions: readonly Regression[]): string {
  const named = (estimates: readonly (Estimate | null | undefined)[]) =>
    [...new Set(estimates.flatMap((estimate) => estimate?.method ?? []))].join('; ');
  const tests = [
    ['Correlations', named(regressions.flatMap(({ pearson, spearman }) => [pearson, spearman]))],
    ['Slopes', 't test with HC3 errors'],
    ['What density adds out of sample', named(regressions.map((one) => one.controlled?.outOfSampleGain))],
  ];
  const listed = tests.filter(([, test]) => test).map(([what, test]) => `${what}: ${test}.`);
  return `The tests behind the p-values are two-sided; “adjusted” is after Benjamini and Hochberg’s correction for all rows, the others are not corrected. ${listed.join(' ')} Out-of-sample R² keeps whole documents in one fold; below 0 it predicts worse than the mean.`;
}

function controlsNotes(regressions: readonly Regression[]): HTMLElement[] {
  const controls = [...new Set(regressions.flatMap(({ controlled }) => controlled?.controls ?? []))];
  const dropped = regressions.filter(({ controlled }) => (controlled?.dropped.length ?? 0) > 0);
  const notes = controls.length > 0 ? [`Controls: ${controls.join(', ')}.`] : [];
  notes.push(
    ...dropped.map(
      (regression) =>
        `Left out of ${regression.queries} (${kernelInWords(regression)}) as constant, collinear or about one query alone: ${regression.controlled!.dropped.join(', ')}.`,
    ),
  );
  return notes.map((note) => h('p', { class: 'note' }, note));
}

function coefficientTable(regressions: readonly Regression[]): HTMLElement {
  const columns: Column<Coefficient>[] = [
    { head: 'Term', type: 'text', cell: ({ name }) => quoted(name) },
    { head: 'Estimate', type: 'number', cell: ({ estimate }) => decimal(estimate, 4) },
    { head: 'Standard error', unit: 'HC3', type: 'number', cell: (row) => decimal(row.standardError, 4) },
    { head: '95% interval', unit: 'HC3', type: 'number', cell: ({ low, high }) => interval(low, high, 4) },
    { head: 'p', unit: 't test, HC3', type: 'number', cell: (row) => pValue(row.pValue) },
  ];
  const groups = regressions.flatMap((regression) => {
    const name = `${regression.queries}, ${kernelInWords(regression)}`;
    const { plain, controlled } = regression;
    const plainGroup = {
      head: `${name}: plain, R² = ${decimal(plain.r2, 3)}`,
      rows: plain.coefficients,
    };
    if (!controlled) return [plainGroup];
    const head = `${name}: with controls, R² = ${decimal(controlled.r2, 3)}`;
    return [plainGroup, { head, rows: controlled.coefficients }];
  });
  return table(columns, groups, {
    caption: 'Coefficients of every regression, in nats/token per unit of the term',
  });
}
