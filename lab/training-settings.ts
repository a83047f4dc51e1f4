import { z } from 'zod';
import { DIGIT_POSITIONS } from './config.js';

/** How a model is trained. */
export const trainingSettingsSchema = z.strictObject({
  steps: z.number().int().min(1),
  /** Texts of `context` tokens a step. */
  batch: z.number().int().min(1).default(16),
  learningRate: z.number().positive().default(2e-3),
  /** Steps in which the learning rate rises; a twentieth of all where it is left out. */
  warmup: z.number().int().min(0).optional(),
  decay: z.number().min(0).default(0.1),
  clip: z.number().positive().default(1),
  seed: z.number().int().default(1),
  /** α of the noise U(−1, 1)·α/√(L·d) on the embeddings (NEFTune, Jain et al. 2023, arXiv 2310.05914, algorithm 1). */
  noise: z.number().min(0).default(0),
  /** Digits' places begin at most so far on, in Abacus embeddings: for numbers that much longer (McLeish et al. 2024, arXiv 2405.17399). */
  offset: z
    .number()
    .int()
    .min(0)
    .max(DIGIT_POSITIONS - 2)
    .default(99),
  /** Mean runs of a recurrent core; those of a step are drawn around it. */
  runs: z.number().int().min(1).default(8),
  /** The last of them that are differentiated. */
  differentiated: z.number().int().min(1).default(8),
  /** Keys that a token attends to once the model is trained, the best; all where it is left out (Synk et al. 2025, arXiv 2502.06766). */
  topKeys: z.number().int().min(1).optional(),
});

export type TrainingSettings = z.output<typeof trainingSettingsSchema>;
