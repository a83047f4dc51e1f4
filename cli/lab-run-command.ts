import type { Command } from 'commander';
import { UsageError } from '../store/index.js';
import { count, numbers, type OutputOptions, withOutputOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';
import { stopOnSignal } from './stop-on-signal.js';

interface RunOptions extends OutputOptions {
  study?: string;
  quick?: boolean;
  full?: boolean;
  seeds: number[];
  generated?: string;
}

/** Adds `densimeter lab run`. */
export function addLabRunCommand(lab: Command): void {
  const command = lab
    .command('run')
    .argument('[experiment]', 'which; without it, what there is')
    .description('run a controlled experiment: models are trained, compared, and written up as a study')
    .option('--quick', 'the small form, minutes (the default)')
    .option('--full', 'the full form, up to two hours')
    .option('--study <dir>', 'the study that it writes (default: lab-EXPERIMENT)')
    .option('--seeds <integers>', 'of the models and draws, separated by commas', numbers, [1, 2, 3])
    .option('--generated <file>', 'genqa: JSON lines of generated texts (id, text) to choose from');
  withOutputOptions(command.optionsGroup('Options:'))
    .addHelpText(
      'after',
      `
What was interrupted goes on where it was when the same command is given again.

Examples:
  densimeter lab run leak --quick
  densimeter lab run genqa --generated generated.jsonl
  densimeter serve lab-leak`,
    )
    .action(run);
}

async function run(name: string | undefined, options: RunOptions): Promise<void> {
  const { EXPERIMENTS, experimentNamed, resultTable, writeResults } = await import('../experiments/index.js');
  if (name === undefined) {
    for (const one of EXPERIMENTS) process.stdout.write(`${one.name}: ${one.title}\n  ${one.claim}\n`);
    return;
  }
  if (options.quick && options.full) throw new UsageError('Choose one of --quick and --full.');
  const experiment = experimentNamed(name);
  if (options.generated !== undefined && experiment.name !== 'genqa')
    throw new UsageError(`--generated is for genqa, not for ${experiment.name}.`);
  const folder = options.study ?? `lab-${experiment.name}`;
  const printer = progressPrinter({ quiet: options.quiet === true });
  const { signal, end } = stopOnSignal(printer);
  const settings = { full: options.full === true, seeds: options.seeds.map((seed) => count(String(seed))) };
  const begin = performance.now();
  try {
    const result = await experiment.run({
      ...{ folder, ...settings, ...printer, signal },
      generated: options.generated,
    });
    writeResults(folder, experiment, result, {
      ...settings,
      seconds: (performance.now() - begin) / 1000,
    });
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify({ folder, ...result })}\n`);
    else if (!options.quiet)
      process.stdout.write(
        `\n${resultTable(result.findings)}\n\n${result.conclusion}\n\n${result.report ? `Report: ${result.report}\n` : ''}Page:   densimeter serve ${folder}\n`,
      );
  } finally {
    end();
  }
}
