import type { Command } from 'commander';
import type { ChunkOptions, DocumentSource } from '../indexer/index.js';
import { choice, integer, list } from './common-options.js';

/** The options that say where texts are read from. */
export interface SourceOptions {
  text?: string;
  id?: string;
  source?: string;
  meta: string[];
  where?: string;
  limit?: number;
  sample?: number;
  strict?: boolean;
}

/** The options that say how texts are cut. */
export interface ChunkingOptions {
  chunk: 'sentences' | 'passages' | 'document' | 'tokens';
  chunkMin?: number;
  chunkMax?: number;
  chunkTokens: number;
  chunkOverlap: number;
}

/** Adds the options that say where texts are read from; others of the group `Texts:` may follow. */
export function withSourceOptions(command: Command): Command {
  return command
    .optionsGroup('Texts:')
    .option('--text <column>', 'the column of the text, or a template such as "{instruction}\\n{input}"')
    .option('--id <column>', 'the column of a unique id; default: file and row')
    .option('--source <column>', 'the column of the source label, or "file" (default)')
    .option('--meta <columns>', 'columns to keep beside the text, separated by commas', list, [])
    .option('--where <sql>', 'keep the rows for which this SQL condition holds')
    .option('--limit <n>', 'read at most this many documents', integer)
    .option('--sample <n>', 'read a seeded random sample of this many documents', integer)
    .option('--strict', 'fail at the first record that cannot be used, rather than count it');
}

/** Adds the options that say how texts are cut. */
export function withChunkOptions(command: Command): Command {
  return command
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
}

/** The texts that the paths and options name. */
export function documentSource(paths: readonly string[], options: SourceOptions): DocumentSource {
  const { text, id, source, meta, where, limit, sample, strict } = options;
  return { files: paths, base: process.cwd(), text, id, source, meta, where, limit, sample, strict };
}

/** How the options want texts cut. */
export function chunkOptions(options: ChunkingOptions): ChunkOptions {
  const { chunk: by, chunkMin: min, chunkMax: max, chunkTokens: tokens, chunkOverlap: overlap } = options;
  if (by === 'tokens') return { by, tokens, overlap };
  if (by === 'document') return { by };
  return { by, ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}
