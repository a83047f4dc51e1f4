import type { Covariate } from '../../store/index.js';

/** A loss that a model had at some point of its training, of some texts. */
export interface Checkpoint {
  /** Checkpoints of one run are resampled together. */
  run: string;
  params: number;
  /** Tokens seen; null where it is not known. */
  tokens: number | null;
  /** nats a token */
  loss: number;
  /** log10 density of the texts, in standard deviations from its mean; absent where the loss is of all of them. */
  density?: number;
  covariates: Record<string, Covariate>;
}
