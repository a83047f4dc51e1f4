import type { Command } from 'commander';
import { listMeasurements, openStudy, UsageError } from '../store/index.js';
import type { Checkpoint, ScalingStudy } from '../study/index.js';
import { type CommonOptions, integer, list, numbers, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';
import { aligned, shortened } from './terminal-text.js';

interface ScalingOptions extends CommonOptions {
  run: string;
  params: string;
  tokens: string;
  loss: string;
  by: string[];
  delta: number[];
  resamples: number;
  runs?: string[];
  queries?: string;
  measurement: string;
  densityBins: number;
}

/** Adds `densimeter scaling`. */
export function addScalingCommand(program: Command): void {
  withCommonOptions(
    program
      .command('scaling')
      .argument('[file...]', 'checkpoints, a record each; without, the runs of a study')
      .description('fit scaling laws to checkpoints, with and without density (docs/scaling.md)')
      .option(
        '--delta <numbers>',
        'where the Huber loss of log L turns linear, separated by commas',
        numbers,
        [1e-3, 1e-4],
      )
      .option(
        '--by <columns>',
        'fit the halves of the checkpoints by these too, separated by commas',
        list,
        [],
      )
      .option('--resamples <n>', 'of the runs, for the intervals', integer, 200)
      .option('--params <name>', 'the column or covariate that has the parameters', 'params')
      .option('--tokens <name>', 'that has the tokens seen', 'tokens')
      .optionsGroup('Of files:')
      .option('--run <column>', 'checkpoints of one run are resampled together', 'run')
      .option('--loss <column>', 'nats a token', 'loss')
      .optionsGroup('Of a study:')
      .option('--runs <names>', 'separated by commas, * for any letters; default: all', list)
      .option('--queries <set>', 'whose loss it is')
      .option('--measurement <name>', 'the name that the densities were measured under', 'base')
      .option('--density-bins <n>', 'parts of the queries by density, each a loss of every run', integer, 20)
      .optionsGroup('Options:'),
  )
    .addHelpText(
      'after',
      `
log L = log(e^E + e^A·N^−α + e^B·D^−β), Huber's loss, L-BFGS from a grid of starts (approach 3 of Hoffmann et al. 2022, as in the
Gemstones); the corners of the convex hull of loss against compute (approach 1). Of a study's runs, with γ·z too: z the density of
the queries in standard deviations.

Examples:
  densimeter scaling checkpoints.jsonl --params params_active_precise --loss final_loss --run run_name --by width,depth
  densimeter scaling --runs 'gemstone-*' --queries mmlu --study out`,
    )
    .action(run);
}

async function run(files: string[], options: ScalingOptions): Promise<void> {
  const { scalingStudy } = await import('../study/index.js');
  const printer = progressPrinter({ quiet: options.quiet === true });
  const found = files.length > 0 ? await ofFiles(files, options) : await ofStudy(options);
  const { delta: deltas, by, resamples, seed = 1 } = options;
  const studies = Object.fromEntries(
    Object.entries(found).map(([name, checkpoints]) => [name, studyOf(checkpoints)]),
  );
  printer.end();
  if (options.json) process.stdout.write(`${JSON.stringify(studies)}\n`);
  else if (!options.quiet) {
    const parts = Object.entries(studies).map(([name, study]) => describe(name, study).join('\n'));
    process.stdout.write(`${parts.join('\n\n')}\n`);
  }

  function studyOf(checkpoints: readonly Checkpoint[]): ScalingStudy {
    try {
      return scalingStudy(checkpoints, { deltas, by, resamples, seed, onProgress: printer.onProgress });
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message);
      throw error;
    }
  }
}

async function ofFiles(files: string[], { run: name, params, tokens, loss, by }: ScalingOptions) {
  const { readCheckpoints } = await import('../study/index.js');
  return { '': await readCheckpoints(files, process.cwd(), { run: name, params, tokens, loss, by }) };
}

/** The runs' mean losses; and those of parts of the queries by density. */
async function ofStudy(options: ScalingOptions): Promise<Record<string, Checkpoint[]>> {
  const { checkpointsOfRuns, reportRequest } = await import('../study/index.js');
  const study = openStudy(options.study);
  try {
    const { measurement, params, tokens, densityBins } = options;
    const querySets = options.queries === undefined ? undefined : [options.queries];
    const about = { name: '', runs: options.runs ?? [], querySets, measurement, groupBy: 'source' as const };
    const { runs, querySet } = reportRequest(study, { ...about, folds: 2, seed: 1 });
    const { kernel } = listMeasurements(study.db).find(({ name }) => name === measurement)!;
    const shared = { runs, querySet, measurement, kernel, params, tokens };
    return {
      'mean loss': checkpointsOfRuns(study, { ...shared, densityBins: 1 }),
      [`loss by density, ${densityBins} parts`]: checkpointsOfRuns(study, { ...shared, densityBins }),
    };
  } finally {
    study.close();
  }
}

function describe(
  name: string,
  { checkpoints, runs, laws, computeOptimal, subsets, resamples }: ScalingStudy,
): string[] {
  const figure = (value: number | null | undefined, digits = 4) =>
    value === null || value === undefined || !Number.isFinite(value)
      ? '–'
      : value.toFixed(digits).replace('-', '−');
  const heads = ['E', 'A', 'alpha', 'B', 'beta', 'gamma'] as const;
  const rows = laws.flatMap(({ delta, law, intervals }) => [
    [
      `δ = ${delta}`,
      ...heads.map((head) => figure(law[head])),
      law.objective.toExponential(3),
      figure(law.error),
    ],
    [
      '  95%',
      ...heads.map((head) => {
        const interval = intervals?.[head];
        return interval ? `[${figure(interval.low, 3)}, ${figure(interval.high, 3)}]` : '';
      }),
      ...['', ''],
    ],
  ]);
  return [
    `${name ? `${name}: ` : ''}${checkpoints} losses of ${runs} runs; intervals by resampling runs ${resamples} times`,
    ...aligned([['', 'E', 'A', 'α', 'B', 'β', 'γ', 'objective', 'RMS of log L'], ...rows]).map(
      (line) => `  ${line}`,
    ),
    ...(computeOptimal
      ? [
          `Best sizes grow as compute to the power of ${figure(computeOptimal.slope)} (95% ${figure(computeOptimal.low, 3)} to ${figure(computeOptimal.high, 3)}, ${computeOptimal.corners.length} corners of the convex hull)`,
        ]
      : []),
    ...(subsets.length > 0
      ? [
          'Of some of the checkpoints alone:',
          ...aligned([
            ['', 'losses', 'α', 'β', 'γ', 'hull'],
            ...subsets.map(({ kept, law, computeOptimalSlope }) => [
              ...[shortened(kept, 40), String(law.checkpoints), figure(law.alpha), figure(law.beta)],
              ...[figure(law.gamma), figure(computeOptimalSlope)],
            ]),
          ]).map((line) => `  ${line}`),
        ]
      : []),
  ];
}
