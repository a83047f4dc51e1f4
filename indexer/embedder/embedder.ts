/** Turns texts into unit vectors. */
export interface Embedder {
  readonly name: string;
  readonly dims: number;
  /** Tokens of a text behind this many are not looked at. */
  readonly maxTokens: number;
  /** A hash of all that the vectors depend on: vectors of different fingerprints are never compared. */
  readonly fingerprint: string;
  /**
   * Embeds texts: `(texts, dims)` row-major unit vectors, in the order given. A text has the same vector whatever texts
   * it is embedded with, to within float32 rounding.
   *
   * @throws DataError for an empty text, naming its index
   */
  embed(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}
