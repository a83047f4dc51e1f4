import { partialR2 } from '../statistics/index.js';
import { slopeWith, standardised } from './headline.js';
import { densityTerm, type Observations } from './observations.js';
import type { Slope } from './slope.js';

/** The headline's slope by another kernel or bandwidth. */
export interface SensitivityPoint {
  kernel: string;
  bandwidth: number;
  /** Per standard deviation of this log10 density, given all controls. */
  slope: Slope;
  partialR2: number;
  /** Queries whose density is known at this bandwidth; others are left out. */
  n: number;
}

/** The headline over bandwidths and kernels. */
export interface Sensitivity {
  points: SensitivityPoint[];
  /** Points whose interval lies below 0, above 0, and has 0 in it. */
  below: number;
  above: number;
  unsure: number;
  /** Whether the headline's interval lies elsewhere than some point's. */
  flips: boolean;
}

/** Densities of a kernel and bandwidth, by query id. */
export interface SweptDensity {
  kernel: string;
  bandwidth: number;
  log10Density: ReadonlyMap<number, number>;
}

/** Fits the headline's slope again with densities of other kernels and bandwidths, each in standard deviations, so that they compare. */
export function sensitivityOf(
  observations: Observations,
  headline: Slope,
  densities: readonly SweptDensity[],
): Sensitivity {
  const points = densities.flatMap(({ kernel, bandwidth, log10Density }): SensitivityPoint[] => {
    const rows = [...observations.queries.keys()].filter((q) =>
      Number.isFinite(log10Density.get(observations.queries[q]!.id) ?? Number.NaN),
    );
    if (rows.length < observations.queries.length / 2) return [];
    const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (q) => values[q]!);
    const loss = pick(observations.loss);
    const controls = [...observations.length, ...observations.baselines.map(({ term }) => term)].map(
      ({ name, values }) => ({ name, values: pick(values) }),
    );
    const values = rows.map((q) => log10Density.get(observations.queries[q]!.id)!);
    if (values.every((value) => value === values[0])) return [];
    const density = densityTerm(standardised(values));
    const groups = rows.map((q) => observations.groups[q]!);
    return [
      {
        ...{ kernel, bandwidth, n: rows.length, slope: slopeWith({ loss, groups }, controls, density) },
        partialR2: partialR2(loss, controls, [density]).partialR2,
      },
    ];
  });
  const at = (side: number) => points.filter(({ slope }) => sideOf(slope) === side).length;
  return {
    points,
    ...{ below: at(-1), above: at(1), unsure: at(0) },
    flips: points.some(({ slope }) => sideOf(slope) !== sideOf(headline)),
  };
}

function sideOf({ low, high }: Slope): number {
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}
