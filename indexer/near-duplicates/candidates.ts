import { agreement, PERMUTATIONS } from './minhash.js';
import { mix } from './shingles.js';

/** How a signature is cut into bands: texts that agree in all rows of a band are compared. */
export interface Bands {
  bands: number;
  rows: number;
}

/** Share of the pairs at the threshold that the bands must bring together. */
const RECALL = 0.99;
/** Standard errors that a signature's estimate may be below the threshold. */
const MARGIN = 4;

/**
 * The bands of most rows, and so with the fewest needless comparisons, that bring together at least 99% of the pairs at a
 * Jaccard index: 1 − (1 − J^rows)^bands of them (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, §3.4).
 */
export function bandsFor(threshold: number): Bands {
  for (let rows = PERMUTATIONS; rows > 1; rows--) {
    const bands = Math.floor(PERMUTATIONS / rows);
    if (1 - (1 - threshold ** rows) ** bands >= RECALL) return { bands, rows };
  }
  return { bands: PERMUTATIONS, rows: 1 };
}

/**
 * Pairs of texts that may reach the threshold by their signatures: for each text that has any, the ones before it. Of
 * texts of one signature only the first is compared with others, so that many copies of a text are no burden.
 *
 * @param signatures of every text, undefined for one that is like no other
 */
export function candidatePairs(
  signatures: readonly (Uint32Array | undefined)[],
  threshold: number,
): Map<number, number[]> {
  const pairs = new Map<number, number[]>();
  const least = threshold - MARGIN * Math.sqrt((threshold * (1 - threshold)) / PERMUTATIONS);
  const alone = withoutCopies(signatures, pairs);
  const { bands, rows } = bandsFor(threshold);
  const before = new Int32Array(signatures.length);
  for (let band = 0; band < bands; band++) {
    const last = new Map<number, number>();
    alone.forEach((signature, text) => {
      if (!signature) return;
      const key = keyOf(signature, band * rows, rows);
      before[text] = last.get(key) ?? -1;
      last.set(key, text);
      for (let other = before[text]!; other >= 0; other = before[other]!) {
        const known = alone[other]!;
        if (metBefore(signature, known, band * rows, rows) || agreement(signature, known) < least) continue;
        pairs.set(text, [...(pairs.get(text) ?? []), other]);
      }
    });
  }
  return pairs;
}

/** The signatures without those that were there before; a text with one of those makes a pair with the first. */
function withoutCopies(
  signatures: readonly (Uint32Array | undefined)[],
  pairs: Map<number, number[]>,
): (Uint32Array | undefined)[] {
  const last = new Map<number, number>();
  return signatures.map((signature, text) => {
    if (!signature) return undefined;
    const key = keyOf(signature, 0, PERMUTATIONS);
    const first = last.get(key);
    if (first !== undefined && agreement(signature, signatures[first]!) === 1) {
      pairs.set(text, [first]);
      return undefined;
    }
    last.set(key, text);
    return signature;
  });
}

/** Whether two signatures agree in a band before the one that begins at `end`: then they have been compared. */
function metBefore(a: Uint32Array, b: Uint32Array, end: number, rows: number): boolean {
  for (let start = 0; start < end; start += rows) {
    let row = 0;
    while (row < rows && a[start + row] === b[start + row]) row++;
    if (row === rows) return true;
  }
  return false;
}

function keyOf(signature: Uint32Array, start: number, rows: number): number {
  let key = 0;
  for (let row = 0; row < rows; row++) key = mix(Math.imul(key, 31) ^ signature[start + row]!);
  return key;
}
