import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { openStudy, UsageError } from '../store/index.js';
import type { SubjectField, Weighing } from '../study/index.js';
import { type CommonOptions, choice, count, list, withCommonOptions } from './common-options.js';
import { describeCoverage } from './coverage-words.js';

interface CoverageCommandOptions extends CommonOptions {
  by?: SubjectField;
  weigh: Weighing;
  corpora?: string[];
  kernel?: string;
  sources: number;
  least: number;
  documents: number;
  without?: boolean;
  csv?: string;
}

const SUBJECT_FIELDS = ['kind', 'subject', 'source', 'document'] as const satisfies readonly SubjectField[];
const WEIGHINGS = ['queries', 'density'] as const satisfies readonly Weighing[];

/** Adds `densimeter coverage`. */
export function addCoverageCommand(program: Command): void {
  withCommonOptions(
    program
      .command('coverage')
      .argument('<measured>', 'a query set, or the id or name of a measurement')
      .description('say which sources support which subjects of a measured query set, and what none does')
      .option(
        '--by <field>',
        `what a query's subject is: ${SUBJECT_FIELDS.join(', ')}; default: kind where there are several, else source`,
        choice(...SUBJECT_FIELDS),
      )
      .option(
        '--weigh <by>',
        "queries: the mean of the queries' shares; density: the share of their summed density",
        choice(...WEIGHINGS),
        'queries',
      )
      .option('--corpora <names>', 'the measurement of these, separated by commas; default: the oldest', list)
      .option('--kernel <name>', 'the measurement with this kernel; default: the oldest')
      .option('--sources <n>', 'sources that get a column; the others are folded into one', count, 6)
      .option('--least <n>', 'least supported queries to name', count, 5)
      .option('--documents <n>', 'documents to name', count, 10)
      .option('--without', 'what log10 density would change by without each source')
      .option('--csv <dir>', 'write the tables as CSV files into this directory'),
  )
    .addHelpText(
      'after',
      `
It reads what "densimeter measure" or "densimeter run" kept, and computes no density anew.
The subject of a query is its source label, which "densimeter queries --source <column>" fills.

Examples:
  densimeter coverage mmlu --by subject --study out
  densimeter coverage mmlu --by subject --weigh density --without --sources 10 --study out
  densimeter coverage 3 --least 50 --csv tables --quiet --study out`,
    )
    .action(run);
}

async function run(measured: string, options: CoverageCommandOptions): Promise<void> {
  const { findMeasurement, coverageOf, coverageTables } = await import('../study/index.js');
  const study = openStudy(options.study);
  try {
    const coverage = coverageOf(study, findMeasurement(study, measured, options), options);
    const files = options.csv === undefined ? [] : writeFiles(options.csv, coverageTables(coverage));
    if (options.json) process.stdout.write(`${JSON.stringify(coverage)}\n`);
    else if (!options.quiet) {
      const lines = describeCoverage(coverage, { without: options.without === true });
      const written = files.length > 0 ? ['', `Tables: ${files.join(', ')}`] : [];
      process.stdout.write(`${[...lines, ...written].join('\n')}\n`);
    }
  } finally {
    study.close();
  }
}

function writeFiles(folder: string, files: Record<string, string>): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    return Object.entries(files).map(([name, text]) => {
      const file = join(folder, name);
      writeFileSync(file, `${text}\n`);
      return file;
    });
  } catch (error) {
    throw new UsageError(`--csv ${folder} cannot be written: ${(error as Error).message}.`);
  }
}
