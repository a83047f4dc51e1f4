import { group, randomLcg, shuffler } from 'd3';
import { requireFinite, requireSameLength, type Values } from './checks.js';
import { centre } from './orthogonal-design.js';

/** What to test: one value a row, whether the row was treated, and the block it was assigned in. */
export interface PermutationInput {
  values: Values;
  treated: readonly boolean[];
  /** Labels were assigned within blocks; all rows are one block if left out. */
  blocks?: readonly (string | number)[];
  /** How many random relabellings; 9999 unless said otherwise. */
  permutations?: number;
  seed: number;
}

/** The observed difference and the share of relabellings that reach it. */
export interface PermutationTest {
  /** Treated less control: each block's difference in means, weighted by its n_treated·n_control/n. */
  difference: number;
  /** Two-sided, (reached + 1) / (permutations + 1). */
  pValue: number;
  permutations: number;
}

/**
 * Tests a difference in means between treated and control rows by relabelling rows at random within their blocks.
 * p = (b + 1)/(m + 1), which is never 0 (Phipson & Smyth 2010); the same for the same seed.
 * Throws RangeError for values that are not finite, different lengths, or no block with both treated and control rows.
 */
export function permutationTest(input: PermutationInput): PermutationTest {
  const { values, treated, blocks, permutations = 9999, seed } = input;
  requireFinite('values', values);
  requireSameLength('values', values, 'treated', treated);
  if (blocks) requireSameLength('values', values, 'blocks', blocks);
  if (!Number.isInteger(permutations) || permutations < 1) {
    throw new RangeError(`permutations is ${permutations}: give a whole number of at least 1`);
  }
  const rows = Array.from(treated, (_, i) => i);
  // With its mean taken out, a block's weighted difference is the plain sum over its treated rows.
  const mixed = [...group(rows, (i) => blocks?.[i] ?? 0).values()]
    .map((members) => ({
      centred: centre(members.map((i) => values[i]!)).centred,
      flags: members.map((i) => treated[i]!),
    }))
    .map((block) => ({ ...block, taken: block.flags.filter(Boolean).length }))
    .filter(({ flags, taken }) => taken > 0 && taken < flags.length);
  if (mixed.length === 0) {
    throw new RangeError('no block has both treated and control rows, so there is no difference to test');
  }
  let weight = 0;
  let observed = 0;
  let scale = 0;
  for (const { centred, flags, taken } of mixed) {
    weight += (taken * (flags.length - taken)) / flags.length;
    flags.forEach((flag, i) => {
      if (flag) observed += centred[i]!;
      scale += Math.abs(centred[i]!);
    });
  }
  const shuffle = shuffler(randomLcg(seed));
  // Equal sums in another order differ by rounding: count them as reached.
  const reach = Math.abs(observed) - 1e-12 * scale;
  let reached = 0;
  for (let round = 0; round < permutations; round++) {
    let sum = 0;
    for (const { centred, taken } of mixed) {
      // A shuffle of an already shuffled block is as random as one of the original.
      shuffle(centred, 0, centred.length);
      for (let i = 0; i < taken; i++) sum += centred[i]!;
    }
    if (Math.abs(sum) >= reach) reached++;
  }
  return { difference: observed / weight, pValue: (reached + 1) / (permutations + 1), permutations };
}
