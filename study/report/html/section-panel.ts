import type { Panel, PanelRun } from '../../regression/index.js';
import type { Report } from '../report.js';
import { slopesChart } from './chart-slopes.js';
import { h } from './dom.js';
import { figure } from './figure.js';
import { count, decimal, interval, pValue, setting } from './format.js';
import { type Column, estimateCell, quoted, table } from './table.js';

/** The section that sets the runs side by side. */
export function panelSections({ panel }: Report): HTMLElement[] {
  if (!panel) return [];
  return [
    h(
      'section',
      { id: 'panel' },
      h('h2', {}, 'Across the runs'),
      h(
        'p',
        { class: 'prose' },
        `The same regression in each of ${count(panel.runs.length)} runs, given all controls. ${interactionInWords(panel)}`,
      ),
      panelFigure(panel),
    ),
  ];
}

function interactionInWords({ interaction }: Panel): string {
  if (!interaction) return '';
  const { covariate, overQueries, overRuns, runs } = interaction;
  const side = (slope: typeof overRuns) => `${interval(slope.low, slope.high, 4)}, ${pValue(slope.pValue)}`;
  return (
    `For one more unit of ${covariate}, the slope changes by ${decimal(overQueries.estimate, 4)}: 95% interval over queries ${side(overQueries)} ` +
    `(errors by group), and over the ${count(runs)} runs ${side(overRuns)} (HC3).`
  );
}

function panelFigure({ runs, interaction }: Panel): HTMLElement {
  const numeric = covariatesOf(runs);
  const across = interaction?.covariate.replace(/^log10 /, '') ?? numeric[0];
  const columns: Column<PanelRun>[] = [
    { head: 'Run', type: 'text', cell: ({ run }) => quoted(run) },
    ...numeric.map(
      (name): Column<PanelRun> => ({
        head: name,
        type: 'number',
        cell: ({ covariates }) => setting(Number(covariates[name])),
      }),
    ),
    { head: 'Mean loss', unit: 'nats/token', type: 'number', cell: ({ meanLoss }) => decimal(meanLoss, 3) },
    {
      head: 'Slope',
      unit: 'nats/token for a standard deviation of log10 density [95%, CR1]',
      type: 'number',
      cell: (row) => estimateCell(row.slope, 4),
    },
    { head: 'p by Holm', unit: 'all runs', type: 'number', cell: ({ holmPValue }) => pValue(holmPValue) },
    { head: 'Partial R²', type: 'number', cell: (row) => decimal(row.partialR2, 4) },
    {
      head: 'adds',
      unit: 'out-of-sample R² [95%]',
      type: 'number',
      cell: ({ gain }) => estimateCell(gain, 4, true),
    },
  ];
  const place = (run: PanelRun, i: number) => (across === undefined ? i + 1 : Number(run.covariates[across]));
  const caption = 'Slope of loss on log10 density by run, given all controls';
  return figure({
    title: `Density’s slope by ${across ?? 'run'}`,
    charts: [
      slopesChart({
        id: 'panel-slopes',
        title: caption,
        description: `${runs.length} slopes from ${decimal(Math.min(...runs.map(({ slope }) => slope.estimate)), 4)} to ${decimal(Math.max(...runs.map(({ slope }) => slope.estimate)), 4)} nats/token.`,
        x: across ?? 'run',
        y: 'slope (nats/token per SD)',
        logarithmic: interaction?.covariate.startsWith('log10') ?? false,
        points: runs.map((run, i) => ({ ...run.slope, x: place(run, i), category: 0 })),
      }),
    ],
    caption: [`${caption}, with 95% intervals (CR1).`],
    data: { summary: 'The runs behind this chart', table: table(columns, [{ rows: runs }], { caption }) },
  });
}

/** The covariates that all runs have as numbers, and that differ. */
function covariatesOf(runs: readonly PanelRun[]): string[] {
  return Object.keys(runs[0]!.covariates).filter(
    (name) =>
      runs.every(({ covariates }) => typeof covariates[name] === 'number') &&
      new Set(runs.map(({ covariates }) => covariates[name])).size > 1,
  );
}
