/**
 * Deals texts into batches of texts of like length, shortest first.
 *
 * @param lengths tokens of each text
 * @param budget tokens of a batch at most, padding counted; a longer text is a batch of its own
 * @returns text numbers
 */
export function tokenBatches(lengths: readonly number[], budget: number): number[][] {
  const order = [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]!);
  const batches: number[][] = [];
  for (const text of order) {
    const last = batches.at(-1);
    if (last && (last.length + 1) * lengths[text]! <= budget) last.push(text);
    else batches.push([text]);
  }
  return batches;
}
