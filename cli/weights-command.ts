import type { Command } from 'commander';
import type { KernelName } from '../density/index.js';
import { corpusNamed, openStudy, UsageError } from '../store/index.js';
import type { Weighting } from '../study/index.js';
import { type CommonOptions, choice, KERNELS, list, number, withCommonOptions } from './common-options.js';
import { type EstimatorOptions, limitsOf, withEstimatorOptions } from './density-options.js';
import { progressPrinter } from './progress-printer.js';
import { writeRows } from './write-rows.js';

interface WeightsOptions extends CommonOptions, EstimatorOptions {
  by: Weighting;
  towards?: string[];
  kernel: KernelName;
  bandwidth: number;
  power: number;
  most: number;
  out?: string;
}

const WAYS = ['inverse-density', 'ratio'] as const satisfies readonly Weighting[];

/** Adds `densimeter weights`. */
export function addWeightsCommand(program: Command): void {
  const command = withEstimatorOptions(
    program
      .command('weights')
      .argument('<corpus>')
      .description('weights to draw the documents of a corpus by when training (docs/selection.md)')
      .option('--by <way>', `${WAYS.join(', ')}`, choice(...WAYS), 'inverse-density')
      .option(
        '--towards <corpora>',
        'of ratio: what the corpus is to become more like, separated by commas',
        list,
      )
      .option('--kernel <name>', KERNELS.join(', '), choice(...KERNELS), 'exponential')
      .requiredOption('--bandwidth <h>', 'such as that of a calibration or measurement', number)
      .option(
        '--power <number>',
        'of the density or ratio; nearer to 0 keeps more of the corpus as it is',
        number,
        1,
      )
      .option('--most <times>', 'the largest weight, times the mean', number, 10)
      .option(
        '--out <file>',
        'write them as .jsonl or .parquet: document, source, weight, log10Density, log10Wanted',
      ),
  );
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
inverse-density: 1/f, f the corpus's own density at a document without the document itself: what is said often is drawn less often.
ratio: the density of the corpora that are wanted over the corpus's own. Weights have mean 1.

Examples:
  densimeter weights pretrain --bandwidth 0.1 --out weights.parquet --study out
  densimeter weights pretrain --by ratio --towards tuning --bandwidth 0.1 --power 0.5 --out weights.jsonl --study out`,
    )
    .action(run);
}

async function run(corpus: string, options: WeightsOptions): Promise<void> {
  const { chooseEstimator } = await import('../density/index.js');
  const { documentWeights } = await import('../study/index.js');
  const { by, towards, kernel, bandwidth, power, most, seed = 1, out } = options;
  if (!(bandwidth > 0)) throw new UsageError(`--bandwidth is a number above 0, not ${bandwidth}.`);
  if (!(most > 1)) throw new UsageError(`--most is a number above 1, not ${most}.`);
  const estimator = chooseEstimator(options.estimator, limitsOf(options));
  const study = openStudy(options.study);
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const { fingerprint } = corpusNamed(study.db, corpus);
    const settings = { by, towards, kernel, bandwidth, power, most, seed, estimator, fingerprint };
    const found = await documentWeights(study, corpus, { ...settings, onProgress: printer.onProgress });
    if (out !== undefined)
      await writeRows(
        out,
        found.documents.map((one) => ({ ...one })),
      );
    printer.end();
    const { documents, effectiveDocuments, cut } = found;
    if (options.json) process.stdout.write(`${JSON.stringify({ corpus, ...settings, ...found })}\n`);
    else if (!options.quiet) {
      process.stdout.write(
        `${documents.length.toLocaleString('en')} documents of ${corpus} by ${by} (${kernel} kernel, h = ${bandwidth}, power ${power}); drawn by these weights they vary like ${Math.round(effectiveDocuments).toLocaleString('en')} of equal weight; ${cut.toLocaleString('en')} are cut at ${most} times the mean\n${out === undefined ? '--out <file> writes them, --json prints them\n' : ''}`,
      );
    }
  } finally {
    study.close();
  }
}
