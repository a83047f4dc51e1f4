import { z } from 'zod';
import { fitsHeads, modelConfigSchema, trainingSettingsSchema, WIDTH_RULE } from '../../lab/index.js';
import { name } from './study-names.js';

const { shape: model } = modelConfigSchema;
const { shape: training } = trainingSettingsSchema;

const fields = z.strictObject({
  scorer: z.literal('lab'),
  train: z.array(name).optional(),
  /** Tokens of the tokenizer, which is trained on the same texts. */
  vocabulary: z.number().int().min(257).default(2048),
  context: model.context,
  width: model.width.default(128),
  layers: model.layers.default(3),
  heads: model.heads,
  positions: z.enum(['rotary', 'learned', 'none']).default('rotary'),
  /** Blocks before, in and after a core that is run again and again, instead of `layers` (Geiping et al. 2025). */
  recurrence: z
    .strictObject({
      ...model.recurrence.unwrap().shape,
      runs: training.runs,
      differentiated: training.differentiated,
    })
    .optional(),
  /** Keys that a token attends to once the model is trained, the best (Synk et al. 2025). */
  top_keys: training.topKeys,
  steps: training.steps.default(600),
  batch: training.batch.default(32),
  learning_rate: training.learningRate,
  decay: training.decay,
  noise: training.noise,
  /** Of this run alone; the study's where it is left out. */
  seed: z.number().int().optional(),
  /** One token in k is read but not learned from (Hans et al. 2024). */
  goldfish: z
    .strictObject({ k: z.number().int().min(2), strategy: z.enum(['hashed', 'static']).default('hashed') })
    .optional(),
  /** How an intervention trains it on. */
  finetune: z
    .strictObject({
      passes: z.number().positive().default(2),
      learning_rate: z.number().positive().default(5e-4),
      /** Tokens of the training texts among those of the leaks, for each of these. */
      background: z.number().min(0).default(1),
    })
    .prefault({}),
});

/** A small language model that is trained here, as a study file says it. */
export const labRun = fields.refine(fitsHeads, WIDTH_RULE);

export type LabSettings = z.infer<typeof labRun>;
