import type { Row } from '../../store/index.js';
import type { Report } from './report.js';

/** The tables of a report, by the names of their files. */
export function reportTables(report: Report): Record<string, Row[]> {
  const { coverage, panel, leaks, comparison, gates } = report;
  const tables: Record<string, Row[]> = {
    queries: report.queries.map((query) => ({ ...query })),
    kinds: report.kinds.map((kind) => ({ ...kind })),
    regressions: report.cells.map((cell) => ({ ...cell })),
    runs: (panel?.runs ?? []).map(({ run, covariates, meanLoss, slope, holmPValue, partialR2, gain }) => ({
      ...{ run, ...covariates, meanLoss, slope: slope.estimate, slopeLow: slope.low, slopeHigh: slope.high },
      ...{ holmPValue, partialR2, gain: gain.estimate, gainLow: gain.low, gainHigh: gain.high },
    })),
    coverage: (coverage?.subjects ?? []).flatMap(({ subject, queries, medianLog10Density, shares }) =>
      coverage!.sources.map(({ corpus, source }, s) => ({
        ...{ subject, queries, medianLog10Density, corpus, source, share: shares[s]! },
      })),
    ),
    leaks: (leaks?.leaks ?? []).map((leak) => ({ ...leak })),
    arms: report.interventions.flatMap(({ name, arms }) =>
      arms.map(({ arm, kind, dose, queries, densityEffect, gainEffect }) => ({
        ...{ intervention: name, arm, kind, dose, queries },
        ...{ densityEffect: densityEffect?.estimate, densityLow: densityEffect?.low },
        ...{ densityHigh: densityEffect?.high, gain: gainEffect?.estimate },
        ...{ gainLow: gainEffect?.low, gainHigh: gainEffect?.high, gainPValue: gainEffect?.pValue },
      })),
    ),
    moved: (comparison?.moved ?? []).map(({ change, ...moved }) => ({ ...moved, ...change })),
    gates: gates.map(({ queries, ...gate }) => ({ ...gate, queries: queries.map(({ key }) => key) })),
  };
  return Object.fromEntries(Object.entries(tables).filter(([, rows]) => rows.length > 0));
}
