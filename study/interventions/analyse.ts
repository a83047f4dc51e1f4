import { mean } from 'd3';
import type { InterventionArm } from '../../store/index.js';
import { type Estimate, type Slope, slopeFrom } from '../regression/index.js';
import {
  differenceInDifferences,
  holm,
  leastSquares,
  mcnemar,
  permutationTest,
  rankSum,
  trendTest,
  twoStageLeastSquares,
} from '../statistics/index.js';
import type { ArmResult, InstrumentedEffect, InterventionResult } from './result.js';

/** A query of an intervention, measured before and after. */
export interface TreatedQuery {
  id: number;
  document: string;
  arm: string;
  dose: number;
  block: string;
  densityBefore: number;
  densityAfter: number;
  /** nats a token */
  lossBefore: number;
  lossAfter: number;
  /** 0 or 1, where answers are known. */
  correctBefore?: number | undefined;
  correctAfter?: number | undefined;
}

/** Which arms there are, and the seed of the permutations. */
export interface AnalysisOptions {
  arms: readonly Pick<InterventionArm, 'name' | 'kind'>[];
  seed: number;
}

type Kind = InterventionArm['kind'];
const PERMUTATIONS = 1999;
const LEAKS: ReadonlySet<Kind> = new Set(['exact', 'paraphrase']);

/** What an intervention did, arm by arm against the control arm, and what its dose did by way of density. */
export function analyseIntervention(
  name: string,
  queries: readonly TreatedQuery[],
  { arms, seed }: AnalysisOptions,
): Omit<InterventionResult, 'run' | 'treatedRun' | 'leakedTexts'> {
  const named = (kind: Kind) => arms.find((arm) => arm.kind === kind)?.name ?? kind;
  const [control, untouched] = [named('control'), named('untouched')];
  const kindOf = new Map(arms.map((arm) => [arm.name, arm.kind]));
  const inArm = (arm: string) => queries.filter((query) => query.arm === arm);
  const controls = inArm(control);
  const leaked = queries.filter(({ arm }) => LEAKS.has(kindOf.get(arm) ?? 'control'));
  const compared = [...leaked, ...controls];
  const known = arms.filter((arm) => inArm(arm.name).length > 0);
  const results = known.map(({ name: arm, kind }) =>
    armResult(arm, kind, inArm(arm), arm === control ? null : controls, seed),
  );
  const family = results.filter(({ kind, gainEffect }) => LEAKS.has(kind) && gainEffect !== null);
  const corrected = holm(family.map(({ gainEffect }) => gainEffect!.pValue));
  family.forEach((arm, i) => {
    arm.holmPValue = corrected[i]!;
  });
  return {
    ...{ name, control, untouched },
    arms: results.sort((a, b) => rankOf(a) - rankOf(b)),
    overall: {
      densityEffect: effect(leaked, controls, densityBefore, densityAfter),
      gainEffect: effect(leaked, controls, lossRiseBefore, lossRiseAfter),
    },
    densityOnDose: attempt(() => doseSlope(compared)),
    gainOnDensityChange: gainOnDensityChange(compared),
    instrumented: attempt(() => instrumented(compared)),
    trend: attempt(() => {
      const { z, pValue, doses } = trendTest(
        compared.map(({ dose }) => dose),
        compared.map(gainOf),
      );
      return { z, pValue, doses };
    }),
    heterogeneity: attempt(() => heterogeneity(compared, new Set(leaked))),
    spillover: effect(controls, inArm(untouched), lossRiseBefore, lossRiseAfter),
    points: queries.map((query) => ({
      ...{ id: query.id, arm: query.arm, dose: query.dose },
      ...{ densityChange: densityChangeOf(query), gain: gainOf(query) },
    })),
  };
}

/** Untouched first, then control, unrelated and placebo, then leaks by dose. */
function rankOf({ kind, dose }: ArmResult): number {
  const order: Kind[] = ['untouched', 'control', 'unrelated', 'placebo'];
  const place = order.indexOf(kind);
  return place >= 0 ? place - order.length : dose;
}

