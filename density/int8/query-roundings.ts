import { randomLcg } from 'd3';
import { LARGEST } from './quantise.js';
import { ROUNDINGS } from './stretch.js';

/** uint8 that stands for 0: the product of unsigned by signed bytes is the one that x86 has instructions for. */
export const ZERO_POINT = 128;

/** Queries as uint8, rounded `ROUNDINGS` times over. */
export interface QueryRoundings {
  count: number;
  /** A query is this times (its integers − `ZERO_POINT`), the same for all. */
  scale: number;
  /** `(queries, dims)` row-major, one for each rounding. */
  integers: Uint8Array[];
}

/**
 * Rounds queries to uint8 as ⌊q/scale + (uⱼ + k/ROUNDINGS) mod 1⌋ for k from 0, uⱼ uniform and seeded: each rounding is stochastic, and as
 * they are evenly spaced their mean is right to 1/ROUNDINGS of a step. A single rounding's error would be common to all points, and
 * no number of points would average it out.
 *
 * @param queries `(queries, dims)` row-major
 * @param scale of all queries, at least max |q| / `LARGEST`
 */
export function roundQueries(
  queries: Float32Array,
  dims: number,
  scale: number,
  seed: number,
): QueryRoundings {
  const steps = queries.map((x) => x / scale + ZERO_POINT);
  const random = randomLcg(seed);
  const phases = Float32Array.from({ length: dims }, random);
  const integers = Array.from({ length: ROUNDINGS }, (_, k) => {
    const offsets = phases.map((u) => (u + k / ROUNDINGS) % 1);
    return floorOfSums(steps, offsets);
  });
  return { count: queries.length / dims, scale, integers };
}

/** ⌊steps + offsets⌋ of numbers that are not negative, the offsets again for every row. */
function floorOfSums(steps: Float32Array, offsets: Float32Array): Uint8Array {
  const floors = new Uint8Array(steps.length);
  for (let from = 0; from < steps.length; from += offsets.length) {
    for (let j = 0; j < offsets.length; j++) floors[from + j] = (steps[from + j]! + offsets[j]!) | 0;
  }
  return floors;
}

/** The scale at which the largest magnitude of all queries is `LARGEST`. */
export function commonScale(queries: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < queries.length; i++) largest = Math.max(largest, Math.abs(queries[i]!));
  return largest > 0 ? largest / LARGEST : 1;
}
