import type { Command } from 'commander';
import { openStudy } from '../store/index.js';
import { type CommonOptions, choice, integer, list, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';

interface QueriesOptions extends CommonOptions {
  text?: string;
  id?: string;
  source?: string;
  meta: string[];
  where?: string;
  strict?: boolean;
  kind: string;
  chunk: 'sentences' | 'passages' | 'document';
  sample?: number;
  corpus?: string;
}

/** Adds `densimeter queries`. */
export function addQueriesCommand(program: Command): void {
  withCommonOptions(
    program
      .command('queries')
      .argument('<set>', 'its name in the study')
      .argument('<path...>', 'files, globs or folders, as for densimeter index')
      .description('embed test queries as a corpus was, to measure their density')
      .option('--text <column>', 'the column of the text, or a template')
      .option('--id <column>', 'the column of a unique id')
      .option('--source <column>', 'the column of the source label: a subject, say')
      .option('--meta <columns>', 'columns to keep with it (an answer …), separated by commas', list, [])
      .option('--where <sql>', 'keep the rows for which this SQL condition holds')
      .option('--strict', 'fail at the first record that cannot be used')
      .option('--kind <word>', 'what kind of queries they are', 'query')
      .option(
        '--chunk <how>',
        'document, passages or sentences',
        choice('document', 'passages', 'sentences'),
        'document',
      )
      .option('--sample <n>', 'draw a seeded random sample of this many', integer)
      .option('--corpus <name>', 'the corpus whose embedder embeds them; default: the oldest'),
  )
    .addHelpText(
      'after',
      "\nA set of that name is replaced, and its measurements go.\n\nExample:\n  densimeter queries mmlu 'mmlu/*.csv' --study out",
    )
    .action(run);
}

async function run(name: string, paths: string[], options: QueriesOptions): Promise<void> {
  const { addQuerySet } = await import('../study/index.js');
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const { text, id, source, meta, where, strict, kind, sample, corpus, seed = 1 } = options;
    const part = {
      files: paths,
      text,
      id,
      source,
      meta,
      where,
      strict,
      kind,
      sample,
      chunk: { by: options.chunk },
    };
    const added = await addQuerySet(study, name, { part, base: process.cwd(), seed, corpus });
    for (const line of added.skipped.lines()) printer.say(`  skipped ${line}`);
    const { queries, set } = added;
    if (options.json)
      process.stdout.write(`${JSON.stringify({ set: name, queries, embedder: set.embedder })}\n`);
    else if (!options.quiet) {
      process.stdout.write(`Query set ${name}: ${queries} queries, embedded by ${set.embedder}.\n`);
    }
  } finally {
    study.close();
  }
}
