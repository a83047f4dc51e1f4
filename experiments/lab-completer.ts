import { type LabModel, openGenerator } from '../lab/index.js';
import type { Completer } from '../study/index.js';

/**
 * Opens a model of the lab as a completer of texts that are known beforehand, so that they are continued many at a time.
 *
 * @param count tokens at the end of each text that are to be completed
 */
export async function openLabCompleter(
  model: LabModel,
  texts: readonly string[],
  count: number,
): Promise<Completer> {
  const { tokenizer } = model;
  const ids = await tokenizer.encode(texts);
  const long = ids.flatMap((all, i) => (all.length >= 2 * count ? [{ text: texts[i]!, all }] : []));
  const generator = await openGenerator(model);
  const prefixes = long.map(({ all }) => all.subarray(0, -count));
  const made = await generator.continue(prefixes, { tokens: count, stops: false });
  await generator.close();
  const words = (of: Int32Array) => Array.from(of, String);
  const known = new Map(
    long.map(({ text, all }, i) => [text, { target: words(all.subarray(-count)), made: words(made[i]!) }]),
  );
  return {
    ...{ settings: { lab: true, count }, unit: 'tokens', parallel: 1 },
    // A prefix is its text, by which what was made of it is known.
    split(text) {
      const found = known.get(text);
      return found ? { prefix: text, target: found.target } : null;
    },
    complete: async (prefix) => known.get(prefix)!.made,
    close: async () => {},
  };
}
