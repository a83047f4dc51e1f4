import { mean } from 'd3';
import { differenceInDifferences, leastSquares, type MeanDifference } from '../statistics/index.js';
import type { ArmResult, Coefficient, Estimate, InterventionResult } from './report.js';

/** A query of an intervention, measured before and after. */
export interface TreatedQuery {
  id: number;
  document: string;
  arm: string;
  dose: number;
  densityBefore: number;
  densityAfter: number;
  /** nats a token */
  lossBefore: number;
  lossAfter: number;
}

/** The arms that no text was leaked for: the control, and the documents nobody touched. */
export interface ArmRoles {
  control: string;
  untouched: string;
}

/** What an intervention did, arm by arm against the control arm. */
export function analyseIntervention(
  name: string,
  queries: readonly TreatedQuery[],
  { control, untouched }: ArmRoles,
): Omit<InterventionResult, 'run' | 'treatedRun' | 'leakedTexts'> {
  const arms = [...new Set(queries.map(({ arm }) => arm))];
  const inArm = (arm: string) => queries.filter((query) => query.arm === arm);
  const controls = inArm(control);
  const treated = queries.filter(({ arm }) => arm !== control && arm !== untouched);
  const changed = [...treated, ...controls];
  const fit = leastSquares(changed.map(gainOf), [
    { name: 'change_in_log10_density', values: changed.map(densityChangeOf) },
  ]);
  return {
    name,
    control,
    untouched,
    arms: arms
      .map((arm) => armResult(arm, inArm(arm), arm === control ? null : controls))
      .sort((a, b) => rankOf(a) - rankOf(b)),
    overall: {
      densityEffect: effect(treated, controls, densityBefore, densityAfter),
      gainEffect: effect(treated, controls, lossRiseBefore, lossRiseAfter),
    },
    gainOnDensityChange: {
      coefficients: fit.coefficients.map(
        ({ name: term, estimate, standardError, low, high, pValue }): Coefficient => ({
          name: term,
          estimate,
          standardError,
          low,
          high,
          pValue,
        }),
      ),
      r2: fit.r2,
      n: fit.n,
    },
    points: queries.map((query) => ({
      id: query.id,
      arm: query.arm,
      dose: query.dose,
      densityChange: densityChangeOf(query),
      gain: gainOf(query),
    })),
  };

  /** Untouched first, then control, then by dose. */
  function rankOf({ arm, dose }: ArmResult): number {
    if (arm === untouched) return -2;
    return arm === control ? -1 : dose;
  }
}

function armResult(
  arm: string,
  rows: readonly TreatedQuery[],
  controls: readonly TreatedQuery[] | null,
): ArmResult {
  return {
    arm,
    dose: rows[0]!.dose,
    queries: rows.length,
    densityChange: mean(rows, densityChangeOf)!,
    gain: mean(rows, gainOf)!,
    densityEffect: controls && effect(rows, controls, densityBefore, densityAfter),
    gainEffect: controls && effect(rows, controls, lossRiseBefore, lossRiseAfter),
  };
}

/** The difference in differences of an arm against the control, rows of one document varying together. */
function effect(
  arm: readonly TreatedQuery[],
  controls: readonly TreatedQuery[],
  before: (query: TreatedQuery) => number,
  after: (query: TreatedQuery) => number,
): Estimate | null {
  const rows = [...arm, ...controls];
  const clusters = (queries: readonly TreatedQuery[]) =>
    new Set(queries.map(({ document }) => document)).size;
  const grouped = Math.min(clusters(arm), clusters(controls)) >= 2;
  const result: MeanDifference = differenceInDifferences({
    before: rows.map(before),
    after: rows.map(after),
    treated: rows.map((_, index) => index < arm.length),
    ...(grouped && { groups: rows.map(({ document }) => document) }),
  });
  const { estimate, low, high, pValue } = result;
  if (low === null || high === null || pValue === null) return null;
  const method = `difference in differences, ${grouped ? 'errors clustered by document' : "Welch's t"}`;
  return { estimate, low, high, pValue, method };
}

const densityBefore = (query: TreatedQuery) => query.densityBefore;
const densityAfter = (query: TreatedQuery) => query.densityAfter;
// A gain is a fall of the loss.
const lossRiseBefore = (query: TreatedQuery) => -query.lossBefore;
const lossRiseAfter = (query: TreatedQuery) => -query.lossAfter;
const densityChangeOf = (query: TreatedQuery) => query.densityAfter - query.densityBefore;
const gainOf = (query: TreatedQuery) => query.lossBefore - query.lossAfter;
