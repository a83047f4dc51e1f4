import { z } from 'zod';
import { type EndpointParaphraser, openEndpointSource } from './endpoint-source.js';
import { openFileSource } from './file-source.js';
import { openParaphraser, type ParaphraseSource } from './paraphraser.js';

/** Where paraphrases are to come from, as a study file says it. */
export const paraphraserSettings = z.union([
  z.literal('builtin'),
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({
    url: z.url({ protocol: /^https?$/, error: 'give the endpoint as http://host:port/v1' }),
    model: z.string().min(1),
    key_env: z.string().min(1).optional(),
    /** Rewordings that a request asks for, of which some are chosen at random. */
    listed: z.number().int().min(2).max(50).default(10),
  }),
]);
export type ParaphraserSettings = z.infer<typeof paraphraserSettings>;

/**
 * Opens a source of paraphrases.
 *
 * @param base the folder that a file is named relative to
 * @throws UsageError for a file or endpoint that is none
 */
export async function openParaphraseSource(
  settings: ParaphraserSettings,
  base: string,
): Promise<ParaphraseSource> {
  if (settings === 'builtin') {
    const { paraphrase } = await openParaphraser();
    return {
      name: 'builtin: WordNet synonyms and rewrites',
      parallel: 1,
      paraphrase: async ({ text }, options) => paraphrase(text, options),
    };
  }
  if ('file' in settings) return openFileSource(settings.file, base);
  const { key_env: keyEnv, ...rest } = settings;
  const choice: EndpointParaphraser = { ...rest, keyEnv };
  return openEndpointSource(choice);
}
