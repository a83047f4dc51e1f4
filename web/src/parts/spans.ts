/** A piece of a text, and whether another text has it too. */
export interface Piece {
  text: string;
  /** `words`: a word that both have; `span`: part of a run of at least five words that both have one after another. */
  shared: 'none' | 'words' | 'span';
}

/** Words in a row from which on they are a verbatim span. */
const SPAN_WORDS = 5;
/** Shorter words are in every text. */
const WORD_LETTERS = 4;

/** Cuts a text where what it shares with another begins and ends. */
export function sharedPieces(text: string, other: string): Piece[] {
  const tokens = text.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu) ?? [];
  const isWord = (token: string) => /^[\p{L}\p{N}]/u.test(token);
  const words = tokens.flatMap((token, at) => (isWord(token) ? [{ word: token.toLowerCase(), at }] : []));
  const theirs = (other.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase());
  const known = new Set(theirs);
  const grams = new Set(theirs.map((_, i) => theirs.slice(i, i + SPAN_WORDS).join(' ')));
  const inSpan = new Set<number>();
  for (let i = 0; i + SPAN_WORDS <= words.length; i++) {
    const gram = words.slice(i, i + SPAN_WORDS);
    if (!grams.has(gram.map(({ word }) => word).join(' '))) continue;
    for (let at = gram[0]!.at; at <= gram.at(-1)!.at; at++) inSpan.add(at);
  }
  const pieces: Piece[] = [];
  tokens.forEach((token, at) => {
    const isShared = isWord(token) && token.length >= WORD_LETTERS && known.has(token.toLowerCase());
    const shared = inSpan.has(at) ? 'span' : isShared ? 'words' : 'none';
    const last = pieces.at(-1);
    if (last?.shared === shared) last.text += token;
    else pieces.push({ text: token, shared });
  });
  return pieces;
}
