import type { Command } from 'commander';
import type { CorpusFiles, IndexedFiles, NearDuplicateReport } from '../indexer/index.js';
import { openStudy, UsageError } from '../store/index.js';
import { type CommonOptions, choice, integer, number, withCommonOptions } from './common-options.js';
import { type EmbedderOptions, embedderChoice, withEmbedderOptions } from './embedder-options.js';
import { progressPrinter } from './progress-printer.js';
import {
  type ChunkingOptions,
  chunkOptions,
  documentSource,
  type SourceOptions,
  withChunkOptions,
  withSourceOptions,
} from './source-options.js';
import { stopOnSignal } from './stop-on-signal.js';

interface IndexOptions extends CommonOptions, SourceOptions, ChunkingOptions, EmbedderOptions {
  role: 'pretrain' | 'finetune';
  holdOut: number;
  vectors: 'fp32' | 'fp16';
  nearDedup?: number | true;
  append?: boolean;
  replace?: boolean;
  commitEvery?: number;
}

/** Adds `densimeter index`. */
export function addIndexCommand(program: Command): void {
  const command = program
    .command('index')
    .argument('<corpus>', 'its name in the study')
    .argument('<path...>', 'files, globs, folders; or s3://, https://, hf:// paths that DuckDB can read')
    .description(
      'read, cut and embed training texts: Parquet, JSONL, JSON, CSV, TSV, text; plain, .gz or .zst',
    )
    .option('--role <role>', 'pretrain or finetune', choice('pretrain', 'finetune'), 'pretrain');
  withSourceOptions(command)
    .option('--hold-out <share>', 'keep back this share of the documents to ask about', number, 0)
    .option('--near-dedup [jaccard]', 'report groups of nearly equal documents (default 0.8)', number);
  withChunkOptions(command);
  withEmbedderOptions(command)
    .option('--vectors <precision>', 'keep numbers as fp32 or fp16', choice('fp32', 'fp16'), 'fp32')
    .optionsGroup('Where the corpus is there already:')
    .option('--append', 'add to it')
    .option('--replace', 'index it anew')
    .optionsGroup('Options:')
    .option('--commit-every <chunks>', 'make this many durable at a time (default 8192)', integer);
  withCommonOptions(command)
    .addHelpText(
      'after',
      `
The text is found by itself in the shapes that training data usually has (docs/sources.md); what was found is printed.
An interrupted call goes on where it was when it is given again.

Examples:
  densimeter index pretrain wiki/*.parquet --study out
  densimeter index tuning alpaca.json --role finetune --study out
  densimeter index mmlu 'mmlu/*.csv' --text "{column0}" --chunk document --study out
  densimeter index web c4.jsonl.zst --where "length(text) > 200" --sample 100000 --vectors fp16 --study out
  densimeter index mine texts.jsonl --embeddings vectors.npy --model all-MiniLM-L6-v2 --study out`,
    )
    .action(index);
}

async function index(corpus: string, paths: string[], options: IndexOptions): Promise<void> {
  if (options.append && options.replace) throw new UsageError('--append and --replace exclude each other.');
  // Loaded when needed: the models' libraries take a second, which --help should not.
  const { describeSource, indexFiles, openEmbedderPool, reportNearDuplicates, Skipped, sourceLine } =
    await import('../indexer/index.js');
  const embedding = embedderChoice(options);
  const files = corpusFiles(paths, options);
  const printer = progressPrinter({ quiet: options.quiet === true });
  const shape = await describeSource(files);
  printer.say(`${corpus}: ${sourceLine(shape)}`);
  const study = openStudy(options.study, { write: true });
  const stop = stopOnSignal(printer);
  const opened = 'precomputedBy' in embedding ? embedding : await openEmbedderPool(embedding, options);
  const skipped = new Skipped();
  const start = performance.now();
  try {
    const indexed = await indexFiles(study, opened, corpus, files, {
      skipped,
      seed: options.seed ?? 1,
      existing: options.append ? 'append' : options.replace ? 'replace' : undefined,
      onProgress: printer.onProgress,
      signal: stop.signal,
      windowChunks: options.commitEvery,
    }).finally(() => {
      for (const line of skipped.lines()) printer.say(`  skipped ${line}`);
    });
    const near =
      options.nearDedup === undefined
        ? undefined
        : reportNearDuplicates(study, corpus, {
            ...(options.nearDedup === true ? {} : { threshold: options.nearDedup }),
            seed: options.seed ?? 1,
            onProgress: printer.onProgress,
          });
    printer.end();
    const seconds = (performance.now() - start) / 1000;
    if (options.json) {
      process.stdout.write(
        `${JSON.stringify({ corpus, shape, ...indexed, skipped: skipped.lines(), nearDuplicates: near, seconds })}\n`,
      );
    } else if (!options.quiet) {
      process.stdout.write(
        `${[describe(corpus, indexed, seconds), near && describeNear(near)].filter(Boolean).join('\n')}\n`,
      );
    }
  } finally {
    stop.end();
    if (!('precomputedBy' in opened)) await opened.close();
    study.close();
  }
}

function corpusFiles(paths: string[], options: IndexOptions): CorpusFiles {
  const { role, holdOut, vectors: precision } = options;
  // Vectors made elsewhere are of whole documents.
  const byDocument = options.embeddings && options.chunk !== 'tokens';
  const chunk = byDocument ? { by: 'document' as const } : chunkOptions(options);
  const source = documentSource(paths, options);
  return { ...source, role, holdOut, precision, chunk, embeddings: embeddingsOf(options) };
}

function embeddingsOf({ embeddings, embeddingsColumn: column, embeddingsId: id, dims }: IndexOptions) {
  return embeddings && { files: embeddings, column, id, dims };
}

function describe(corpus: string, indexed: IndexedFiles, seconds: number): string {
  const { documents, heldOut, chunks, duplicates, tokens, waiting, unchanged, rescaled } = indexed;
  const count = (value: number) => Math.round(value).toLocaleString('en');
  return [
    `Corpus ${corpus}: ${count(chunks)} chunks of ${count(documents - heldOut)} documents, ${count(heldOut)} held out; ${count(duplicates)} chunks are exact duplicates, counted as often as they occur.`,
    unchanged
      ? 'Nothing had changed since it was indexed.'
      : `${seconds.toFixed(1)} s${tokens > 0 ? `, ${count(tokens / seconds)} tokens/s` : ''}${waiting === undefined ? '' : `; the embedder waited ${(100 * waiting).toFixed(1)}% of its time`}.`,
    ...(rescaled > 0 ? [`${count(rescaled)} vectors were not of unit length and were made so.`] : []),
  ].join('\n');
}

function describeNear({ threshold, groups, documents, largest, examples }: NearDuplicateReport): string {
  if (groups === 0) return `No near duplicates (Jaccard index of word 5-grams of ${threshold} or more).`;
  const shown = examples.map((keys) => `  ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''}`);
  return [
    `Near duplicates (Jaccard index of word 5-grams of ${threshold} or more; none is dropped): ${documents} documents in ${groups} groups, the largest of ${largest}:`,
    ...shown,
  ].join('\n');
}
