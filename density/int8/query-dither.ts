import { seededUniform } from '../seeded.js';
import { ROUNDINGS } from './stretch.js';

/**
 * What is added to queries before they are rounded to the nearest, `ROUNDINGS` times `(dims)`, each number uniform on [−½, ½): for every dim
 * evenly spaced over the roundings from a seeded phase.
 */
export function queryDithers(dims: number, seed: number): Float32Array[] {
  // Not the numbers that points are rounded with.
  const phases = Float32Array.from({ length: dims }, seededUniform(seed + 0.5));
  return Array.from({ length: ROUNDINGS }, (_, k) => phases.map((u) => ((u + k / ROUNDINGS) % 1) - 0.5));
}
