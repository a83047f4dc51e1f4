import { randomLcg } from 'd3';

/**
 * One of many generators of one seed, far from the others (the finaliser of MurmurHash3).
 *
 * @param seed an integer
 * @param stream an integer
 * @returns gives numbers from 0 up to 1
 */
export function randomStream(seed: number, stream: number): () => number {
  let hash = Math.imul(seed ^ Math.imul(stream + 1, 0x9e3779b9), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return randomLcg((hash ^ (hash >>> 16)) >>> 0);
}
