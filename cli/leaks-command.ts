import type { Command } from 'commander';
import type { KernelName } from '../density/index.js';
import {
  chunkAt,
  type LeakSearch,
  type LeakSuspect,
  listCorpora,
  openStudy,
  queriesOf,
  querySetNamed,
  type Study,
  UsageError,
} from '../store/index.js';
import {
  type CommonOptions,
  choice,
  count,
  KERNELS,
  list,
  number,
  withCommonOptions,
} from './common-options.js';
import { type EstimatorOptions, limitsOf, withEstimatorOptions } from './density-options.js';
import { progressPrinter } from './progress-printer.js';
import { aligned, percent, shortened, signed } from './terminal-text.js';

interface LeaksOptions extends CommonOptions, EstimatorOptions {
  queries: string;
  corpora?: string[];
  kernel: KernelName;
  bandwidth?: number;
  effectiveSamples: number;
  alarm: number;
  top: number;
}

/** A suspect with its texts, as `--json` gives it. */
interface Suspected extends LeakSuspect {
  suspected: boolean;
  key: string;
  text: string;
  corpus: string;
  document: string;
  source: string;
  nearest: string;
}

/** Adds `densimeter leaks`. */
export function addLeaksCommand(program: Command): void {
  const command = withEstimatorOptions(
    program
      .command('leaks')
      .description('name the queries that the training data seems to hold, copied or in other words')
      .requiredOption('--queries <set>', 'a query set')
      .option('--corpora <names>', "separated by commas; default: all of the set's embedder", list)
      .option('--kernel <name>', KERNELS.join(', '), choice(...KERNELS), 'exponential')
      .option('--bandwidth <h>', 'default: by --effective-samples', number)
      .option('--effective-samples <n>', 'what the median query is to rest on', number, 100)
      .option(
        '--alarm <share>',
        'suspect at most this share of queries that were never leaked',
        number,
        0.001,
      )
      .option('--top <n>', 'suspects to name', count, 20),
  );
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
For every query, of the ten nearest training texts the one is taken that is most like it: by the similarity of the vectors,
the share of the query's density that it holds, and the words that both have, the rarer the more. A score is in standard
deviations above what training texts around the queries are to their own nearest others, copies passed over; so the
threshold is calibrated on the training data itself. --json gives the suspect of every query: docs/leaks.md.

Examples:
  densimeter leaks --queries gsm8k --corpora pretrain,tuning --study out
  densimeter leaks --queries gsm8k --alarm 0.01 --json --study out > suspects.json`,
    )
    .action(run);
}

async function run(options: LeaksOptions): Promise<void> {
  const { bandwidthChoice, chooseEstimator } = await import('../density/index.js');
  const { findLeaks } = await import('../study/index.js');
  const { kernel, bandwidth, effectiveSamples, alarm, seed = 1 } = options;
  if (!(alarm > 0 && alarm < 0.5))
    throw new UsageError(`--alarm is a share above 0 and below 0.5, not ${alarm}.`);
  const estimator = chooseEstimator(options.estimator, limitsOf(options));
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const { fingerprint } = querySetNamed(study.db, options.queries);
    const comparable = listCorpora(study.db)
      .filter((one) => one.fingerprint === fingerprint && one.chunks > 0 && one.role !== 'intervention')
      .map(({ name }) => name);
    const found = await findLeaks(study, {
      ...{ querySet: options.queries, corpora: options.corpora ?? comparable },
      ...{ kernel, bandwidth: bandwidthChoice(bandwidth ?? 'auto', effectiveSamples) },
      ...{ estimator, alarm, seed, onProgress: printer.onProgress },
    });
    printer.end();
    const suspects = withTexts(study, found.search, found.suspects);
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ ...found.search, querySet: options.queries, suspects })}\n`);
    } else if (!options.quiet) {
      process.stdout.write(`${describe(options, found.search, suspects).join('\n')}\n`);
    }
  } finally {
    study.close();
  }
}

function withTexts(study: Study, search: LeakSearch, suspects: readonly LeakSuspect[]): Suspected[] {
  const { db } = study;
  const corpora = new Map(listCorpora(db).map(({ id, name }) => [id, name]));
  const queries = new Map(queriesOf(db, search.querySetId).map((query) => [query.id, query]));
  return suspects.map((suspect) => {
    const { key, text } = queries.get(suspect.queryId)!;
    const { document, source, text: nearest } = chunkAt(db, suspect.corpusId, suspect.row)!;
    const corpus = corpora.get(suspect.corpusId)!;
    return {
      ...suspect,
      suspected: suspect.score >= search.threshold,
      key,
      text,
      corpus,
      document,
      source,
      nearest,
    };
  });
}

function describe({ queries, top }: LeaksOptions, search: LeakSearch, all: readonly Suspected[]): string[] {
  const { corpora, kernel, bandwidth, bandwidthRule, estimator, points, calibrated, alarm, threshold } =
    search;
  const suspects = all.filter(({ suspected }) => suspected);
  const byChance = alarm * all.length;
  return [
    `Leaks of ${all.length.toLocaleString('en')} queries of ${queries} in ${corpora.join(', ')}: ${suspects.length.toLocaleString('en')} suspected (${percent(suspects.length / all.length)})`,
    `${kernel} kernel, h = ${bandwidth} (${bandwidthRule}), ${estimator}, n = ${points.toLocaleString('en')} training points; suspected from a score of ${threshold.toFixed(2)}, calibrated on ${calibrated.toLocaleString('en')} training texts: about ${byChance.toFixed(1)} of ${all.length.toLocaleString('en')} queries that were never leaked would be`,
    ...(suspects.length === 0
      ? []
      : [
          '',
          `Score, similarity, share of the density, words shared, 4-grams shared, query; and the training text${suspects.length > top ? ` (the first ${top}; --top for more, --json for all)` : ''}`,
          ...aligned(
            suspects
              .slice(0, top)
              .map((one) => [
                ...[signed(one.score), one.similarity.toFixed(3), percent(one.share)],
                ...[percent(one.words), percent(one.copied), shortened(one.key, 30)],
              ]),
            [5],
          ).flatMap((line, i) => {
            const { text, corpus, document, nearest } = suspects[i]!;
            return [
              `  ${line}`,
              `      ${shortened(text)}`,
              `      ${shortened(`${corpus}/${document}`, 40)}: ${shortened(nearest)}`,
            ];
          }),
        ]),
  ];
}
