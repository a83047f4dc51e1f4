import type { ArmResult, Coefficient, Estimate, InterventionResult } from '../report.js';
import { count } from './format.js';

/** The arms of an intervention in their order, each name once: its categories. */
export function armNames({ arms, points }: InterventionResult): string[] {
  return [...new Set([...arms.map(({ arm }) => arm), ...points.map(({ arm }) => arm)])];
}

/** The slope of gain on the change in log10 density; undefined where it was left out. */
export function gainSlope({ gainOnDensityChange }: InterventionResult): Coefficient | undefined {
  return gainOnDensityChange.coefficients[1];
}

/** An arm with its dose, where it has one: paraphrase, dose 3. */
export function armInWords({ arm, dose }: ArmResult): string {
  return dose === 0 ? arm : `${arm}, dose ${count(dose)}`;
}

/** The methods of effects, each once; the arm that has none is the one others are compared with. */
export function methodsOf(effects: readonly (Estimate | null)[]): string {
  return [...new Set(effects.flatMap((effect) => effect?.method ?? []))].join('; ') || 'reference';
}
