import { mean } from 'd3';
import { listRuns, measurementNamed, querySetNamed, type Study, UsageError } from '../../store/index.js';
import { observationsOf, standardised } from '../regression/index.js';
import type { Checkpoint } from './checkpoint.js';

/** Which runs of a study, and what their loss is of. */
export interface RunCheckpoints {
  runs: readonly string[];
  querySet: string;
  measurement: string;
  kernel: string;
  /** Names of the covariates that hold parameters and tokens. */
  params: string;
  tokens: string;
  /** Parts of equal numbers of queries by log10 density, each a row of every run; 1 for the mean loss of all. */
  densityBins: number;
}

/**
 * The mean losses of runs on a query set, or on parts of it by density, as checkpoints.
 *
 * @throws UsageError for runs without a number of parameters, or a measurement that is not there
 */
export function checkpointsOfRuns(study: Study, options: RunCheckpoints): Checkpoint[] {
  const { runs, params, tokens, densityBins } = options;
  const set = querySetNamed(study.db, options.querySet);
  const measurement = measurementNamed(study.db, options.measurement, options.kernel, set.id);
  if (!measurement) {
    throw new UsageError(
      `Query set "${set.name}" has no measurement "${options.measurement}" by the ${options.kernel} kernel.`,
    );
  }
  const observed = observationsOf(study, { querySetId: set.id, measurement, runs, groupBy: 'source' });
  const density = standardised(observed.log10Density);
  const order = Array.from(density.keys()).sort((a, b) => density[a]! - density[b]!);
  const bins = Array.from({ length: densityBins }, (_, b) =>
    order.slice(
      Math.round((b * order.length) / densityBins),
      Math.round(((b + 1) * order.length) / densityBins),
    ),
  );
  const known = new Map(listRuns(study.db).map((run) => [run.name, run.covariates]));
  return runs.flatMap((run, r) => {
    const covariates = known.get(run)!;
    const [size, seen] = [covariates[params], covariates[tokens]];
    if (typeof size !== 'number' || !(size > 0)) {
      throw new UsageError(
        `Run "${run}" has no ${params} (a number above 0): densimeter runs set ${run} ${params}=…, or name another covariate with --params.`,
      );
    }
    return bins.map((rows) => ({
      ...{ run, params: size, tokens: typeof seen === 'number' ? seen : null, covariates },
      loss: mean(rows, (q) => observed.losses[r]![q]!)!,
      ...(densityBins > 1 && { density: mean(rows, (q) => density[q]!)! }),
    }));
  });
}
