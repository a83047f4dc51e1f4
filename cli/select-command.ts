import type { Command } from 'commander';
import { openStudy } from '../store/index.js';
import type { SelectedDocuments, Selection } from '../study/index.js';
import { type CommonOptions, choice, integer, number, withCommonOptions } from './common-options.js';
import { type EstimatorOptions, limitsOf, withEstimatorOptions } from './density-options.js';
import { progressPrinter } from './progress-printer.js';
import { shortened, signed } from './terminal-text.js';
import { writeRows } from './write-rows.js';

interface SelectOptions extends CommonOptions, EstimatorOptions {
  for: string;
  from: string;
  count: number;
  by: Selection;
  measurement: string;
  kernel: string;
  worst: number;
  run?: string;
  out?: string;
}

const WAYS = ['utility', 'nearest', 'random', 'inverse-density'] as const satisfies readonly Selection[];
const SHOWN = 5;

/** Adds `densimeter select`. */
export function addSelectCommand(program: Command): void {
  const command = withEstimatorOptions(
    program
      .command('select')
      .description(
        'choose documents of a corpus that would support the least supported queries (docs/selection.md)',
      )
      .requiredOption('--for <set>', 'a measured query set')
      .requiredOption('--from <corpus>', 'to choose from; not one of those that were measured')
      .option('-k, --count <n>', 'documents to choose', integer, 100)
      .option('--by <way>', `${WAYS.join(', ')}`, choice(...WAYS), 'utility')
      .option(
        '--worst <share>',
        'of the queries, from the least supported on, that are to be supported',
        number,
        0.1,
      )
      .option('--run <name>', 'queries count by this run’s loss; default: all alike')
      .option('--measurement <name>', 'the name that the densities were measured under', 'base')
      .option('--kernel <name>', 'the kernel that they were measured with', 'exponential')
      .option('--out <file>', 'write them as .jsonl or .parquet: rank, document, source, gain, text'),
  );
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
utility: one after another, each the document that raises the mean log density of these queries most (greedy; what is added
where something was added already is worth less, so the chosen differ). nearest: those nearest to any of the queries.

Examples:
  densimeter select --for mmlu --from candidates -k 1000 --run pythia --out chosen.jsonl --study out
  densimeter select --for mmlu --from candidates --by random --json --study out`,
    )
    .action(run);
}

async function run(options: SelectOptions): Promise<void> {
  const { chooseEstimator } = await import('../density/index.js');
  const { selectDocuments } = await import('../study/index.js');
  const { for: querySet, from, count, by, measurement, kernel, worst, run: scored, seed = 1, out } = options;
  const estimator = chooseEstimator(options.estimator, limitsOf(options));
  const study = openStudy(options.study);
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const found = await selectDocuments(study, {
      ...{ querySet, from, count, by, measurement, kernel, worst, run: scored, estimator, seed },
      onProgress: printer.onProgress,
    });
    if (out !== undefined)
      await writeRows(
        out,
        found.documents.map((one) => ({ ...one })),
      );
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify({ by, ...found })}\n`);
    else if (!options.quiet) process.stdout.write(`${describe(found, options).join('\n')}\n`);
  } finally {
    study.close();
  }
}

function describe(found: SelectedDocuments, { by, from, out, worst }: SelectOptions): string[] {
  const { documents, candidates, queries, before, after, measurement } = found;
  const { kernel, bandwidth, points } = measurement;
  return [
    `${documents.length.toLocaleString('en')} of ${candidates.toLocaleString('en')} documents of ${from} by ${by}, for the ${queries.toLocaleString('en')} least supported queries (${100 * worst}%)`,
    `Their mean log10 density: ${signed(before)}, with them ${signed(after)} (${kernel} kernel, h = ${bandwidth}, n = ${points.toLocaleString('en')})`,
    ...documents
      .slice(0, SHOWN)
      .map(
        ({ rank, document, gain, text }) =>
          `  ${rank}. ${shortened(document, 30)}${gain === null ? '' : ` (${signed(gain)})`}: ${shortened(text, 80)}`,
      ),
    ...(documents.length > SHOWN ? [`  … ${out ?? '--out <file> writes all, --json prints them'}`] : []),
  ];
}
