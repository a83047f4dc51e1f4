import { basename } from 'node:path';
import type { Command } from 'commander';
import { openStudy, UsageError } from '../store/index.js';
import type { ImportedRun, RunFiles } from '../study/index.js';
import { type CommonOptions, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';

interface ImportOptions extends CommonOptions {
  queries: string;
  key?: string;
  nll?: string;
  loss?: string;
  tokens?: string;
  bytes?: string;
  correct?: string;
  metric: Record<string, string>;
  byRow?: boolean;
  filter?: string;
  pattern?: string;
  replace?: boolean;
}

/** Adds `densimeter outcomes`. */
export function addOutcomesCommand(program: Command): void {
  const outcomes = program.command('outcomes').description('what models scored on the queries');
  withCommonOptions(
    outcomes
      .command('import')
      .argument('<run>', "the model's name in the study; with --pattern it may have {places}")
      .argument('[path...]', 'files or globs; with --pattern the folder that it is in (default: here)')
      .description('read the outcomes of a model, or of a folder of models, from files (docs/outcomes.md)')
      .requiredOption('--queries <set>', 'the query set they are of')
      .optionsGroup('Columns; lm-evaluation-harness samples need none:')
      .option('--key <column>', "the column of the query's key or its document's id")
      .option('--nll <column>', 'negative log likelihood in nats, a sum over the tokens')
      .option('--loss <column>', 'negative log likelihood in nats a token, a mean')
      .option('--tokens <column>', 'how many tokens were scored')
      .option('--bytes <column>', 'how many bytes of UTF-8 were scored')
      .option('--correct <column>', '0 or 1, false or true')
      .option('--metric <name=column>', 'any other number; may be given again', metric, {})
      .option('--by-row', 'records stand in the order of the queries, one for each')
      .option('--filter <name>', 'of harness samples behind several answer filters, these')
      .optionsGroup('Options:')
      .option('--pattern <path>', "where the files of many runs are: 'm-{width}x{depth}/losses.json'")
      .option('--replace', 'outcomes that the run has on the query set already go'),
  )
    .addHelpText(
      'after',
      `
A list of numbers in a .json file is read as the column "value".

Examples:
  densimeter outcomes import gpt2 samples_arc_easy_*.jsonl --queries arc --study out
  densimeter outcomes import gpt2 scores.csv --queries arc --key id --loss loss --tokens n --study out
  densimeter outcomes import 'gem-{width}x{depth}' gemstones --queries mmlu --by-row --loss value \\
    --pattern 'Gemstone-{width}x{depth}/main/losses_mmlu.json' --study out`,
    )
    .action(runImport);
}

/** Gathers `--metric name=column`; the column alone names both. */
function metric(value: string, before: Record<string, string>): Record<string, string> {
  const [, name, column] = /^([^=]+)(?:=(.+))?$/s.exec(value) ?? [];
  if (name === undefined) throw new UsageError(`"${value}" is no metric: write --metric name=column.`);
  return { ...before, [name]: column ?? name };
}

async function runImport(run: string, paths: string[], options: ImportOptions): Promise<void> {
  const { importOutcomes } = await import('../study/index.js');
  const { queries: querySet, byRow = false, filter, replace = false } = options;
  const { key, nll, loss, tokens, bytes, correct, metric: metrics } = options;
  const runs = await runFiles(run, paths, options.pattern);
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const columns = { key, nll, loss, tokens, bytes, correct, metrics };
    const { onProgress } = printer;
    const base = process.cwd();
    const imported = await importOutcomes(study, runs, {
      ...{ querySet, base, columns, byRow, filter, replace, onProgress },
    });
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify({ imported })}\n`);
    else if (!options.quiet) process.stdout.write(`${imported.map(describe).join('\n')}\n`);
  } finally {
    study.close();
  }
}

async function runFiles(run: string, paths: string[], pattern: string | undefined): Promise<RunFiles[]> {
  if (pattern === undefined) {
    if (paths.length === 0) throw new UsageError('Name the files of outcomes, or a --pattern.');
    return [{ run, files: paths, covariates: {} }];
  }
  if (paths.length > 1) throw new UsageError('With --pattern, name one folder, or none for this one.');
  const { runsByPattern } = await import('../study/index.js');
  return runsByPattern(run, pattern, paths[0] ?? process.cwd());
}

const WORDS = { hash: 'doc hash', id: 'id', text: 'text', row: 'row' } as const;

function describe({
  medianLoss,
  medianBitsPerByte,
  run,
  records,
  matched,
  withoutQuery,
  queriesWithoutOutcome,
  metrics,
}: ImportedRun): string {
  const how = Object.entries(matched).map(([by, n]) => `${n} by ${WORDS[by as keyof typeof WORDS]}`);
  const { count, first } = withoutQuery;
  const examples = first.map((at) => basename(at)).join(', ');
  const medians = [
    ...(medianLoss === null ? [] : [`${medianLoss.toFixed(2)} nats a token`]),
    ...(medianBitsPerByte === null ? [] : [`${medianBitsPerByte.toFixed(2)} bits a byte`]),
  ];
  const lines = [
    `${run}: ${records} records, matched to queries ${how.join(', ')}`,
    `  ${Object.entries(metrics)
      .map(([name, n]) => `${name} of ${n}`)
      .join(', ')}${medians.length > 0 ? `; median ${medians.join(', ')}` : ''}`,
    ...(count > 0
      ? [`  ${count} records are of no query in the set (${examples}${count > first.length ? ', …' : ''})`]
      : []),
    ...(queriesWithoutOutcome > 0 ? [`  ${queriesWithoutOutcome} queries have no outcome`] : []),
  ];
  return lines.join('\n');
}
