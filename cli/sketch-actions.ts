import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { bitsForBandwidth, readSketch, sketchFor, writeSketch } from '../density/index.js';
import {
  type DocumentSource,
  describeSource,
  type EmbedderChoice,
  filesOf,
  openEmbedderPool,
  readDocuments,
  Skipped,
  sourceLine,
  streamEmbeddings,
} from '../indexer/index.js';
import { DataError, UsageError } from '../store/index.js';
import type { OutputOptions } from './common-options.js';
import { type EmbedderOptions, embedderChoice } from './embedder-options.js';
import { progressPrinter } from './progress-printer.js';
import { count, describe, factsOf, lineOf, say } from './sketch-words.js';
import { type ChunkingOptions, chunkOptions, documentSource, type SourceOptions } from './source-options.js';
import { stopOnSignal } from './stop-on-signal.js';

interface BuildOptions extends OutputOptions, SourceOptions, ChunkingOptions, EmbedderOptions {
  sketchMb: number;
  bits?: number;
  bandwidth?: number;
  replace?: boolean;
}

const BITS = 15;

/**
 * `densimeter sketch`: streams texts into a sketch.
 *
 * @throws UsageError for options that do not fit together, and a file that is there already
 * @throws DataError where there is no text
 */
export async function build(out: string, paths: string[], options: BuildOptions): Promise<void> {
  const { sketchMb: megabytes, seed = 1 } = options;
  const choice = textEmbedder(options);
  const bits = bitsOf(options);
  requireRoomFor(out, options);
  const source = { ...documentSource(paths, options), seed };
  const printer = progressPrinter({ quiet: options.quiet === true });
  const shape = await describeSource(source);
  printer.say(`${out}: ${sourceLine(shape)}`);
  const expectedCharacters = await bytesOf(source);
  const stop = stopOnSignal(printer);
  const skipped = new Skipped();
  const start = performance.now();
  const embedder = await openEmbedderPool(choice, options);
  try {
    const { name, fingerprint, dims } = embedder;
    const sketch = sketchFor({ megabytes, bits, dims, seed, embedder: { name, fingerprint } });
    const { onProgress } = printer;
    const streamed = await streamEmbeddings(
      embedder,
      readDocuments(source, skipped),
      { chunk: chunkOptions(options), onProgress, signal: stop.signal, expectedCharacters },
      sketch,
    ).finally(() => {
      for (const line of skipped.lines()) printer.say(`  skipped ${line}`);
    });
    if (sketch.n === 0) {
      throw new DataError(`No text to sketch: ${streamed.documents} documents, none with a chunk.`);
    }
    writeSketch(out, sketch);
    printer.end();
    const seconds = (performance.now() - start) / 1000;
    say(
      options,
      { file: out, ...factsOf(sketch), ...streamed, skipped: skipped.lines(), seconds },
      `${out}: ${count(streamed.chunks)} chunks of ${count(streamed.documents)} documents in ${seconds.toFixed(1)} s.\n${describe(sketch)}`,
    );
  } finally {
    stop.end();
    await embedder.close();
  }
}

/**
 * `densimeter sketch merge`: adds sketches up.
 *
 * @throws DataError for sketches of different settings
 */
export function merge(out: string, files: string[], options: OutputOptions & { replace?: boolean }): void {
  requireRoomFor(out, options);
  const [first, ...rest] = files as [string, ...string[]];
  const merged = readSketch(first);
  for (const file of rest) merged.merge(readSketch(file, merged.settings));
  writeSketch(out, merged);
  say(
    options,
    { file: out, merged: files, ...factsOf(merged) },
    `${out}: ${files.length} sketches.\n${describe(merged)}`,
  );
}

/**
 * `densimeter sketch query`: prints the densities of texts.
 *
 * @throws DataError for a sketch of another embedder
 */
export async function query(
  file: string,
  texts: string[],
  options: OutputOptions & EmbedderOptions & { groups?: number },
): Promise<void> {
  const choice = textEmbedder(options);
  const sketch = readSketch(file);
  const { rows } = sketch.settings;
  const { groups = 1 } = options;
  if (groups < 1 || groups > rows) throw new UsageError(`--groups must be from 1 to the ${rows} rows.`);
  const embedder = await openEmbedderPool(choice, { ...options, workers: options.workers ?? 1 });
  try {
    const { name, fingerprint } = embedder;
    if (fingerprint !== sketch.settings.embedder?.fingerprint) {
      throw new DataError(
        `${file} is of vectors of ${sketch.settings.embedder?.name ?? 'an unnamed embedder'}, not of ${name} as it is set here: give the options that the sketch was made with.`,
      );
    }
    const { vectors } = await embedder.embed(texts, 'query');
    const estimates = await sketch.query(vectors, { groups });
    const queries = estimates.map((estimate, i) => {
      return { text: texts[i]!, ...estimate, log10Density: Math.log10(estimate.density) };
    });
    say(
      options,
      { file, ...factsOf(sketch), statistic: groups === 1 ? 'mean' : `median of ${groups} means`, queries },
      [describe(sketch), ...queries.map((found) => lineOf(found, found.text))].join('\n'),
    );
  } finally {
    await embedder.close();
  }
}

function textEmbedder(options: EmbedderOptions): EmbedderChoice {
  const choice = embedderChoice(options);
  if (!('precomputedBy' in choice)) return choice;
  throw new UsageError('A sketch is of texts that are embedded here: leave out --embeddings.');
}

function bitsOf({ bits, bandwidth }: BuildOptions): number {
  if (bandwidth === undefined) return bits ?? BITS;
  if (bits !== undefined) throw new UsageError('--bits and --bandwidth exclude each other.');
  if (!(bandwidth > 0 && bandwidth < 2)) {
    throw new UsageError(`--bandwidth must lie between 0 and 2; it is ${bandwidth}.`);
  }
  return bitsForBandwidth(bandwidth);
}

/** What can be known before hours of embedding must not go wrong behind them. */
function requireRoomFor(out: string, { replace }: { replace?: boolean }): void {
  if (existsSync(out) && !replace) {
    throw new UsageError(`${out} is there already: name another file, or give --replace.`);
  }
  try {
    accessSync(dirname(out), constants.W_OK);
  } catch {
    throw new UsageError(`${out} cannot be written: ${dirname(out)} is no folder that can be written to.`);
  }
}

async function bytesOf(source: DocumentSource): Promise<number> {
  const sizes = (await filesOf(source)).map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
