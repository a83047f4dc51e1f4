import { UsageError } from '../store/index.js';
import { type Span, sentencesOf, trimmed } from './sentences.js';
import { type TokenWindows, tokenWindows } from './token-windows.js';

/** How a document is cut into chunks. */
export type ChunkOptions = CharacterChunks | TokenWindows;

/** Chunks of sentences, of about so many characters. */
export interface CharacterChunks {
  /**
   * `sentences`: sentences, short ones joined with their neighbours; `passages`: consecutive sentences, as many as fit;
   * `document`: the whole text.
   */
  by: 'sentences' | 'passages' | 'document';
  /** A chunk is not shorter than this where its neighbours let it be longer, characters; default 40. */
  min?: number;
  /** A chunk is never longer than this, except a whole document, characters; default 400. */
  max?: number;
}

const MIN = 40;
const MAX = 400;

/**
 * Cuts a text into chunks, in order; together they hold every character but white space. Only windows of tokens overlap.
 *
 * @param countTokens tokens of a text of its own by the embedder's tokenizer, for windows of tokens
 * @throws UsageError where `max` is less than `min` or 1, or `overlap` is not from 0 to `tokens` − 1
 */
export function chunkText(text: string, options: CharacterChunks): Span[];
export function chunkText(text: string, options: ChunkOptions, countTokens: (text: string) => number): Span[];
export function chunkText(
  text: string,
  options: ChunkOptions,
  countTokens?: (text: string) => number,
): Span[] {
  if (options.by === 'tokens') {
    if (!countTokens) throw new UsageError('Chunks by tokens need a tokenizer to count them with.');
    return tokenWindows(text, options, countTokens);
  }
  const { by, max = MAX, min = Math.min(MIN, max) } = options;
  if (!(max >= 1 && max >= min))
    throw new UsageError(`Chunks of ${min} to ${max} characters: max must be at least 1 and at least min.`);
  if (by === 'document') {
    const whole = trimmed(text, 0, text.length);
    return whole ? [whole] : [];
  }
  const pieces = sentencesOf(text).flatMap((sentence) => splitLong(text, sentence, min, max));
  return joinShort(pieces, by === 'sentences' ? min : max, max);
}

/** Joins a chunk shorter than `wanted` with what follows, or else with what came before, where the two fit into `max`. */
function joinShort(pieces: readonly Span[], wanted: number, max: number): Span[] {
  const chunks: Span[] = [];
  const fits = (before: Span, after: Span) => after.end - before.start <= max;
  const isShort = ({ start, end }: Span) => end - start < wanted;
  for (const piece of pieces) {
    const last = chunks.at(-1);
    if (last && isShort(last) && fits(last, piece)) {
      last.end = piece.end;
      continue;
    }
    joinBack();
    chunks.push({ ...piece });
  }
  joinBack();
  return chunks;

  function joinBack(): void {
    const [before, last] = chunks.slice(-2);
    if (!before || !last || !isShort(last) || !fits(before, last)) return;
    before.end = last.end;
    chunks.pop();
  }
}

/** Cuts a sentence longer than `max`: behind the last clause that fits, else behind the last word, else anywhere. */
function splitLong(text: string, { start, end }: Span, min: number, max: number): Span[] {
  const parts: Span[] = [];
  let from = start;
  while (end - from > max) {
    // The last part is left `min` characters behind a space, unless that makes the one before it short.
    const spare = end - from - min - 1;
    const room = spare >= max / 2 ? Math.min(max, spare) : max;
    const cut = from + cutWithin(text.slice(from, from + room + 1), room);
    const part = trimmed(text, from, cut);
    if (part) parts.push(part);
    from = cut;
    while (from < end && /\s/.test(text[from]!)) from++;
  }
  const rest = trimmed(text, from, end);
  if (rest) parts.push(rest);
  return parts;
}

/** Where to cut the first `max` characters; `part` has one more, so that a cut before a space is seen. */
function cutWithin(part: string, max: number): number {
  const half = Math.floor(max / 2);
  const clause = lastMatch(part, /[;:,—–](?=\s)/g);
  if (clause >= half) return clause + 1;
  const word = lastMatch(part, /\s/g);
  if (word > 0) return word;
  const splitsPair = /[\uD800-\uDBFF]/.test(part[max - 1]!);
  return splitsPair && max > 1 ? max - 1 : max;
}

function lastMatch(part: string, pattern: RegExp): number {
  let last = -1;
  for (const { index } of part.matchAll(pattern)) last = index;
  return last;
}
