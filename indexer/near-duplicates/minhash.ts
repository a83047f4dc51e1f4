import { randomInt, randomLcg } from 'd3';
import { mix } from './shingles.js';

/** Numbers in a signature. */
export const PERMUTATIONS = 128;

/** Turns a set of 32-bit hashes into its signature, `(PERMUTATIONS)`. */
export type MinHash = (set: Uint32Array) => Uint32Array;

/**
 * MinHash (Broder 1997): of each of 128 seeded permutations of the 32-bit integers, the least value in the set. Two
 * signatures agree at a place with the probability of the sets' Jaccard index.
 */
export function openMinHash(seed: number): MinHash {
  const draw = randomInt.source(randomLcg(seed))(0, 2 ** 32);
  const offsets = Uint32Array.from({ length: PERMUTATIONS }, draw);
  // Odd factors keep the product a permutation.
  const factors = Uint32Array.from({ length: PERMUTATIONS }, () => draw() | 1);
  return (set) => {
    const signature = new Uint32Array(PERMUTATIONS).fill(0xffffffff);
    for (const element of set) {
      for (let p = 0; p < PERMUTATIONS; p++) {
        const value = mix(Math.imul(element ^ offsets[p]!, factors[p]!));
        if (value < signature[p]!) signature[p] = value;
      }
    }
    return signature;
  };
}

/** The share of places at which two signatures agree: an estimate of the Jaccard index J, standard error √(J(1 − J)/128). */
export function agreement(a: Uint32Array, b: Uint32Array): number {
  let equal = 0;
  for (let p = 0; p < PERMUTATIONS; p++) if (a[p]! === b[p]!) equal++;
  return equal / PERMUTATIONS;
}
