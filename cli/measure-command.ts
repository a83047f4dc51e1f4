import type { Command } from 'commander';
import type { MeasuredKernel } from '../density/index.js';
import { listCorpora, openStudy, querySetByName, type Study, UsageError } from '../store/index.js';
import { type CommonOptions, integer, list, number, withCommonOptions } from './common-options.js';
import {
  bandwidthsOrRule,
  type EstimatorOptions,
  type GivenBandwidths,
  limitsOf,
  withEstimatorOptions,
} from './density-options.js';
import { describeMeasurement, type MeasurementSummary, summarise } from './measurement-words.js';
import { progressPrinter } from './progress-printer.js';

interface MeasureOptions extends CommonOptions, EstimatorOptions {
  corpora?: string[];
  kernels: string[];
  bandwidth?: GivenBandwidths;
  sweep?: boolean;
  effectiveSamples: number;
  neighbours: number;
  name: string;
}

/** Adds `densimeter measure`. */
export function addMeasureCommand(program: Command): void {
  const command = withEstimatorOptions(
    program
      .command('measure')
      .argument('<set>', 'a query set')
      .description('measure the density of corpora at every query of a set, and keep it in the study')
      .option('--corpora <names>', "separated by commas; default: all of the set's embedder", list)
      .option('--kernels <names>', 'separated by commas: exponential, gaussian, vmf, laplacian', list, [
        'exponential',
      ])
      .option(
        '--bandwidth <h>',
        'in distance on the unit sphere; "auto", the default: by --effective-samples; "likelihood": of the training points; with commas, several',
        bandwidthsOrRule,
      )
      .option('--effective-samples <n>', 'what the median query is to rest on', number, 100)
      .option('--sweep', 'keep the density at 16 bandwidths around it too')
      .option(
        '--neighbours <k>',
        'nearest training texts, and documents, to keep for every query',
        integer,
        10,
      )
      .option('--name <word>', 'what the measurement is called', 'base'),
  );
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
Of several bandwidths, the first (or that of the rule among them) is measured with shares and nearest texts; the others,
as those of --sweep, give density against bandwidth, from one more pass over the data.

The laplacian kernel, exp(−|q − x|/h) of the L1 distance (sums of absolute differences, about √(2·dims/π) times the Euclidean), is
for comparison: densities alone, without shares, nearest texts and sweep, 10 to 20 times slower. Its bandwidth is in L1 distance.

Examples:
  densimeter measure mmlu --corpora pretrain,tuning --kernels exponential,gaussian --study out
  densimeter measure mmlu --bandwidth 0.1,0.05,0.2 --study out
  densimeter measure mmlu --bandwidth likelihood --sweep --study out`,
    )
    .action(run);
}

async function run(set: string, options: MeasureOptions): Promise<void> {
  const { bandwidthChoice, chooseEstimator, MEASURED_KERNELS, measure } = await import('../density/index.js');
  const kernels = options.kernels.map((name) => {
    const kernel = MEASURED_KERNELS.find((known) => known === name);
    if (!kernel)
      throw new UsageError(`There is no kernel "${name}"; there are: ${MEASURED_KERNELS.join(', ')}.`);
    return kernel;
  });
  const estimator = chooseEstimator(options.estimator, limitsOf(options));
  if (options.sweep && options.bandwidth && options.bandwidth.others.length > 0) {
    throw new UsageError(
      '--sweep goes with one bandwidth, around which it takes 16: leave one of the two out.',
    );
  }
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const measured: MeasurementSummary[] = [];
    for (const kernel of kernels) {
      const measurement = await measure(study, {
        ...settingsOf(study, set, kernel, options, printer.onProgress),
        estimator,
        bandwidth: bandwidthChoice(options.bandwidth?.chosen ?? 'auto', options.effectiveSamples),
      });
      measured.push(summarise(study, measurement));
    }
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify({ measured })}\n`);
    else if (!options.quiet) process.stdout.write(`${measured.map(describeMeasurement).join('\n')}\n`);
  } finally {
    study.close();
  }
}

function settingsOf(
  study: Study,
  querySet: string,
  kernel: MeasuredKernel,
  { corpora, bandwidth, sweep, neighbours, name, seed = 1 }: MeasureOptions,
  onProgress: ReturnType<typeof progressPrinter>['onProgress'],
) {
  const fingerprint = querySetByName(study.db, querySet)?.fingerprint;
  const comparable = listCorpora(study.db)
    .filter(
      (corpus) => corpus.fingerprint === fingerprint && corpus.chunks > 0 && corpus.role !== 'intervention',
    )
    .map((corpus) => corpus.name);
  return {
    ...{ name, querySet, kernel, neighbours, documents: neighbours, seed, onProgress },
    corpora: corpora ?? comparable,
    curve: sweep ? ('around' as const) : (bandwidth?.others ?? []),
  };
}
