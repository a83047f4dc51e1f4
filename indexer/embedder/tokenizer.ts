/** Cuts texts into the pieces of a fixed vocabulary. */
export interface Tokenizer {
  /** Ids are 0 … pieceCount − 1. */
  readonly pieceCount: number;
  /** The piece ids of a text; 0 stands for a run of characters that no piece has. */
  encode(text: string): Int32Array;
  /** The piece of an id; "▁" is a space. */
  piece(id: number): string;
}

/** A piece with the log of its probability, as `vocab.json` has them. */
export type ScoredPiece = readonly [piece: string, score: number];

const SPACE = '▁';
const LINE_SPACE = /[\t\n\v\f\r]+/g;
/** Ids below this are marks, which no text contains. */
const RESERVED = 6;
const UNKNOWN = 0;

/**
 * A SentencePiece unigram tokenizer (Kudo 2018): the segmentation of highest total score, by Viterbi's algorithm.
 *
 * It gives the ids of the tokenizer in `@energetic-ai/embeddings`, whose rules for ties and for positions that no piece
 * ends at are not those of SentencePiece itself: the vectors were made for these ids. Tabs and line feeds are spaces, as
 * for SentencePiece; the other one has no pieces for them.
 */
export function unigramTokenizer(vocabulary: readonly ScoredPiece[]): Tokenizer {
  const trie = buildTrie(vocabulary);
  return {
    pieceCount: vocabulary.length,
    piece: (id) => vocabulary[id]![0],
    encode(text) {
      const normal = text.normalize('NFKC').replace(LINE_SPACE, ' ');
      if (normal === '') return new Int32Array(0);
      return mergeUnknown(segment(codePoints(SPACE + normal.replaceAll(' ', SPACE)), trie));
    },
  };
}

/** Pieces as a table of transitions: `next[node · classes + class]` is a node, 0 where there is none. */
interface Trie {
  classOf: Map<number, number>;
  classes: number;
  next: Uint16Array;
  /** The piece that ends at a node, or −1. */
  ends: Int32Array;
  scores: Float64Array;
  lengths: Int32Array;
}

const ROOT = 1;

function buildTrie(vocabulary: readonly ScoredPiece[]): Trie {
  const pieces = vocabulary.map(([piece]) => codePoints(piece));
  const classOf = new Map<number, number>();
  let characters = 0;
  for (const points of pieces.slice(RESERVED)) {
    characters += points.length;
    for (const point of points) if (!classOf.has(point)) classOf.set(point, classOf.size);
  }
  const classes = classOf.size;
  const next = new Uint16Array((characters + 2) * classes);
  const ends = new Int32Array(characters + 2).fill(-1);
  let nodes = ROOT + 1;
  for (let id = RESERVED; id < pieces.length; id++) {
    let node = ROOT;
    for (const point of pieces[id]!) {
      const at = node * classes + classOf.get(point)!;
      if (next[at] === 0) next[at] = nodes++;
      node = next[at]!;
    }
    ends[node] = id;
  }
  if (nodes > 0xffff) throw new RangeError(`A vocabulary of ${nodes} prefixes is more than 65,535.`);
  return {
    classOf,
    classes,
    next: next.slice(0, nodes * classes),
    ends: ends.slice(0, nodes),
    scores: Float64Array.from(vocabulary, ([, score]) => score),
    lengths: Int32Array.from(pieces, (points) => points.length),
  };
}

/** The best segmentation, last piece first. */
function segment(points: Int32Array, trie: Trie): number[] {
  const { classOf, classes, next, ends, scores, lengths } = trie;
  const classAt = Int32Array.from(points, (point) => classOf.get(point) ?? -1);
  // best[e] is the score of the best segmentation up to e; 0 also means that no piece ends at e.
  const best = new Float64Array(points.length + 1);
  const piece = new Int32Array(points.length + 1);
  for (let start = 0; start < points.length; start++) {
    let matched = false;
    let node = ROOT;
    for (let end = start; end < points.length && classAt[end]! >= 0; end++) {
      node = next[node * classes + classAt[end]!]!;
      if (node === 0) break;
      const id = ends[node]!;
      if (id < 0) continue;
      matched = true;
      offer(end + 1, id, scores[id]! + best[start]!);
    }
    if (!matched) offer(start + 1, UNKNOWN, best[start]!);
  }
  const backwards: number[] = [];
  for (let end = points.length; end > 0; end -= lengths[piece[end]!]!) backwards.push(piece[end]!);
  return backwards;

  function offer(end: number, id: number, score: number): void {
    if (best[end] !== 0 && score < best[end]!) return;
    best[end] = score;
    piece[end] = id;
  }
}

/** Turns the pieces round and makes one of each run of unknown ones. */
function mergeUnknown(backwards: readonly number[]): Int32Array {
  const kept = backwards.filter((id, i) => id !== UNKNOWN || backwards[i - 1] !== UNKNOWN);
  return Int32Array.from(kept.reverse());
}

function codePoints(text: string): Int32Array {
  return Int32Array.from(text as Iterable<string>, (character) => character.codePointAt(0)!);
}
