import { requireSameLength, type Values } from './checks.js';

/** How paired outcomes of 0 and 1 flipped. */
export interface McNemarTest {
  /** Pairs that went from 0 to 1, and from 1 to 0. */
  gained: number;
  lost: number;
  /** Exact and two-sided: given that a pair flipped, either way is as likely. */
  pValue: number;
  n: number;
}

/**
 * McNemar's exact test of paired outcomes (1947): the flips are a binomial draw with chance ½ where nothing changed.
 * Throws RangeError for outcomes that are not 0 or 1, or different lengths.
 */
export function mcnemar(before: Values, after: Values): McNemarTest {
  requireSameLength('before', before, 'after', after);
  let [gained, lost] = [0, 0];
  for (let i = 0; i < before.length; i++) {
    for (const [name, value] of [
      ['before', before[i]],
      ['after', after[i]],
    ] as const) {
      if (value !== 0 && value !== 1) throw new RangeError(`${name}[${i}] is ${value}: outcomes are 0 or 1`);
    }
    if (after[i]! > before[i]!) gained++;
    if (after[i]! < before[i]!) lost++;
  }
  return { gained, lost, pValue: twoSidedSign(gained, lost), n: before.length };
}

/** P of a split of so many fair flips at least as uneven. */
function twoSidedSign(gained: number, lost: number): number {
  const flips = gained + lost;
  let [term, tail] = [flips * Math.LN2 * -1, 0];
  for (let k = 0; k <= Math.min(gained, lost); k++) {
    tail += Math.exp(term);
    term += Math.log(flips - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * tail);
}
