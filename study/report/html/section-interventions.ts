import type { ArmResult, Estimate, InterventionResult, Report } from '../report.js';
import { gainSlope, methodsOf } from './arms.js';
import { h } from './dom.js';
import { effectsFigure } from './figure-effects.js';
import { gainFigure } from './figure-gain.js';
import { count, interval, NONE, pValue, signed } from './format.js';
import { densityInWords } from './settings.js';
import { type Column, estimateCell, quoted, table } from './table.js';

const COLUMNS: readonly Column<ArmResult>[] = [
  { head: 'Arm', type: 'text', cell: ({ arm }) => quoted(arm) },
  { head: 'Dose', unit: 'texts a query', type: 'number', cell: ({ dose }) => count(dose) },
  { head: 'Queries', type: 'number', cell: ({ queries }) => count(queries) },
  { head: 'Δ log10 density', unit: 'mean', type: 'number', cell: (arm) => signed(arm.densityChange, 3) },
  { head: 'Gain', unit: 'mean, nats/token', type: 'number', cell: ({ gain }) => signed(gain, 3) },
  {
    head: 'Effect on log10 density',
    unit: 'against control [95%]',
    type: 'number',
    cell: ({ densityEffect }) => estimateCell(densityEffect, 3, true),
  },
  {
    head: 'Effect on gain',
    unit: 'against control, nats/token [95%]',
    type: 'number',
    cell: ({ gainEffect }) => estimateCell(gainEffect, 3, true),
  },
  {
    head: 'The same by ranks',
    unit: 'Hodges–Lehmann shift [95%]',
    type: 'number',
    cell: ({ rankEffect }) => estimateCell(rankEffect, 3, true),
  },
  {
    head: 'p by permutation',
    unit: 'within blocks',
    type: 'number',
    cell: ({ permutationPValue }) => (permutationPValue === null ? NONE : pValue(permutationPValue)),
  },
  {
    head: 'p by Holm',
    unit: 'of the arms that leak',
    type: 'number',
    cell: ({ holmPValue }) => (holmPValue === null ? NONE : pValue(holmPValue)),
  },
];
const ACCURACY: readonly Column<ArmResult>[] = [
  {
    head: 'Right answers',
    unit: 'change against control [95%]',
    type: 'number',
    cell: ({ accuracyEffect }) => estimateCell(accuracyEffect, 3, true),
  },
  {
    head: 'Flipped',
    unit: 'to right, to wrong; McNemar',
    type: 'number',
    cell: ({ flips }) => (flips ? `${flips.gained}, ${flips.lost}; ${pValue(flips.pValue)}` : NONE),
  },
];

/** A section for each intervention: its arms, their effects against control, and gain against the change in density. */
export function interventionSections(report: Report): HTMLElement[] {
  return report.interventions.map((intervention, place) => {
    const id = `intervention-${place}`;
    return h(
      'section',
      { id },
      h('h2', {}, 'Intervention: ', quoted(intervention.name)),
      h('p', { class: 'prose' }, ...overallInWords(intervention)),
      table(columnsFor(intervention), [{ rows: intervention.arms }], {
        caption: `What the arms of ${intervention.name} changed`,
        missing:
          'the control arm itself, which the others are compared with, or an arm with too few queries.',
      }),
      table(DOSE, [{ rows: doseRows(intervention) }], {
        caption: 'What the dose did by way of density, and for whom',
        missing: 'what these queries cannot tell.',
      }),
      trendNote(intervention),
      effectsFigure(intervention, id, densityInWords(report.density)),
      gainFigure(intervention, id, densityInWords(report.density)),
    );
  });
}

/** Columns on right answers only where they are known. */
function columnsFor({ arms }: InterventionResult): Column<ArmResult>[] {
  return arms.some(({ flips }) => flips !== null) ? [...COLUMNS, ...ACCURACY] : [...COLUMNS];
}

interface DoseRow {
  what: string;
  how: string;
  estimate: (Pick<Estimate, 'estimate' | 'low' | 'high'> & { pValue: number }) | null;
  digits: number;
}

const DOSE: readonly Column<DoseRow>[] = [
  { head: 'Question', type: 'text', cell: ({ what }) => what },
  {
    head: 'Answer',
    unit: '[95%]',
    type: 'number',
    cell: ({ estimate, digits }) => estimateCell(estimate, digits, true),
  },
  { head: 'How', type: 'text', cell: ({ how }) => how },
];

function doseRows(intervention: InterventionResult): DoseRow[] {
  const { densityOnDose, instrumented, heterogeneity, spillover } = intervention;
  const slope = gainSlope(intervention) ?? null;
  const weak = instrumented?.weak ? ': too weak an instrument to be trusted' : '';
  return [
    {
      what: 'Change in log10 density for one leaked text',
      ...{
        estimate: densityOnDose,
        digits: 3,
        how: 'first stage: least squares on the dose, errors by document',
      },
    },
    {
      what: 'Gain for a unit of change in log10 density, nats/token',
      ...{ estimate: slope, digits: 3, how: 'least squares, HC3: as it happened to change' },
    },
    {
      what: 'The same where the drawn dose changed it',
      ...{ estimate: instrumented, digits: 3 },
      how: instrumented
        ? `two-stage least squares by the dose, errors by document, first-stage F = ${count(Math.round(instrumented.firstStageF))}${weak}`
        : 'two-stage least squares by the dose',
    },
    {
      what: 'More gain from leaks for a standard deviation more of log10 density before, nats/token',
      ...{ estimate: heterogeneity, digits: 3, how: heterogeneity?.method ?? 'interaction' },
    },
    {
      what: 'Gain of control queries over those of untouched documents (spillover), nats/token',
      ...{ estimate: spillover, digits: 4, how: spillover?.method ?? 'difference in differences' },
    },
  ];
}

function trendNote({ trend }: InterventionResult): HTMLElement | null {
  if (!trend) return null;
  const { z, pValue: p, doses } = trend;
  const verdict = p >= 0.05 ? 'cannot be told to rise or fall' : z > 0 ? 'rise' : 'fall';
  return h(
    'p',
    { class: 'note' },
    `Over ${count(doses)} doses, gains ${verdict} with the dose (Jonckheere–Terpstra: z = ${signed(z, 1)}, ${pValue(p)}).`,
  );
}

function overallInWords(intervention: InterventionResult): (string | Node)[] {
  const { overall, run, treatedRun, leakedTexts } = intervention;
  return [
    `${count(leakedTexts)} texts were leaked, and run ${run} was trained again with them as ${treatedRun}. `,
    h(
      'b',
      {},
      `Against control, the arms that leak together changed log10 density by ${effectInWords(overall.densityEffect, '')} and gained ${effectInWords(overall.gainEffect, ' nats/token')}.`,
    ),
    ` Method: ${methodsOf([overall.densityEffect, overall.gainEffect])}.`,
    ' Effects are differences in differences: what changed for the arm less what changed for control.',
  ];
}

function effectInWords(effect: Estimate | null, unit: string): string {
  if (!effect) return 'an amount that so few queries cannot tell';
  const { estimate, low, high } = effect;
  return `${signed(estimate, 3)}${unit} (95% ${interval(low, high, 3, true)}, ${pValue(effect.pValue)})`;
}
