import { randomLcg } from 'd3';

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Uniform numbers on [0, 1) from an integer seed. The generator's first numbers grow with its seed, so seeds are spread first. */
export function seededUniform(seed: number): () => number {
  const random = randomLcg(Math.abs(seed * GOLDEN) % 1);
  random();
  return random;
}
