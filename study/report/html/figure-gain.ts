import { extent } from 'd3';
import type { InterventionResult } from '../report.js';
import { armNames, gainSlope } from './arms.js';
import { scatterChart } from './chart-scatter.js';
import { figure } from './figure.js';
import { count, decimal, interval, isNumber, pValue, signed } from './format.js';
import { fitLine, type LinePoint } from './line.js';
import { legend } from './palette.js';
import { type Column, quoted, table } from './table.js';

type Point = InterventionResult['points'][number];

const TITLE = 'Gain against the change in density, one mark a query';
const LISTED = 5000;

/** The chart of gain against the change in log10 density, coloured by arm; `density` says what a density means. */
export function gainFigure(intervention: InterventionResult, id: string, density: string): HTMLElement {
  const arms = armNames(intervention);
  const drawn = intervention.points.filter(
    ({ densityChange, gain }) => isNumber(densityChange) && isNumber(gain),
  );
  const points = drawn.map((point) => ({
    x: point.densityChange,
    y: point.gain,
    category: arms.indexOf(point.arm),
    label: drawn.length > LISTED ? null : labelOf(point),
  }));
  const words = slopeInWords(intervention);
  const chart = scatterChart({
    id: `${id}-points`,
    title: TITLE,
    description: `Scatter plot of ${count(drawn.length)} queries: change in log10 density across, gain in nats/token up, coloured by arm. ${words}`,
    x: 'Δ log10 density',
    y: 'gain (nats/token)',
    points,
    line: gainLine(intervention, drawn),
    zero: true,
  });
  return figure({
    title: TITLE,
    legend: legend(arms.map((name) => ({ name, points: drawn.filter(({ arm }) => arm === name).length }))),
    charts: [chart],
    caption: [
      `The line is least squares with its pointwise 95% band (HC3), ${fittedInWords(intervention, drawn.length)}. ${words} Density: ${density}, at the bandwidth of before.`,
    ],
    data: { summary: 'The queries behind this chart', table: pointTable(drawn) },
  });
}

/**
 * The line of the report's regression, with a band where the rows that it was fitted to can be told from the points:
 * all of them, or all but the untouched, which have no dose and yet an effect.
 */
function gainLine(intervention: InterventionResult, drawn: readonly Point[]): LinePoint[] | null {
  const { arms, gainOnDensityChange } = intervention;
  const untouched = new Set(
    arms.filter(({ dose, gainEffect }) => dose === 0 && gainEffect !== null).map(({ arm }) => arm),
  );
  const fitted = [drawn, drawn.filter(({ arm }) => !untouched.has(arm))].find(
    ({ length }) => length === gainOnDensityChange.n,
  );
  const change = (point: Point) => point.densityChange;
  if (fitted)
    return fitLine(
      fitted.map(change),
      fitted.map(({ gain }) => gain),
    );
  const slope = gainSlope(intervention);
  const [first, last] = extent(drawn, change);
  if (!slope || first === undefined) return null;
  return [first, last].map((x) => {
    const y = gainOnDensityChange.coefficients[0]!.estimate + slope.estimate * x;
    return { x, y, low: y, high: y };
  });
}

function fittedInWords({ gainOnDensityChange: { n } }: InterventionResult, drawn: number): string {
  return n === drawn
    ? `over all ${count(n)} queries`
    : `over the ${count(n)} queries of the control and treated arms; the others of the ${count(drawn)} are drawn and not fitted`;
}

function slopeInWords(intervention: InterventionResult): string {
  const slope = gainSlope(intervention);
  if (!slope) return '';
  const { r2, n } = intervention.gainOnDensityChange;
  return `A tenfold rise in density goes with a gain of ${signed(slope.estimate, 3)} nats/token (95% ${interval(slope.low, slope.high, 3, true)}, ${pValue(slope.pValue)}, t test with HC3 errors; R²\u00a0=\u00a0${decimal(r2, 3)}, n\u00a0=\u00a0${count(n)}).`;
}

function labelOf({ id, arm, dose, densityChange, gain }: Point): string {
  return `query ${id}, ${arm}, dose ${dose}: Δ log10 density ${signed(densityChange, 3)}, gain ${signed(gain, 3)}`;
}

function pointTable(points: readonly Point[]): HTMLElement {
  const columns: Column<Point>[] = [
    { head: 'Query', type: 'text', cell: ({ id }) => String(id) },
    { head: 'Arm', type: 'text', cell: ({ arm }) => quoted(arm) },
    { head: 'Dose', type: 'number', cell: ({ dose }) => count(dose) },
    { head: 'Δ log10 density', type: 'number', cell: (point) => signed(point.densityChange, 3) },
    { head: 'Gain', unit: 'nats/token', type: 'number', cell: ({ gain }) => signed(gain, 3) },
  ];
  const listed = points.slice(0, LISTED);
  const caption =
    listed.length < points.length
      ? `The first ${count(listed.length)} of ${count(points.length)} queries; report.json holds all`
      : `All ${count(points.length)} queries of the intervention`;
  return table(columns, [{ rows: listed }], { caption });
}
