import type { Command } from 'commander';
import {
  corpusNamed,
  dropCorpus,
  forgetResults,
  ingestsOf,
  openStudy,
  removeDocuments,
  renameCorpus,
  type Study,
  summariseCorpora,
} from '../store/index.js';
import { type CommonOptions, withCommonOptions } from './common-options.js';

/** Adds `densimeter corpus`, which lists and changes the corpora of a study. */
export function addCorpusCommand(program: Command): void {
  const corpus = program
    .command('corpus')
    .description('list, rename and delete corpora, and remove documents');

  withCommonOptions(
    corpus.command('list').description('say what corpora there are, and what they were made from'),
  )
    .addHelpText('after', '\nExample:\n  densimeter corpus list --study out')
    .action((options: CommonOptions) => {
      const study = openStudy(options.study);
      try {
        const corpora = summariseCorpora(study.db).map((found) => ({
          ...found,
          ingests: ingestsOf(study.db, found.id),
        }));
        say(options, { corpora }, corpora.map(describe).join('\n') || 'There is no corpus yet.');
      } finally {
        study.close();
      }
    });

  withCommonOptions(
    corpus.command('rename').argument('<from>').argument('<to>').description('give a corpus another name'),
  )
    .addHelpText('after', '\nExample:\n  densimeter corpus rename wiki wikipedia --study out')
    .action((from: string, to: string, options: CommonOptions) => {
      change(options, (study) => renameCorpus(study, from, to));
      say(options, { from, to }, `Corpus ${from} is now ${to}.`);
    });

  withCommonOptions(
    corpus
      .command('delete')
      .argument('<corpus>')
      .description('delete a corpus, its vectors, and what was measured with it'),
  )
    .addHelpText('after', '\nExample:\n  densimeter corpus delete wiki --study out')
    .action((name: string, options: CommonOptions) => {
      change(options, (study) => {
        corpusNamed(study.db, name);
        forgetResults(study.db, name);
        dropCorpus(study, name);
      });
      say(options, { deleted: name }, `Corpus ${name} is deleted.`);
    });

  withCommonOptions(
    corpus
      .command('remove')
      .argument('<corpus>')
      .argument('<id...>', 'keys of documents')
      .description('remove documents from a corpus by their ids'),
  )
    .addHelpText(
      'after',
      '\nWhat was measured with the corpus is removed too; the next run of the study file measures it again.\n\nExample:\n  densimeter corpus remove wiki page-17 page-35 --study out',
    )
    .action((name: string, ids: string[], options: CommonOptions) => {
      const removed = change(options, (study) => removeDocuments(study, name, ids));
      say(
        options,
        { corpus: name, ...removed },
        `${removed.documents} documents (${removed.chunks} chunks) are removed from corpus ${name}.`,
      );
    });
}

function change<T>({ study: dir }: CommonOptions, work: (study: Study) => T): T {
  openStudy(dir).close();
  const study = openStudy(dir, { write: true });
  try {
    return work(study);
  } finally {
    study.close();
  }
}

function say({ json, quiet }: CommonOptions, value: unknown, words: string): void {
  if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
  else if (!quiet) process.stdout.write(`${words}\n`);
}

function describe(
  corpus: ReturnType<typeof summariseCorpora>[number] & { ingests: ReturnType<typeof ingestsOf> },
) {
  const { name, role, chunks, documents, heldOut, duplicates, embedder, dims, precision, ingests } = corpus;
  const from = ingests.map(({ settings, finished }) => {
    const files = Array.isArray(settings.files) ? settings.files.join(', ') : 'other than files';
    return `  from ${files}${finished ? `, ${finished} UTC` : ', not finished'}`;
  });
  return [
    `${name} (${role}): ${chunks} chunks of ${documents - heldOut} documents, ${heldOut} held out, ${duplicates} exact duplicates; ${embedder}, ${dims} dims, ${precision}`,
    ...from,
  ].join('\n');
}
