import { group, randomLcg, shuffler } from 'd3';
import type { Arm } from './arms.js';

/** The arm that a query (its id) was drawn for. */
export interface Assignment {
  query: number;
  arm: string;
  dose: number;
  block: string;
}

/**
 * Draws an arm for each query at random within its block, in the order of `queries`. Within a block of n queries an
 * arm of weight w (1 unless told) gets n·w/Σw of them, rounded down, and the queries left over go to different arms
 * drawn with chances in proportion to what the rounding took (systematic sampling, Madow 1949): so every arm is
 * within one query of its part of every block, and the chance that a query gets an arm is exactly the arm's part.
 * Throws RangeError without arms, on two of one name or a query listed twice, and on weights that are not positive
 * finite numbers.
 */
export function assignArms(
  queries: readonly { id: number; block: string }[],
  arms: readonly (Arm & { weight?: number })[],
  seed: number,
): Assignment[] {
  checkDesign(queries, arms);
  const random = randomFor(seed);
  const shuffle = shuffler(random);
  const blocks = group(queries, (query) => query.block);
  const drawn = new Map<number, Arm>();
  for (const members of blocks.values()) {
    const sizes = armSizes(members.length, arms, random, shuffle);
    const labels = shuffle(arms.flatMap((arm, i) => Array<Arm>(sizes[i]!).fill(arm)));
    members.forEach((query, i) => {
      drawn.set(query.id, labels[i]!);
    });
  }
  return queries.map(({ id, block }) => {
    const { name, dose } = drawn.get(id)!;
    return { query: id, arm: name, dose, block };
  });
}

/**
 * Draws whole documents whose queries nobody leaks: round(share · n) of the n different names in `documents`, at
 * least one and never all when 0 < share < 1 and n > 1. The draw does not depend on order or repeats. Throws
 * RangeError when `share` is not in [0, 1].
 */
export function drawUntouchedDocuments(
  documents: readonly string[],
  share: number,
  seed: number,
): Set<string> {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share must be from 0 to 1, not ${share}`);
  const names = [...new Set(documents)].sort();
  const inside = share > 0 && share < 1 && names.length > 1;
  const rounded = Math.round(share * names.length);
  const size = inside ? Math.min(Math.max(rounded, 1), names.length - 1) : rounded;
  return new Set(shuffler(randomFor(seed))(names).slice(0, size));
}

/** Blocks of at least this many queries for every arm, so that each has its part of them. */
const PER_ARM = 2;
const MOST_BLOCKS = 4;

/**
 * Blocks of queries that are alike: of one subject, and within it of like density before; a subject has up to four by density, as long as
 * each holds two queries for every arm.
 */
export function blocksOf(
  queries: readonly { id: number; subject: string; log10Density: number }[],
  arms: number,
): { id: number; block: string }[] {
  const block = new Map<number, string>();
  for (const [subject, members] of group(queries, (query) => query.subject)) {
    const count = Math.max(1, Math.min(MOST_BLOCKS, Math.floor(members.length / (PER_ARM * arms))));
    const ordered = [...members].sort((a, b) => a.log10Density - b.log10Density || a.id - b.id);
    ordered.forEach(({ id }, rank) => {
      block.set(id, `${subject}, density ${Math.floor((rank * count) / ordered.length) + 1} of ${count}`);
    });
  }
  return queries.map(({ id }) => ({ id, block: block.get(id)! }));
}

function checkDesign(queries: readonly { id: number }[], arms: readonly (Arm & { weight?: number })[]): void {
  if (arms.length === 0) throw new RangeError('an intervention needs at least one arm');
  const names = new Set(arms.map((arm) => arm.name));
  if (names.size < arms.length)
    throw new RangeError(`two arms have one name: ${arms.map((arm) => arm.name).join(', ')}`);
  for (const { name, weight = 1 } of arms) {
    if (!(weight > 0 && weight < Infinity))
      throw new RangeError(`arm ${name}: weight must be positive, not ${weight}`);
  }
  if (new Set(queries.map((query) => query.id)).size < queries.length)
    throw new RangeError('a query is listed twice');
}

/** How many of a block's `n` queries go to each arm; they add up to `n`. */
function armSizes(
  n: number,
  arms: readonly { weight?: number }[],
  random: () => number,
  shuffle: <T>(items: T[]) => T[],
): number[] {
  const total = arms.reduce((sum, arm) => sum + (arm.weight ?? 1), 0);
  const parts = arms.map((arm) => (n * (arm.weight ?? 1)) / total);
  // Parts such as 2.9999999996 are whole numbers but for rounding errors.
  const sizes = parts.map((part) => Math.floor(part + 1e-9));
  let left = n - sizes.reduce((sum, size) => sum + size, 0);
  // Points one apart on a line of the fractions, laid end to end in random order, hit `left` different arms.
  let at = -random();
  for (const arm of shuffle(arms.map((_, i) => i))) {
    const fraction = parts[arm]! - sizes[arm]!;
    if (fraction <= 1e-9) continue;
    at += fraction;
    if (at < 0 || left === 0) continue;
    sizes[arm]!++;
    at -= 1;
    left--;
  }
  // The last point may be missed by a rounding error.
  if (left > 0) sizes[parts.findIndex((part, i) => part > sizes[i]!)]! += left;
  return sizes;
}

/** Draws from [0, 1) by seed; the first is thrown away, as those of neighbouring seeds are nearly the same. */
function randomFor(seed: number): () => number {
  const random = randomLcg(seed);
  random();
  return random;
}
