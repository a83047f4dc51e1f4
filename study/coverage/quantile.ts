/**
 * A quantile of R's type 7 (Hyndman & Fan 1996) that infinite values are allowed in: log10 of a density of 0 is −∞.
 *
 * @param sorted `(n)` ascending, n ≥ 1
 * @param share 0 to 1
 */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const part = at - below;
  return part === 0 ? sorted[below]! : (1 - part) * sorted[below]! + part * sorted[below + 1]!;
}

/** The median of values, in any order. */
export function medianOf(values: ArrayLike<number>): number {
  return quantileOf(Float64Array.from(values).sort(), 0.5);
}
