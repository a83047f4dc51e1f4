import { UsageError } from '../store/index.js';
import { breaksOf } from './breaks.js';
import { type Span, trimmed } from './sentences.js';

/** How a text is cut into windows of tokens. */
export interface TokenWindows {
  by: 'tokens';
  /** A window has at most this many tokens, counted as a text of its own. */
  tokens: number;
  /** Tokens that a window shares with the one before, to within a word: 0 … tokens − 1. */
  overlap: number;
}

/** Parts of a text that are not cut, in order, and how many tokens they have one by one. */
interface Units {
  starts: number[];
  ends: number[];
  /** Tokens of all units before the i-th, each counted alone: a guess at what they have together. */
  before: number[];
}

const words = new Intl.Segmenter('en', { granularity: 'word' });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A word longer than this is cut between graphemes whatever its tokens, characters: counting it may be slow. */
const LONGEST_WORD = 1024;
/** Guesses by proportion before the search goes on by doubling and halving. */
const GUESSES = 6;

/**
 * Cuts a text into windows of at most `tokens` tokens, as full as whole words let them be, in which every character but
 * white space is. A word longer than a window is cut between graphemes, a grapheme longer than that between code points;
 * a code point of more tokens still is a window by itself.
 *
 * The time is linear in the text, and grows with tokens/(tokens − overlap).
 *
 * @param countTokens tokens of a text of its own
 * @throws UsageError where `tokens` is not a whole number from 1 or `overlap` not one from 0 to tokens − 1
 */
export function tokenWindows(
  text: string,
  { tokens, overlap }: TokenWindows,
  countTokens: (text: string) => number,
): Span[] {
  if (!(Number.isInteger(tokens) && tokens >= 1))
    throw new UsageError(`Chunks of ${tokens} tokens: tokens must be a whole number of at least 1.`);
  if (!(Number.isInteger(overlap) && overlap >= 0 && overlap < tokens)) {
    throw new UsageError(
      `Chunks of ${tokens} tokens that share ${overlap}: overlap must be a whole number from 0 to ${tokens - 1}.`,
    );
  }
  const units = unitsOf(text, tokens, countTokens);
  const { starts, ends, before } = units;
  const count = (first: number, last: number) => countTokens(text.slice(starts[first], ends[last]));
  /** The largest k below `size` for which the units that it stands for, first and last included, fit into `limit`. */
  const largest = (size: number, limit: number, unitsFor: (k: number) => [first: number, last: number]) =>
    lastFitting(size, limit, {
      count: (k) => count(...unitsFor(k)),
      guess: (k) => {
        const [first, last] = unitsFor(k);
        return before[last + 1]! - before[first]!;
      },
    });
  const windows: Span[] = [];
  let first = 0;
  let last = -1;
  while (last < starts.length - 1) {
    const [from, next] = [first, last + 1];
    last = next + largest(starts.length - next, tokens, (k) => [from, next + k]);
    windows.push({ start: starts[from]!, end: ends[last]! });
    first = nextStart(from, last);
  }
  return windows;

  /** The first unit of the next window: of this one's end what fits into `overlap`, if one more unit then fits. */
  function nextStart(from: number, end: number): number {
    const next = end + 1;
    if (from === end || next >= starts.length) return next;
    if (count(end, end) > overlap || count(end, next) > tokens) return next;
    // Never the first unit too: the next window must begin behind this one's beginning.
    const shared = largest(end - from, overlap, (k) => [end - k, end]);
    if (count(end - shared, next) <= tokens) return end - shared;
    return end - largest(shared, tokens, (k) => [end - k, next]);
  }
}

/** What `lastFitting` asks about a k. */
interface Measures {
  count(k: number): number;
  /** A rough count, rising with k, which tells where to look. */
  guess(k: number): number;
}

/** A k below `size` with `count(k) ≤ limit`, where k + 1 has more or is `size`; 0 fits by agreement. */
function lastFitting(size: number, limit: number, { count, guess }: Measures): number {
  let [low, high] = [0, size];
  let wanted = limit;
  for (let step = 0; high - low > 1; step++) {
    const k = step < GUESSES ? nearest() : further(2 ** (step - GUESSES));
    const found = count(k);
    if (found <= limit) low = k;
    else high = k;
    // What is left of the limit, in the guess's measure, of which k had so much for `found` tokens.
    wanted = guess(k) + ((limit - found) * Math.max(1, guess(k))) / Math.max(1, found);
  }
  return low;

  /** The last k between low and high whose guess is not above what is wanted, or low + 1. */
  function nearest(): number {
    let [below, above] = [low + 1, high];
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      if (guess(middle) <= wanted) below = middle;
      else above = middle;
    }
    return below;
  }

  /** The middle, or where no end is known a step on: the middle of the whole text would be counted for every window. */
  function further(stride: number): number {
    return high === size ? Math.min(high - 1, low + stride) : Math.floor((low + high) / 2);
  }
}

/** The words of a text, and the graphemes or code points of words of more than `tokens` tokens. */
function unitsOf(text: string, tokens: number, countTokens: (text: string) => number): Units {
  const units: Units = { starts: [], ends: [], before: [0] };
  const known = new Map<string, number>();
  addAll(0, breaksOf(text, words), (start, end) => {
    const word = text.slice(start, end);
    if (add(start, end, LONGEST_WORD)) return;
    addAll(start, breaksOf(word, graphemes), (from, to) => {
      if (!add(from, to, LONGEST_WORD)) addAll(from, codePointEnds(text.slice(from, to)), add);
    });
  });
  return units;

  /** Hands on what is between breaks, which are relative to `offset`, without its white space. */
  function addAll(
    offset: number,
    breaks: Iterable<number>,
    each: (start: number, end: number) => unknown,
  ): void {
    let start = offset;
    for (const relative of breaks) {
      const span = trimmed(text, start, offset + relative);
      if (span) each(span.start, span.end);
      start = offset + relative;
    }
  }

  /** Adds a unit; where it is longer than `longest` or has too many tokens, only says so. */
  function add(start: number, end: number, longest = 0): boolean {
    const unit = text.slice(start, end);
    if (longest > 0 && unit.length > longest) return false;
    const count = known.get(unit) ?? countTokens(unit);
    known.set(unit, count);
    if (longest > 0 && count > tokens) return false;
    units.starts.push(start);
    units.ends.push(end);
    units.before.push(units.before.at(-1)! + Math.max(1, count));
    return true;
  }
}

function* codePointEnds(text: string): Generator<number> {
  let end = 0;
  for (const character of text) {
    end += character.length;
    yield end;
  }
}
