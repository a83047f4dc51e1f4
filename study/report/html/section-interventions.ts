import type { ArmResult, Estimate, InterventionResult, Report } from '../report.js';
import { methodsOf } from './arms.js';
import { h } from './dom.js';
import { effectsFigure } from './figure-effects.js';
import { gainFigure } from './figure-gain.js';
import { count, interval, pValue, signed } from './format.js';
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
    head: 'Method',
    type: 'text',
    cell: ({ densityEffect, gainEffect }) => methodsOf([densityEffect, gainEffect]),
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
      table(COLUMNS, [{ rows: intervention.arms }], {
        caption: `What the arms of ${intervention.name} changed`,
        missing:
          'the control arm itself, which the others are compared with, or an arm with too few queries.',
      }),
      effectsFigure(intervention, id, densityInWords(report.density)),
      gainFigure(intervention, id, densityInWords(report.density)),
    );
  });
}

function overallInWords(intervention: InterventionResult): (string | Node)[] {
  const { overall, run, treatedRun, leakedTexts } = intervention;
  return [
    `${count(leakedTexts)} texts were leaked, and run ${run} was trained again with them as ${treatedRun}. `,
    h(
      'b',
      {},
      `Against control, the treated arms together changed log10 density by ${effectInWords(overall.densityEffect, '')} and gained ${effectInWords(overall.gainEffect, ' nats/token')}.`,
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
