import { DataError } from '../../store/index.js';

/** The value after the last token of a document: below every token id, so that shorter windows sort first. */
export const END_MARK = -1;

/** Training tokens as one array, and where its n-gram windows start in lexicographic order. */
export interface SortedWindows {
  /** Per document: the begin mark (id `vocabularySize`), its tokens, `END_MARK`. Padded with `END_MARK`. */
  stream: Int32Array;
  /** Positions in `stream` of every begin mark and token, ordered by the `order` values that follow. */
  starts: Int32Array;
  /** Tokens in all documents, marks not counted. */
  tokens: number;
}

/**
 * Joins the documents into one stream and sorts its windows of `order` values (radix sort, last value first:
 * O(tokens · order)). Documents without tokens are left out.
 * Throws RangeError for an id outside 0..vocabularySize−1, DataError where no document has a token.
 */
export function sortWindows(
  documents: readonly Int32Array[],
  order: number,
  vocabularySize: number,
): SortedWindows {
  const written = documents.filter((document) => document.length > 0);
  const tokens = written.reduce((sum, document) => sum + document.length, 0);
  if (tokens === 0) {
    const held =
      documents.length === 0 ? 'there are no documents' : `all ${documents.length} documents are empty`;
    throw new DataError(
      `the n-gram model has no tokens to train on: ${held}; check the corpus and its filters`,
    );
  }
  for (const [index, document] of documents.entries()) {
    requireTokens(document, vocabularySize, `document ${index}, `);
  }

  const stream = new Int32Array(tokens + 2 * written.length + order).fill(END_MARK);
  let starts = new Int32Array(tokens + written.length);
  let position = 0;
  let windows = 0;
  for (const document of written) {
    stream[position] = vocabularySize;
    stream.set(document, position + 1);
    for (let i = 0; i <= document.length; i++) starts[windows++] = position + i;
    position += document.length + 2;
  }

  let spare = new Int32Array(starts.length);
  const ends = new Int32Array(vocabularySize + 2);
  for (let offset = order - 1; offset >= 0; offset--) {
    sortByValueAt(offset, stream, starts, spare, ends);
    [starts, spare] = [spare, starts];
  }
  return { stream, starts, tokens };
}

/** One stable counting sort of `from` into `to` by the stream's value `offset` after each position. */
function sortByValueAt(
  offset: number,
  stream: Int32Array,
  from: Int32Array,
  to: Int32Array,
  bins: Int32Array,
): void {
  bins.fill(0);
  for (let i = 0; i < from.length; i++) bins[stream[from[i]! + offset]! - END_MARK]!++;
  for (let bin = 0, sum = 0; bin < bins.length; bin++) {
    const size = bins[bin]!;
    bins[bin] = sum;
    sum += size;
  }
  for (let i = 0; i < from.length; i++) to[bins[stream[from[i]! + offset]! - END_MARK]!++] = from[i]!;
}

/** Throws RangeError with the position and value of the first id that is not a whole number in 0..size−1. */
export function requireTokens(tokens: ArrayLike<number>, size: number, where = ''): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (!(token >= 0 && token < size && Number.isInteger(token))) {
      throw new RangeError(
        `${where}position ${i}: token ${token} is not one of 0 to ${size - 1}; the text needs the tokenizer of the model`,
      );
    }
  }
}
