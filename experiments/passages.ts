import { shuffler } from 'd3';
import { seededUniform } from '../density/index.js';

/** A passage, and how often it stands in the training data. */
export interface Passage {
  key: string;
  text: string;
  copies: number;
}

/** Its tokens are to fit a context of 128, and to be at least 100. */
const CHARACTERS = 330;

/** Draws passages of about 330 characters, whole words, from texts, and deals them out to numbers of copies. */
export function drawPassages(
  texts: readonly string[],
  { copies, each, seed }: { copies: readonly number[]; each: number; seed: number },
): Passage[] {
  const drawn = shuffler(seededUniform(seed))(texts.flatMap(piecesOf)).slice(0, copies.length * each);
  return drawn.map((text, i) => ({ key: `passage-${i}`, text, copies: copies[i % copies.length]! }));
}

/** Pieces of whole words, of about 330 characters; what is left at the end is dropped. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const word of text.split(/\s+/)) {
    piece = piece === '' ? word : `${piece} ${word}`;
    if (piece.length < CHARACTERS) continue;
    pieces.push(piece);
    piece = '';
  }
  return pieces;
}
