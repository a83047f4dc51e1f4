/**
 * The share of word n-grams that two lists of words have in common: the size of the multiset intersection over the
 * number of n-grams of the shorter list, in [0, 1]. Lists shorter than `n` words are compared by n-grams of the
 * shorter one's length; an empty list shares nothing. Throws RangeError when `n` is not a positive integer.
 */
export function ngramOverlap(a: readonly string[], b: readonly string[], n = 4): number {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`n must be a positive integer, not ${n}`);
  const size = Math.min(n, a.length, b.length);
  if (size === 0) return 0;
  const counts = new Map<string, number>();
  for (const gram of ngrams(a, size)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  let common = 0;
  for (const gram of ngrams(b, size)) {
    const left = counts.get(gram) ?? 0;
    if (left === 0) continue;
    counts.set(gram, left - 1);
    common++;
  }
  return common / (Math.min(a.length, b.length) - size + 1);
}

function* ngrams(words: readonly string[], n: number): Generator<string> {
  for (let i = 0; i + n <= words.length; i++) yield words.slice(i, i + n).join(' ');
}
