import type { Command } from 'commander';
import type { KernelName } from '../density/index.js';
import { corpusNamed, openStudy } from '../store/index.js';
import {
  type CommonOptions,
  choice,
  integer,
  KERNELS,
  list,
  number,
  withCommonOptions,
} from './common-options.js';
import { progressPrinter } from './progress-printer.js';

interface CalibrateOptions extends CommonOptions {
  kernel: KernelName;
  bandwidth?: number;
  effectiveSamples: number;
  sample: number;
}

const SHOWN = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99];

/** Adds `densimeter calibrate`. */
export function addCalibrateCommand(program: Command): void {
  withCommonOptions(
    program
      .command('calibrate')
      .argument('<corpora>', 'separated by commas', list)
      .description(
        'measure how dense training data is where it is itself, so that densities can be read against it',
      )
      .option('--kernel <name>', KERNELS.join(', '), choice(...KERNELS), 'exponential')
      .option('--bandwidth <h>', 'default: by --effective-samples', number)
      .option('--effective-samples <n>', 'what the median point is to rest on', number, 100)
      .option('--sample <n>', 'training points to take out and ask about', integer, 1000),
  )
    .addHelpText(
      'after',
      `
A sample of the training points is taken out, and its density in the rest is measured. "densimeter density" then says
of a text that it is denser than so many percent of the training points.

Example:
  densimeter calibrate pretrain,tuning --study out`,
    )
    .action(run);
}

async function run(corpora: string[], options: CalibrateOptions): Promise<void> {
  const { calibrate } = await import('../density/index.js');
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const { fingerprint } = corpusNamed(study.db, corpora[0]!);
    const { kernel, bandwidth, effectiveSamples, sample, seed = 1 } = options;
    const calibration = await calibrate(study, {
      ...{ corpora, fingerprint, kernel, sample, seed, onProgress: printer.onProgress },
      bandwidth: bandwidth === undefined ? { effectiveSamples } : { value: bandwidth, rule: 'given' },
    });
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify(calibration)}\n`);
    else if (!options.quiet) {
      const { log10Densities, points, bandwidth: h, bandwidthRule } = calibration;
      const quantiles = SHOWN.map((share) => {
        const value = log10Densities[Math.floor(share * (log10Densities.length - 1))]!;
        return `  ${`${100 * share}%`.padStart(4)}  ${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
      });
      process.stdout.write(
        `log10 density of ${log10Densities.length} points taken out of ${corpora.join(', ')}, in the other ${points} (${kernel} kernel, h = ${h}, ${bandwidthRule}, exact):\n${quantiles.join('\n')}\n`,
      );
    }
  } finally {
    study.close();
  }
}
