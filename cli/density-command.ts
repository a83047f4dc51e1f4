import type { Command } from 'commander';
import type { KernelName } from '../density/index.js';
import { openStudy } from '../store/index.js';
import type { Answers, AskedDensity } from '../study/index.js';
import {
  type CommonOptions,
  choice,
  count,
  integer,
  KERNELS,
  list,
  withCommonOptions,
} from './common-options.js';
import { bandwidths, type EstimatorOptions, limitsOf, withEstimatorOptions } from './density-options.js';
import { type DensityViewOptions, viewLines, withViewOptions } from './density-views.js';
import { boundWords, intervalWords, log10, touchedWords } from './density-words.js';
import { aligned, percent, shortened } from './terminal-text.js';

interface DensityOptions extends CommonOptions, EstimatorOptions, DensityViewOptions {
  corpora?: string[];
  kernel: KernelName;
  bandwidth?: number[];
  neighbours: number;
  documents?: number;
}

/** Adds `densimeter density` and `densimeter neighbours`. */
export function addDensityCommands(program: Command): void {
  const density = askCommand(
    program,
    'density',
    'say how much support the training data gives to texts, and where it comes from',
    3,
  );
  withViewOptions(withEstimatorOptions(density))
    .option('--documents <k>', 'documents that hold most of the density to name', count, 5)
    .addHelpText(
      'after',
      `
The bandwidth is by default that of "densimeter calibrate" or of the newest measurement of these corpora.

Examples:
  densimeter density "The navy has been much improved." --study out
  densimeter density "The navy has been much improved." --bandwidth 0.1,0.05,0.2 --study out
  densimeter density "The navy has been much improved." --documents 20 --study out
  densimeter density "The navy has been much improved." --top --noise --study out
  densimeter density "one text" "another" --corpora wiki,books --kernel gaussian --json --study out`,
    )
    .action((texts: string[], options: DensityOptions) => run(texts, options, describe));
  askCommand(program, 'neighbours', 'name the training texts nearest to texts', 10)
    .addHelpText(
      'after',
      '\nExample:\n  densimeter neighbours "The navy has been much improved." --neighbours 20 --study out',
    )
    .action((texts: string[], options: DensityOptions) => run(texts, options, describeNeighbours));
}

function askCommand(program: Command, name: string, description: string, neighbours: number): Command {
  return withCommonOptions(
    program
      .command(name)
      .argument('<text...>')
      .description(description)
      .option('--corpora <names>', 'separated by commas; default: all of one embedder', list)
      .option('--kernel <name>', KERNELS.join(', '), choice(...KERNELS), 'exponential')
      .option(
        '--bandwidth <h>',
        'in distance on the unit sphere; with commas, the density at others too',
        bandwidths,
      )
      .option('--neighbours <k>', 'nearest training texts to name', integer, neighbours),
  );
}

async function run(
  texts: string[],
  options: DensityOptions,
  words: (answers: Answers) => string[],
): Promise<void> {
  const [{ ask }, { chooseEstimator }] = await Promise.all([
    import('../study/index.js'),
    import('../density/index.js'),
  ]);
  const [bandwidth, ...curve] = options.bandwidth ?? [];
  const estimator = chooseEstimator(options.estimator, limitsOf(options));
  const study = openStudy(options.study);
  try {
    const answers = await ask(study, texts, { ...options, bandwidth, curve, estimator });
    if (options.json) process.stdout.write(`${JSON.stringify(answers)}\n`);
    else if (!options.quiet) process.stdout.write(`${words(answers).join('\n')}\n`);
  } finally {
    study.close();
  }
}

function describe(answers: Answers): string[] {
  const { densities, estimator } = answers;
  return [...densities.flatMap((density) => [...describeOne(density, estimator), '']), settingsOf(answers)];
}

function describeOne(density: AskedDensity, estimator: string) {
  const { text, log10Density, percentile, effectiveSamples, touched, sources, documents, neighbours, curve } =
    density;
  const read =
    percentile === undefined ? '' : `, denser than ${(100 * percentile).toFixed(1)}% of the training points`;
  return [
    shortened(text!),
    `  log10 density ${log10(log10Density)}${read}; rests on ${effectiveSamples.toFixed(1)} effective samples`,
    `  ${estimator}, interval ${intervalWords(density)}, ${touchedWords(touched)}`,
    ...sources.slice(0, 5).map(({ corpus, source, share, standardError, without }) => {
      const change = Number.isFinite(without) ? `${log10(without)} without it` : 'nothing without it';
      const error = standardError > 0 ? ` ±${percent(standardError)}` : '';
      return `  ${percent(share)}${error} from ${shortened(`${corpus}/${source}`, 60)} (log10 density ${change})`;
    }),
    ...(sources.length > 5 ? [`  and ${sources.length - 5} more sources`] : []),
    ...(documents.length > 0 ? ['  top documents: share, cumulative'] : []),
    ...documentLines(documents).map((line) => `    ${line}`),
    ...curve.map(
      ({ bandwidth, log10Density: at, errorBound }) =>
        `  log10 density ${log10(at)}${boundWords(errorBound)} at h = ${bandwidth}`,
    ),
    ...viewLines(density),
    ...neighbours.map((near) => `  ${nearLine(near)}`),
  ];
}

function documentLines(documents: AskedDensity['documents']): string[] {
  const rows = documents.map(({ corpus, document, share, cumulative }) => [
    percent(share),
    percent(cumulative),
    shortened(`${corpus}/${document}`, 60),
  ]);
  return rows.length > 0 ? aligned(rows, [2]) : [];
}

function describeNeighbours(answers: Answers): string[] {
  return [
    ...answers.densities.flatMap(({ text, neighbours }) => [
      shortened(text!),
      ...neighbours.map((near) => `  ${nearLine(near)}`),
      '',
    ]),
    settingsOf(answers),
  ];
}

function nearLine({ distance, share, corpus, document, text }: AskedDensity['neighbours'][number]): string {
  return `distance ${distance.toFixed(3)}, ${percent(share)}, ${shortened(`${corpus}/${document}`, 40)}: ${shortened(text)}`;
}

function settingsOf({
  corpora,
  kernel,
  bandwidth,
  bandwidthRule,
  estimator,
  estimatorRule,
  points,
  embedder,
}: Answers): string {
  return `${kernel} kernel, h = ${bandwidth} (${bandwidthRule}), ${estimator} (${estimatorRule}), n = ${points} points of ${corpora.join(', ')}, embedded by ${embedder}`;
}
