import type { Command } from 'commander';
import type { CorpusFiles, IndexedFiles, NearDuplicateReport } from '../indexer/index.js';
import { openStudy, UsageError } from '../store/index.js';
import { type CommonOptions, choice, integer, list, number, withCommonOptions } from './common-options.js';
import { type EmbedderOptions, embedderChoice, withEmbedderOptions } from './embedder-options.js';
import { progressPrinter } from './progress-printer.js';
import { stopOnSignal } from './stop-on-signal.js';

interface IndexOptions extends CommonOptions, EmbedderOptions {
  role: 'pretrain' | 'finetune';
  text?: string;
  id?: string;
  source?: string;
  meta: string[];
  where?: string;
  limit?: number;
  sample?: number;
  strict?: boolean;
  holdOut: number;
  chunk: 'sentences' | 'passages' | 'document' | 'tokens';
  chunkMin?: number;
  chunkMax?: number;
  chunkTokens: number;
  chunkOverlap: number;
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
    .option('--role <role>', 'pretrain or finetune', choice('pretrain', 'finetune'), 'pretrain')
    .optionsGroup('Texts:')
    .option('--text <column>', 'the column of the text, or a template such as "{instruction}\\n{input}"')
    .option('--id <column>', 'the column of a unique id; default: file and row')
    .option('--source <column>', 'the column of the source label, or "file" (default)')
    .option('--meta <columns>', 'columns to keep beside the text, separated by commas', list, [])
    .option('--where <sql>', 'keep the rows for which this SQL condition holds')
    .option('--limit <n>', 'read at most this many documents', integer)
    .option('--sample <n>', 'read a seeded random sample of this many documents', integer)
    .option('--strict', 'fail at the first record that cannot be used, rather than count it')
    .option('--hold-out <share>', 'keep back this share of the documents to ask about', number, 0)
    .option('--near-dedup [jaccard]', 'report groups of nearly equal documents (default 0.8)', number)
    .optionsGroup('Chunks:')
    .option(
      '--chunk <how>',
      'sentences, passages, document or tokens',
      choice('sentences', 'passages', 'document', 'tokens'),
      'sentences',
    )
    .option('--chunk-min <characters>', 'join shorter sentences (default 40)', integer)
    .option('--chunk-max <characters>', 'cut longer sentences and passages (default 400)', integer)
    .option('--chunk-tokens <n>', 'with --chunk tokens: length of a window', integer, 128)
    .option('--chunk-overlap <n>', 'with --chunk tokens: what neighbouring windows share', integer, 16);
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
  const { role, text, id, source, meta, where, limit, sample, strict, holdOut, vectors } = options;
  return {
    ...{ files: paths, base: process.cwd(), role, text, id, source, meta, where, limit, sample, strict },
    ...{ holdOut, precision: vectors, chunk: chunkOptions(options), embeddings: embeddingsOf(options) },
  };
}

function chunkOptions(options: IndexOptions): CorpusFiles['chunk'] {
  const { chunk: by, chunkMin: min, chunkMax: max, chunkTokens: tokens, chunkOverlap: overlap } = options;
  if (by === 'tokens') return { by, tokens, overlap };
  // Vectors made elsewhere are of whole documents.
  if (by === 'document' || options.embeddings) return { by: 'document' };
  return { by, ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
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
