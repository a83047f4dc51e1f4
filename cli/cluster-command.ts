import type { Command } from 'commander';
import { corpusNamed, hasListTiles, openCorpusVectors, openStudy } from '../store/index.js';
import { type CommonOptions, integer, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';

interface ClusterOptions extends CommonOptions {
  lists?: number;
  again?: boolean;
}

/** Adds `densimeter cluster`. */
export function addClusterCommand(program: Command): void {
  withCommonOptions(
    program
      .command('cluster')
      .argument('<corpus>')
      .description(
        "write a corpus's vectors, clustered, to FAISS IndexIVFFlat files beside those that are there",
      )
      .option('--lists <n>', 'how many lists; default 4√n', integer)
      .option('--again', 'cluster anew, also what was clustered before'),
  )
    .addHelpText(
      'after',
      `
Vectors that were added since the last time are put into the lists that there are (docs/clustering.md).

Examples:
  densimeter cluster pretrain --study out
  densimeter cluster pretrain --lists 4096 --again --study out`,
    )
    .action(cluster);
}

async function cluster(name: string, options: ClusterOptions): Promise<void> {
  const { clusterVectors, extendClusters } = await import('../indexer/index.js');
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  const start = performance.now();
  try {
    const corpus = corpusNamed(study.db, name);
    const folder = study.vectorFolder('corpus', corpus.folder);
    const reader = openCorpusVectors(study, corpus);
    const settings = { seed: options.seed ?? 1, onProgress: printer.onProgress };
    const anew = options.again || options.lists !== undefined || !hasListTiles(folder);
    try {
      const { files, lists, rows } = anew
        ? await clusterVectors(reader, folder, {
            ...settings,
            ...(options.lists && { lists: options.lists }),
          })
        : await extendClusters(reader, folder, settings);
      printer.end();
      const seconds = (performance.now() - start) / 1000;
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ corpus: name, files, lists, vectors: rows, seconds })}\n`);
      } else if (!options.quiet) {
        const written =
          files.length === 0 ? 'nothing was added since it was clustered' : `${files.join(', ')}`;
        process.stdout.write(
          `Corpus ${name}: ${rows} vectors in ${lists} lists (${seconds.toFixed(1)} s): ${written}\n`,
        );
      }
    } finally {
      reader.close();
    }
  } finally {
    study.close();
  }
}