function armResult(
  arm: string,
  kind: Kind,
  rows: readonly TreatedQuery[],
  controls: readonly TreatedQuery[] | null,
  seed: number,
): ArmResult {
  const isKnown = rows.every(({ correctBefore: a, correctAfter: b }) => a !== undefined && b !== undefined);
  return {
    ...{ arm, kind, dose: rows[0]!.dose, queries: rows.length },
    ...{ densityChange: mean(rows, densityChangeOf)!, gain: mean(rows, gainOf)! },
    densityEffect: controls && effect(rows, controls, densityBefore, densityAfter),
    gainEffect: controls && effect(rows, controls, lossRiseBefore, lossRiseAfter),
    rankEffect: controls && attempt(() => rankEffect(rows, controls)),
    permutationPValue: controls && permutationPValue(rows, controls, seed),
    holmPValue: null,
    accuracyEffect:
      isKnown && controls
        ? effect(
            rows,
            controls,
            (query) => query.correctBefore ?? Number.NaN,
            (query) => query.correctAfter ?? Number.NaN,
          )
        : null,
    flips: isKnown
      ? mcnemar(
          rows.map((row) => row.correctBefore!),
          rows.map((row) => row.correctAfter!),
        )
      : null,
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
  return attempt(() => {
    const { estimate, low, high, pValue } = differenceInDifferences({
      before: rows.map(before),
      after: rows.map(after),
      treated: rows.map((_, index) => index < arm.length),
      ...(grouped && { groups: rows.map(({ document }) => document) }),
    });
    if (low === null || high === null || pValue === null) return null;
    const method = `difference in differences, ${grouped ? 'errors clustered by document' : "Welch's t"}`;
    return { estimate, low, high, pValue, method };
  });
}

function rankEffect(rows: readonly TreatedQuery[], controls: readonly TreatedQuery[]): Estimate {
  const { shift, low, high, pValue } = rankSum(rows.map(gainOf), controls.map(gainOf));
  return { estimate: shift, low, high, pValue, method: "Wilcoxon's rank sum, Hodges–Lehmann shift" };
}

/** p of the difference of mean gains by dealing the arms out again within blocks; null where no block has both. */
function permutationPValue(
  rows: readonly TreatedQuery[],
  controls: readonly TreatedQuery[],
  seed: number,
): number | null {
  const all = [...rows, ...controls];
  return attempt(
    () =>
      permutationTest({
        values: all.map(gainOf),
        treated: all.map((_, index) => index < rows.length),
        blocks: all.map(({ block }) => block),
        ...{ permutations: PERMUTATIONS, seed },
      }).pValue,
  );
}

/** Queries of one document vary together; nothing can be said of that where there is one document. */
function byDocument(queries: readonly TreatedQuery[]): { groups?: string[] } {
  const groups = queries.map(({ document }) => document);
  return new Set(groups).size < 2 ? {} : { groups };
}

const dosesOf = (queries: readonly TreatedQuery[]) => ({
  name: 'dose',
  values: queries.map(({ dose }) => dose),
});
const changesOf = (queries: readonly TreatedQuery[]) => ({
  name: 'change_in_log10_density',
  values: queries.map(densityChangeOf),
});

function doseSlope(queries: readonly TreatedQuery[]): Slope {
  const fit = leastSquares(queries.map(densityChangeOf), [dosesOf(queries)], byDocument(queries));
  return slopeFrom(fit, 'dose');
}

function gainOnDensityChange(queries: readonly TreatedQuery[]): InterventionResult['gainOnDensityChange'] {
  const fit = attempt(() => leastSquares(queries.map(gainOf), [changesOf(queries)]));
  if (!fit) return { coefficients: [], r2: Number.NaN, n: queries.length };
  const coefficients = fit.coefficients.map(({ name, estimate, standardError, low, high, pValue }) => {
    return { name, estimate, standardError, low, high, pValue };
  });
  return { coefficients, r2: fit.r2, n: fit.n };
}

function instrumented(queries: readonly TreatedQuery[]): InstrumentedEffect {
  const { estimate, standardError, low, high, pValue, firstStageF, weak } = twoStageLeastSquares(
    queries.map(gainOf),
    changesOf(queries),
    [dosesOf(queries)],
    byDocument(queries),
  );
  return { estimate, standardError, low, high, pValue, firstStageF, weak };
}

/** The interaction of being leaked with log10 density before, in standard deviations. */
function heterogeneity(queries: readonly TreatedQuery[], leaked: ReadonlySet<TreatedQuery>): Estimate {
  const before = queries.map(densityBefore);
  const centre = mean(before)!;
  const spread = Math.sqrt(mean(before, (value) => (value - centre) ** 2)!);
  const treated = queries.map((query) => Number(leaked.has(query)));
  const density = before.map((value) => (value - centre) / spread);
  const fit = leastSquares(
    queries.map(gainOf),
    [
      { name: 'leaked', values: treated },
      { name: 'density_before', values: density },
      { name: 'leaked_by_density_before', values: treated.map((flag, i) => flag * density[i]!) },
    ],
    byDocument(queries),
  );
  const { estimate, low, high, pValue } = slopeFrom(fit, 'leaked_by_density_before');
  return { estimate, low, high, pValue, method: 'interaction, errors clustered by document' };
}

/** Null where there are too few queries, or none that differ. */
function attempt<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const densityBefore = (query: TreatedQuery) => query.densityBefore;
const densityAfter = (query: TreatedQuery) => query.densityAfter;
// A gain is a fall of the loss.
const lossRiseBefore = (query: TreatedQuery) => -query.lossBefore;
const lossRiseAfter = (query: TreatedQuery) => -query.lossAfter;
const densityChangeOf = (query: TreatedQuery) => query.densityAfter - query.densityBefore;
const gainOf = (query: TreatedQuery) => query.lossBefore - query.lossAfter;
