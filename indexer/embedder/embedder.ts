import type { EmbedderChoice } from './embedder-choice.js';

/** Whether a text is asked about or is training data: some models put a prefix of their own before each. */
export type TextRole = 'query' | 'passage';

/** What some models want before a text: E5's `query: ` and `passage: `, say. */
export interface Prefixes {
  query: string;
  passage: string;
}

/** Embedded texts. */
export interface Embedded {
  /** `(texts, dims)` row-major unit vectors, in the order given. */
  vectors: Float32Array;
  /** Tokens that the model looked at, those of the prefixes included. */
  tokens: number;
}

/** Turns texts into unit vectors. */
export interface Embedder {
  readonly name: string;
  readonly dims: number;
  /** Tokens of a text behind this many are not looked at. */
  readonly maxTokens: number;
  /** A hash of all that the vectors depend on: vectors of different fingerprints are never compared. */
  readonly fingerprint: string;
  /** What opens it again, without credentials; absent where its vectors are made elsewhere. */
  readonly choice?: EmbedderChoice;
  /** How many calls of `embed` are worth having under way at once. */
  readonly parallel: number;
  /**
   * Embeds texts. A text has the same vector whatever texts it is embedded with, to within float32 rounding; the same
   * texts together have the same vectors to the bit.
   *
   * @param role default `passage`
   * @throws DataError for an empty text, naming its index
   */
  embed(texts: readonly string[], role?: TextRole): Promise<Embedded>;
  /** Tokens of a text, without the marks that the model puts around it. */
  countTokens(text: string): number;
  /** Share of the time since the first call in which it had nothing to do, where it is measured. */
  waiting?(): number;
  close(): Promise<void>;
}
