import { group, randomLcg, shuffler } from 'd3';

/** The label of the rows that must stay together, one a row. */
export type Groups = readonly (string | number)[];

/**
 * Deals rows (n) into folds of about equal size at random, never parting the rows of one group: groups are shuffled,
 * then the largest goes first into the fold that is smallest so far. Returns each row's fold, 0 to folds − 1; the same
 * for the same seed. Throws RangeError for fewer than 2 folds or fewer groups than folds.
 */
export function assignFolds(rows: number, folds: number, seed: number, groups?: Groups): Uint32Array {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new RangeError(`folds is ${folds}: give a whole number of at least 2`);
  }
  const members = [...group(Array(rows).keys(), (i) => groups?.[i] ?? i).values()];
  if (members.length < folds) {
    throw new RangeError(
      `${folds} folds need at least ${folds} ${groups ? 'groups' : 'rows'} and there are ${members.length}: ask for ${members.length} folds or fewer`,
    );
  }
  shuffler(randomLcg(seed))(members);
  members.sort((a, b) => b.length - a.length);
  const sizes = new Array<number>(folds).fill(0);
  const fold = new Uint32Array(rows);
  for (const member of members) {
    const smallest = sizes.indexOf(Math.min(...sizes));
    sizes[smallest]! += member.length;
    for (const i of member) fold[i] = smallest;
  }
  return fold;
}
