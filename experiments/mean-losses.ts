import { mean } from 'd3';
import { type LabModel, openLossScorer } from '../lab/index.js';

/** The loss of a text. */
export interface TextLoss {
  /** Mean over its tokens, nats. */
  loss: number;
  tokens: number;
}

/** Losses of texts in a model of the lab. */
export async function meanLosses(model: LabModel, texts: readonly string[]): Promise<TextLoss[]> {
  const scorer = await openLossScorer(model);
  try {
    const losses = await scorer.losses(await model.tokenizer.encode(texts));
    return losses.map((one) => ({ loss: mean(one)!, tokens: one.length }));
  } finally {
    await scorer.close();
  }
}
