/**
 * A word: a run of letters, marks and digits; a character by itself in scripts that put no space between words.
 */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{M}\p{N}]+/gu;

/**
 * The set of a text's shingles, runs of `size` words in lower case, as 32-bit hashes in ascending order: Broder's (1997)
 * resemblance of two texts is the Jaccard index of these sets. A text of fewer words has them all for its one shingle, a
 * text without words none.
 */
export function shinglesOf(text: string, size: number): Uint32Array {
  const words = Array.from(text.toLowerCase().matchAll(WORD), ([word]) => hashOf(word));
  if (words.length === 0) return new Uint32Array(0);
  const shingles = Uint32Array.from({ length: Math.max(1, words.length - size + 1) }, (_, first) => {
    let hash = 0;
    for (let i = first; i < Math.min(first + size, words.length); i++)
      hash = mix(Math.imul(hash, 31) ^ words[i]!);
    return hash;
  }).sort();
  return shingles.filter((shingle, i) => i === 0 || shingle !== shingles[i - 1]);
}

/** The Jaccard index |A ∩ B| / |A ∪ B| of two sets in ascending order; 0 for two empty sets. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]! === b[j]!) shared++;
    const [before, after] = [a[i]! <= b[j]!, b[j]! <= a[i]!];
    if (before) i++;
    if (after) j++;
  }
  return shared / Math.max(1, a.length + b.length - shared);
}

/** A permutation of the 32-bit integers in which every bit depends on every other (MurmurHash3's finaliser). */
export function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** FNV-1a over UTF-16 code units. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
