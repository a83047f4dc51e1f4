import { wordsOf } from '../controls/words.js';

/** How often each word is in a text. */
export type WordCounts = ReadonlyMap<string, number>;

/** Counts the words of a text. */
export function countWords(text: string): WordCounts {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Weighs words by how rare they are among some texts: log((texts + 1) / (texts with the word + 1)) + ε, nats. */
export function rarityAmong(texts: Iterable<WordCounts>): (word: string) => number {
  const having = new Map<string, number>();
  let total = 0;
  for (const counts of texts) {
    total++;
    for (const word of counts.keys()) having.set(word, (having.get(word) ?? 0) + 1);
  }
  return (word) => Math.log((total + 1) / ((having.get(word) ?? 0) + 1)) + EVERYWHERE;
}

/** The weight of a word that is in every text, so that texts of such words alone still compare. */
const EVERYWHERE = 1e-3;

/**
 * The words that two texts share, as often as both have them, of all that either has, each weighed by its rarity: the
 * weighted Jaccard index, in [0, 1]; 0 for texts without words.
 */
export function wordOverlap(a: WordCounts, b: WordCounts, rarity: (word: string) => number): number {
  let [shared, all] = [0, 0];
  for (const [word, count] of a) {
    const other = b.get(word) ?? 0;
    shared += Math.min(count, other) * rarity(word);
    all += Math.max(count, other) * rarity(word);
  }
  for (const [word, count] of b) if (!a.has(word)) all += count * rarity(word);
  return all > 0 ? shared / all : 0;
}
