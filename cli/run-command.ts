import type { Command } from 'commander';
import { openStudy } from '../store/index.js';
import { type CommonOptions, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';
import { stopOnSignal } from './stop-on-signal.js';

/** Adds `densimeter run`. */
export function addRunCommand(program: Command): void {
  withCommonOptions(
    program
      .command('run')
      .argument('<study.yaml>', 'the study file')
      .description('do all that a study file asks for: index, score, measure, intervene, report'),
  )
    .addHelpText(
      'after',
      `
Steps that were finished before with the same inputs are passed over; an interrupted run goes on where it was.

Examples:
  densimeter run study.yaml
  densimeter run study.yaml --study out --seed 7 --json > report.json`,
    )
    .action(run);
}

async function run(path: string, options: CommonOptions): Promise<void> {
  // Loaded when needed: the models' libraries take a second, which --help should not.
  const { readStudyFile, runStudy } = await import('../study/index.js');
  const file = readStudyFile(path);
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  const { signal, end } = stopOnSignal(printer);
  try {
    const { report, files } = await runStudy(
      study,
      { ...file, seed: options.seed ?? file.seed },
      { ...printer, signal },
    );
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else if (!options.quiet)
      process.stdout.write(`\n${report.words.join('\n\n')}\n\nReport: ${files.at(-1)}\n`);
  } finally {
    end();
    study.close();
  }
}
