import {
  type ModelConfig,
  modelConfigSchema,
  packTexts,
  trainingSettingsSchema,
  trainTokenizer,
} from '../../lab/index.js';
import type { Training } from '../../lab/train.js';

/** Texts with words to learn. */
export const TEXTS = Array.from(
  { length: 60 },
  (_, i) =>
    `The ${['cat', 'dog', 'owl'][i % 3]} of house ${i % 10} eats ${['fish', 'bread'][i % 2]} at ${i % 7} o’clock.`,
);

/** A training of seconds. */
export async function smallTraining(
  folder: string,
  { model = {}, settings = {} }: { model?: Partial<ModelConfig>; settings?: Record<string, number> } = {},
): Promise<Training> {
  const tokenizer = await trainTokenizer(TEXTS, 300);
  const config = modelConfigSchema.parse({
    ...{ vocabulary: tokenizer.size, context: 32, width: 32, layers: 2, heads: 2 },
    ...model,
  });
  const stream = packTexts((await tokenizer.encode(TEXTS)).map((ids) => ({ ids })));
  return {
    ...{ folder, config, tokenizer, stream },
    settings: trainingSettingsSchema.parse({ steps: 12, batch: 4, ...settings }),
  };
}
