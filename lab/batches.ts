import { shuffler } from 'd3';
import { seededUniform } from '../density/index.js';
import { DataError } from '../store/index.js';
import type { Batch } from './training-step.js';

/** A text as tokens. */
export interface TokenText {
  ids: Int32Array;
  /** 1 for tokens that are learned from, 0 for those that are only read; all are where it is left out. */
  mask?: Uint8Array;
  /** What it counts in the loss beside other texts; 1 where it is left out. */
  weight?: number;
}

/** Texts one behind the other, each behind a token that ends a text, and one more at the end. */
export interface TokenStream {
  ids: Int32Array;
  /** What each token counts in the loss; 0 where it is only read. */
  weights: Float32Array;
  /** The context that it is laid out for: windows begin at its multiples, in every pass. */
  aligned?: number;
}

/** The id of the token that ends a text. */
export const END = 0;

/** Puts texts one behind the other. */
export function packTexts(texts: readonly TokenText[]): TokenStream {
  const size = texts.reduce((sum, { ids }) => sum + ids.length + 1, 1);
  const ids = new Int32Array(size);
  const weights = new Float32Array(size).fill(1);
  let at = 1;
  for (const { ids: text, mask, weight = 1 } of texts) {
    ids.set(text, at);
    // With the token that ends it.
    weights.fill(weight, at, at + text.length + 1);
    if (mask)
      weights.set(
        Float32Array.from(mask, (kept) => kept * weight),
        at,
      );
    at += text.length + 1;
  }
  return { ids, weights };
}

/**
 * Puts each text into a window of its own, with ends of texts behind it, the first of which is learned.
 *
 * @throws RangeError for a text that is longer than the context less 1
 */
export function packAlone(texts: readonly TokenText[], context: number): TokenStream {
  const ids = new Int32Array(texts.length * context + 1).fill(END);
  const weights = new Float32Array(ids.length);
  for (const [i, { ids: text, mask, weight = 1 }] of texts.entries()) {
    if (text.length >= context)
      throw new RangeError(`A text of ${text.length} tokens does not fit a context of ${context}.`);
    const at = i * context + 1;
    ids.set(text, at);
    weights.fill(weight, at, at + text.length + 1);
    if (mask)
      weights.set(
        Float32Array.from(mask, (kept) => kept * weight),
        at,
      );
  }
  return { ids, weights, aligned: context };
}

/** How a stream is read. */
export interface Reading {
  batch: number;
  context: number;
  seed: number;
}

/** The batch of each step, known by its number alone, so that a training goes on anywhere. */
export interface Batches {
  at(step: number): Pick<Batch, 'ids' | 'targets' | 'weights'>;
  /** Windows of a whole pass over the stream. */
  windows: number;
}

/**
 * Reads a stream in windows, each once in a pass and in another order in every pass. Passes begin at other tokens, so that windows are cut
 * elsewhere; what does not fill a window at the ends is left out of that pass.
 *
 * @throws DataError for a stream shorter than two windows
 */
export function readInWindows(
  { ids, weights, aligned }: TokenStream,
  { batch, context, seed }: Reading,
): Batches {
  const windows = Math.floor((ids.length - (aligned ? 1 : context)) / context);
  if (windows < 1)
    throw new DataError(
      `${ids.length} tokens are too few for a context of ${context}: give at least ${2 * context}, or a smaller context.`,
    );
  let order: { pass: number; begins: Uint32Array } | undefined;
  return { windows, at };

  function at(step: number) {
    const rows = batch * context;
    const made = {
      ids: new Int32Array(rows),
      targets: new Int32Array(rows),
      weights: new Float32Array(rows),
    };
    for (let b = 0; b < batch; b++) {
      const begin = beginOf(step * batch + b);
      made.ids.set(ids.subarray(begin, begin + context), b * context);
      made.targets.set(ids.subarray(begin + 1, begin + context + 1), b * context);
      made.weights.set(weights.subarray(begin + 1, begin + context + 1), b * context);
    }
    const sum = made.weights.reduce((total, weight) => total + weight, 0);
    if (sum > 0) for (let i = 0; i < rows; i++) made.weights[i]! /= sum;
    return made;
  }

  function beginOf(window: number): number {
    const pass = Math.floor(window / windows);
    if (order?.pass !== pass) order = { pass, begins: orderOf(pass) };
    return order.begins[window % windows]!;
  }

  function orderOf(pass: number): Uint32Array {
    const uniform = seededUniform(seed * 1_000_003 + pass + 1);
    const shift = aligned ? 0 : Math.floor(uniform() * (ids.length - windows * context));
    const begins = Array.from({ length: windows }, (_, i) => shift + i * context);
    return Uint32Array.from(shuffler(uniform)(begins));
  }
}
