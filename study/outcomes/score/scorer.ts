import type { Covariate } from '../../../store/index.js';

/** A text to be scored, and what stands before it, which is not. Together they are one text. */
export interface ScoredText {
  context: string;
  text: string;
}

/** The loss of a text, and over what it is summed. */
export interface TextScore {
  /** Negative log likelihood in nats, summed over the tokens. */
  nll: number;
  tokens: number;
  /** UTF-8 bytes of the tokens that were scored. */
  bytes: number;
}

/** A language model that scores texts. */
export interface Scorer {
  name: 'ngram' | 'onnx' | 'endpoint';
  /** All that its scores depend on. */
  settings: Readonly<Record<string, unknown>>;
  covariates: Readonly<Record<string, Covariate>>;
  /** How many texts are to be under way at once. */
  parallel: number;
  /** @throws DataError where the model gives no loss */
  score(text: ScoredText): Promise<TextScore>;
  close(): Promise<void>;
}
