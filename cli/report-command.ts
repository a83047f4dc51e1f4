import { cpus } from 'node:os';
import type { Command } from 'commander';
import { openStudy, type Study, UsageError } from '../store/index.js';
import type { BuildOptions, ReportFormat, StudyFile, WrittenReport } from '../study/index.js';
import { type CommonOptions, choice, integer, list, withCommonOptions } from './common-options.js';
import { type ProgressPrinter, progressPrinter } from './progress-printer.js';
import { stopOnSignal } from './stop-on-signal.js';
import { shortened } from './terminal-text.js';

interface ReportOptions extends CommonOptions {
  against?: string;
  gate: string[];
  format: string[];
  jobs: number;
  queries?: string[];
  measurement: string;
  across?: string;
  groupBy: 'document' | 'source';
  folds: number;
  name?: string;
}

/** What the command ends with where a gate fails. */
const GATE_FAILED = 3;

/** Adds `densimeter report`. */
export function addReportCommand(program: Command): void {
  withCommonOptions(
    program
      .command('report')
      .argument('[what...]', 'a study file, or names of runs (* for any letters); default: all runs')
      .description('report on any number of runs, against an earlier report and rules (docs/reports.md)')
      .option('--against <report.json>', 'say what moved since')
      .option('--gate <rule>', 'what must not be, such as "gain < 0"; again for more', collect, [])
      .option('--format <names>', 'html, json, md, csv, parquet, separated by commas', list, ['html', 'json'])
      .option('--jobs <n>', 'threads', integer, cpus().length)
      .optionsGroup('Of runs, not of a study file:')
      .option('--queries <sets>', 'separated by commas; the headline is about the first', list)
      .option('--measurement <name>', 'the name that the densities were measured under', 'base')
      .option('--across <covariate>', 'of runs, that density may work with: its size')
      .option(
        '--group-by <field>',
        'queries that vary together: document or source',
        choice('document', 'source'),
        'document',
      )
      .option('--folds <n>', 'of the out-of-sample R²', integer, 10)
      .option('--name <word>', "the report's name and folder (default report)")
      .optionsGroup('Options:'),
  )
    .addHelpText(
      'after',
      `
A regression whose inputs are as they were is not computed again. Exit code 3: a gate failed.

Examples:
  densimeter report 'gemstone-*' --across params --group-by source --format html,csv --study out
  densimeter report study.yaml --against last-week/report.json --gate 'delta(r2_out) < -0.02' --study out
  densimeter report --gate 'share(finetune) > 0.5 on > 1% of queries' --format md --study out`,
    )
    .action(run);
}

async function run(what: string[], options: ReportOptions): Promise<void> {
  const { parseRule, readBaseline, readStudyFile } = await import('../study/index.js');
  const files = what.filter((one) => /\.ya?ml$/.test(one));
  if (files.length > 0 && what.length > 1) throw new UsageError('Give one study file, or names of runs.');
  const building = {
    against: options.against === undefined ? undefined : readBaseline(options.against),
    gates: options.gate.map(parseRule),
    jobs: options.jobs,
    formats: await formatsFrom(options.format),
  };
  const file = files[0] === undefined ? undefined : readStudyFile(files[0]);
  if (!file) openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  const { signal, end } = stopOnSignal(printer);
  try {
    const written = await write(study, file, what, { ...building, signal }, options, printer);
    printer.end();
    print(written, options);
  } finally {
    end();
    study.close();
  }
}

type Building = BuildOptions & { formats: ReportFormat[] };

async function write(
  study: Study,
  file: StudyFile | undefined,
  runs: readonly string[],
  building: Building,
  options: ReportOptions,
  printer: ProgressPrinter,
): Promise<WrittenReport> {
  const { reportRequest, runStudy, writeReport } = await import('../study/index.js');
  if (file) {
    const seeded = { ...file, seed: options.seed ?? file.seed, report: options.name ?? file.report };
    return runStudy(study, seeded, { ...printer, signal: building.signal, report: building });
  }
  const { queries: querySets, measurement, across, groupBy, folds, seed = 1, name = 'report' } = options;
  const about = { name, runs, querySets, measurement, across, groupBy, folds, seed };
  return writeReport(study, reportRequest(study, about), { ...building, onProgress: printer.onProgress });
}

async function formatsFrom(names: readonly string[]): Promise<ReportFormat[]> {
  const { REPORT_FORMATS } = await import('../study/index.js');
  return names
    .filter((name) => name !== 'json')
    .map((name) => {
      const known = REPORT_FORMATS.find((format) => format === name);
      if (known) return known;
      throw new UsageError(`There is no format "${name}"; there are: json, ${REPORT_FORMATS.join(', ')}.`);
    });
}

function print({ report, folder, files }: WrittenReport, { json, quiet }: ReportOptions): void {
  const failed = report.gates.filter((gate) => gate.failed);
  if (failed.length > 0) process.exitCode = GATE_FAILED;
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (!quiet) {
    const names = files.map((file) => file.slice(folder.length + 1)).join(', ');
    process.stdout.write(`${report.words.join('\n\n')}\n\nReport: ${folder}: ${names}\n`);
  }
  for (const { rule, value, limit, queries, count } of failed) {
    const worst = queries.map(
      ({ key, value: of }) => `  ${shortened(key, 60)}: ${Number(of.toPrecision(4))}`,
    );
    const more = count > queries.length ? [`  and ${count - queries.length} more`] : [];
    const head = `Gate failed: ${rule} (it is ${Number(value.toPrecision(4))}, the limit ${limit})`;
    process.stderr.write(`${[head, ...worst, ...more].join('\n')}\n`);
  }
}

function collect(rule: string, before: readonly string[]): string[] {
  return [...before, rule];
}
