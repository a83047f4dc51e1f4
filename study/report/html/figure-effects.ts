import type { ArmResult, Estimate, InterventionResult } from '../report.js';
import { armInWords, armNames, methodsOf } from './arms.js';
import { type Effect, effectsChart } from './chart-effects.js';
import { figure } from './figure.js';
import { interval, isNumber, signed } from './format.js';
import { type Column, quoted, table } from './table.js';

/** The charts of each arm's effect on log10 density and on gain; `id` is unique on the page, `density` says what a density means. */
export function effectsFigure(intervention: InterventionResult, id: string, density: string): HTMLElement {
  const rows = (effectOf: (arm: ArmResult) => Estimate | null, all: Estimate | null): Effect[] => {
    const names = armNames(intervention);
    const arms = intervention.arms.flatMap((arm): Effect[] => {
      const effect = effectOf(arm);
      return effect && isNumber(effect.low) && isNumber(effect.high)
        ? [{ ...effect, name: armInWords(arm), category: names.indexOf(arm.arm) }]
        : [];
    });
    return all && isNumber(all.low) && isNumber(all.high)
      ? [...arms, { ...all, name: 'all treated arms', category: null }]
      : arms;
  };
  const densityRows = rows(({ densityEffect }) => densityEffect, intervention.overall.densityEffect);
  const gainRows = rows(({ gainEffect }) => gainEffect, intervention.overall.gainEffect);
  const describe = (effects: readonly Effect[]) =>
    effects
      .map((row) => `${row.name} ${signed(row.estimate, 3)} ${interval(row.low, row.high, 3, true)}`)
      .join('; ');
  const chart = (part: string, title: string, x: string, effects: Effect[]) =>
    effectsChart({
      id: `${id}-${part}`,
      title,
      description: `Effects against control with 95% intervals: ${describe(effects)}.`,
      x,
      digits: 3,
      effects,
    });
  return figure({
    title: 'Effects against control, by arm',
    charts: [
      chart('density', 'Effect on log10 density', 'effect on log10 density', densityRows),
      chart('gain', 'Effect on gain', 'effect on gain (nats/token)', gainRows),
    ],
    caption: [
      `Dots are differences in differences against the control arm, lines their 95% intervals (${methodsOf(
        intervention.arms.flatMap(({ densityEffect, gainEffect }) => [densityEffect, gainEffect]),
      )}). Gain is loss before less loss after, in nats/token. Density: ${density}, at the bandwidth of before.`,
    ],
    data: {
      summary: 'The numbers behind these charts',
      table: effectTable([
        { head: 'log10 density', rows: densityRows },
        { head: 'gain, nats/token', rows: gainRows },
      ]),
    },
  });
}

function effectTable(groups: { head: string; rows: Effect[] }[]): HTMLElement {
  const columns: Column<Effect>[] = [
    { head: 'Arm', type: 'text', cell: ({ name }) => quoted(name) },
    { head: 'Effect', unit: 'against control', type: 'number', cell: (row) => signed(row.estimate, 4) },
    { head: '95% interval', type: 'number', cell: ({ low, high }) => interval(low, high, 4, true) },
  ];
  return table(columns, groups, { caption: 'Effects against control by arm' });
}
