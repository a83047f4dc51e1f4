/**
 * p values adjusted for a declared family of m tests by Holm's step-down (Holm 1979): the chance of any false rejection is at most the level,
 * however the tests depend on each other. In the order given.
 * Throws RangeError for a value that is not in [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  const order = ascending(pValues);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[i]!));
    adjusted[i] = largest;
  });
  return adjusted;
}

/**
 * p values adjusted for exploration by Benjamini and Hochberg (1995): of the tests rejected at a level, at most that share is false on
 * average, where tests are independent or positively dependent. In the order given.
 * Throws RangeError for a value that is not in [0, 1].
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = ascending(pValues).reverse();
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  order.forEach((i, fromLargest) => {
    smallest = Math.min(smallest, (pValues.length * pValues[i]!) / (pValues.length - fromLargest));
    adjusted[i] = smallest;
  });
  return adjusted;
}

function ascending(pValues: readonly number[]): number[] {
  const wrong = pValues.findIndex((p) => !(p >= 0 && p <= 1));
  if (wrong >= 0) throw new RangeError(`pValues[${wrong}] is ${pValues[wrong]}: a p value is from 0 to 1`);
  return [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
}
