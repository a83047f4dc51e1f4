import type { Command } from 'commander';
import type { KernelName } from '../density/index.js';
import {
  densitiesOf,
  listCorpora,
  type Measurement,
  openStudy,
  queriesOf,
  querySetByName,
  type Study,
  UsageError,
} from '../store/index.js';
import { type CommonOptions, integer, list, number, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';

interface MeasureOptions extends CommonOptions {
  corpora?: string[];
  kernels: string[];
  bandwidth?: number;
  effectiveSamples: number;
  neighbours: number;
  name: string;
}

const LEAST_SHOWN = 3;

/** Adds `densimeter measure`. */
export function addMeasureCommand(program: Command): void {
  withCommonOptions(
    program
      .command('measure')
      .argument('<set>', 'a query set')
      .description('measure the density of corpora at every query of a set, and keep it in the study')
      .option('--corpora <names>', "separated by commas; default: all of the set's embedder", list)
      .option('--kernels <names>', 'separated by commas', list, ['exponential'])
      .option('--bandwidth <h>', 'in distance on the unit sphere; default: by --effective-samples', number)
      .option('--effective-samples <n>', 'what the median query is to rest on', number, 100)
      .option(
        '--neighbours <k>',
        'nearest training texts, and documents, to keep for every query',
        integer,
        10,
      )
      .option('--name <word>', 'what the measurement is called', 'base'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  densimeter measure mmlu --corpora pretrain,tuning --kernels exponential,gaussian --study out',
    )
    .action(run);
}

async function run(set: string, options: MeasureOptions): Promise<void> {
  const { chooseEstimator, KERNEL_NAMES, measure } = await import('../density/index.js');
  const kernels = options.kernels.map((name) => {
    const kernel = KERNEL_NAMES.find((known) => known === name);
    if (!kernel) throw new UsageError(`There is no kernel "${name}"; there are: ${KERNEL_NAMES.join(', ')}.`);
    return kernel;
  });
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const measured = [];
    for (const kernel of kernels) {
      const measurement = await measure(study, {
        ...settingsOf(study, set, kernel, options, printer.onProgress),
        estimator: chooseEstimator(undefined),
      });
      measured.push({ measurement, ...summary(study, measurement) });
    }
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify({ measured })}\n`);
    else if (!options.quiet) process.stdout.write(`${measured.map(describe).join('\n')}\n`);
  } finally {
    study.close();
  }
}

function settingsOf(
  study: Study,
  querySet: string,
  kernel: KernelName,
  { corpora, bandwidth, effectiveSamples, neighbours, name, seed = 1 }: MeasureOptions,
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
    bandwidth: bandwidth === undefined ? { effectiveSamples } : { value: bandwidth, rule: 'given' },
  };
}

/** The quartiles of a measurement, and the queries that have the least support. */
function summary({ db }: Study, { id, querySetId }: Measurement) {
  const densities = densitiesOf(db, id);
  const queries = queriesOf(db, querySetId)
    .map(({ key, text, id: query }) => ({ key, text, log10Density: densities.get(query)!.log10Density }))
    .sort((a, b) => a.log10Density - b.log10Density);
  const quartile = (share: number) => queries[Math.floor(share * (queries.length - 1))]!.log10Density;
  return {
    queries: queries.length,
    quartiles: [quartile(0.25), quartile(0.5), quartile(0.75)],
    leastSupported: queries.slice(0, LEAST_SHOWN),
  };
}

function describe({
  measurement,
  queries,
  quartiles,
  leastSupported,
}: {
  measurement: Measurement;
} & ReturnType<typeof summary>): string {
  const { kernel, bandwidth, bandwidthRule, estimator, points, corpora } = measurement;
  const [low, middle, high] = quartiles.map((value) => value.toFixed(2));
  return [
    `${kernel} kernel, h = ${bandwidth} (${bandwidthRule}), ${estimator}, n = ${points} points of ${corpora.join(', ')}:`,
    `  log10 density of ${queries} queries: median ${middle}, quartiles ${low} and ${high}`,
    '  least supported:',
    ...leastSupported.map(({ key, log10Density }) => `    ${log10Density.toFixed(2)}  ${key}`),
  ].join('\n');
}
