import { group, median, quantile, randomLcg } from 'd3';
import type { OnProgress } from '../../store/index.js';
import type { Checkpoint } from './checkpoint.js';
import { type ComputeOptimal, computeOptimal } from './convex-hull.js';
import { fitPowerLaw, type PowerLaw } from './power-law.js';

/** A number of a law with its percentile interval over resampled runs. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

/** A law, and how far it depends on which runs there are. */
export interface FittedLaw {
  delta: number;
  law: PowerLaw;
  /** By resampling whole runs; null where none were drawn. */
  intervals: Partial<Record<'E' | 'A' | 'alpha' | 'B' | 'beta' | 'gamma', Interval>> | null;
}

/** The law of some of the checkpoints. */
export interface SubsetLaw {
  /** Which were kept. */
  kept: string;
  law: PowerLaw;
  computeOptimalSlope: number | null;
}

/** All that is said of how loss scales. */
export interface ScalingStudy {
  checkpoints: number;
  runs: number;
  laws: FittedLaw[];
  computeOptimal: ComputeOptimal | null;
  subsets: SubsetLaw[];
  /** Numbers of resamples and their seed. */
  resamples: number;
  seed: number;
}

export interface ScalingOptions {
  /** Of the Huber loss, in log L; the subsets take the last. */
  deltas: readonly number[];
  /** Columns by which checkpoints are parted at their median: `width`, `depth`, `tokens`, … */
  by: readonly string[];
  resamples: number;
  seed: number;
  onProgress?: OnProgress | undefined;
}

const NUMBERS = ['E', 'A', 'alpha', 'B', 'beta', 'gamma'] as const;

/** Fits scaling laws to checkpoints, resamples their runs, and fits the halves that are kept by each column. */
export function scalingStudy(checkpoints: readonly Checkpoint[], options: ScalingOptions): ScalingStudy {
  const { deltas, by, resamples, seed, onProgress } = options;
  const halves = by.flatMap((column) => halvesBy(checkpoints, column));
  const total = deltas.length * (resamples + 1) + halves.length;
  let done = 0;
  const fitted = (some: readonly Checkpoint[], delta: number, start?: PowerLaw) => {
    const law = fitPowerLaw(some, { delta, ...(start && { start }) });
    onProgress?.({ step: 'fitting scaling laws', done: ++done, total, unit: 'fits' });
    return law;
  };
  const laws = deltas.map((delta): FittedLaw => {
    const law = fitted(checkpoints, delta);
    const drawn = resampled(checkpoints, resamples, seed).flatMap((some) => {
      try {
        return [fitted(some, delta, law)];
      } catch (error) {
        // A draw of too few sizes says nothing.
        if (error instanceof RangeError) return [];
        throw error;
      }
    });
    return { delta, law, intervals: drawn.length > 0 ? intervalsOf(law, drawn) : null };
  });
  return {
    checkpoints: checkpoints.length,
    runs: new Set(checkpoints.map(({ run }) => run)).size,
    laws,
    computeOptimal: computeOptimal(checkpoints),
    subsets: halves.map(({ kept, some }) => ({
      ...{ kept, law: fitted(some, deltas.at(-1)!) },
      computeOptimalSlope: computeOptimal(some)?.slope ?? null,
    })),
    ...{ resamples, seed },
  };
}

/** Runs drawn with replacement, all checkpoints of each. */
function resampled(checkpoints: readonly Checkpoint[], count: number, seed: number): Checkpoint[][] {
  const random = randomLcg(seed);
  const runs = [...group(checkpoints, ({ run }) => run).values()];
  return Array.from({ length: count }, () => runs.flatMap(() => runs[Math.floor(random() * runs.length)]!));
}

function intervalsOf(law: PowerLaw, drawn: readonly PowerLaw[]): NonNullable<FittedLaw['intervals']> {
  const known = NUMBERS.filter((name) => law[name] !== null);
  return Object.fromEntries(
    known.map((name) => {
      const values = drawn.map((one) => one[name]!);
      return [name, { estimate: law[name]!, low: quantile(values, 0.025)!, high: quantile(values, 0.975)! }];
    }),
  );
}

/** The checkpoints up to the median of a column, and those above it; of halves too small for a law, none. */
function halvesBy(
  checkpoints: readonly Checkpoint[],
  column: string,
): { kept: string; some: Checkpoint[] }[] {
  const value = ({ params, tokens, covariates }: Checkpoint) =>
    column === 'params' ? params : column === 'tokens' ? tokens : covariates[column];
  const numbers = checkpoints.map(value);
  if (!numbers.every((one) => typeof one === 'number')) {
    throw new RangeError(`Not every checkpoint has a number for ${column}.`);
  }
  const middle = median(numbers as number[])!;
  const part = (kept: string, isKept: (one: number) => boolean) => ({
    kept: `${column} ${kept} ${Number(middle.toPrecision(4))}`,
    some: checkpoints.filter((one) => isKept(value(one) as number)),
  });
  return [part('up to', (one) => one <= middle), part('above', (one) => one > middle)].filter(
    ({ some }) => some.length >= 8 && new Set(some.map(({ params }) => params)).size >= 3,
  );
}
