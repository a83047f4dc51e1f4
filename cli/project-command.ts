import type { Command } from 'commander';
import { openStudy, type Projection, type ProjectionMethod } from '../store/index.js';
import { type CommonOptions, choice, integer, list, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';
import { stopOnSignal } from './stop-on-signal.js';
import { percent } from './terminal-text.js';

interface ProjectCommandOptions extends CommonOptions {
  method: ProjectionMethod;
  name?: string;
  corpora?: string[];
  landmarks: number;
  neighbours: number;
}

/** Adds `densimeter project`. */
export function addProjectCommand(program: Command): void {
  withCommonOptions(
    program
      .command('project')
      .description('lay corpora and queries out in two dims, for the map')
      .option('--method <name>', 'pca, or umap', choice('pca', 'umap'), 'umap')
      .option('--name <word>', 'default: the method; one of that name is replaced')
      .option('--corpora <names>', "separated by commas; default: all of the first one's embedder", list)
      .option(
        '--landmarks <n>',
        'training points to compute the directions or the layout from',
        integer,
        5000,
      )
      .option('--neighbours <n>', 'of UMAP', integer, 15),
  )
    .addHelpText(
      'after',
      `
PCA takes the two directions in which a sample of the training points varies most. UMAP lays the sample out so that near points stay near,
and places all other points, and texts asked about later, between their nearest ones: read what is near what, not how far clusters are apart.

Examples:
  densimeter project --study out
  densimeter project --method pca --corpora pretrain,tuning --name both --study out`,
    )
    .action(run);
}

async function run({ seed = 1, ...options }: ProjectCommandOptions): Promise<void> {
  const { project } = await import('../study/index.js');
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  const stop = stopOnSignal(printer);
  try {
    const { method, name, corpora, landmarks, neighbours } = options;
    const made = await project(study, {
      ...{ method, name, corpora, landmarks, neighbours, seed },
      ...{ onProgress: printer.onProgress, signal: stop.signal },
    });
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify(made)}\n`);
    else if (!options.quiet) process.stdout.write(`${describe(made)}\n`);
  } finally {
    stop.end();
    study.close();
  }
}

function describe({ name, method, corpora, querySets, landmarks, variance, labels }: Projection): string {
  const count = (value: number) => value.toLocaleString('en');
  const points = corpora.map((one) => `${count(one.points)} of ${one.name}`).join(', ');
  const queries = querySets.map((one) => `${count(one.queries)} of ${one.name}`).join(', ') || 'none';
  const how = variance
    ? `their two directions hold ${percent(variance[0] + variance[1])} of the variance`
    : 'laid out by UMAP, beginning with their principal components';
  return [
    `Projection ${name} (${method}): points ${points}; queries ${queries}; from ${count(landmarks)} landmarks, ${how}.`,
    ...labels.map(({ words, landmarks: own }) => `  ${words.join(', ')} (${count(own)} landmarks)`),
  ].join('\n');
}
