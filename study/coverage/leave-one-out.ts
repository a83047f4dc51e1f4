/**
 * What log10 density would change by without each source, from shares alone: the density without source s is
 * (1 − share_s)·n·f / (n − n_s), so f itself cancels.
 *
 * @param shares `(sources)` of one query, all that are not 0
 * @param points `(sources)` training points n_s of each
 * @param n training points in all
 * @returns `(sources)` in log10 units; −∞ for a source that holds the whole density
 */
export function changesWithout(shares: ArrayLike<number>, points: ArrayLike<number>, n: number): number[] {
  return Array.from(shares, (share, s) => {
    const left = n - points[s]!;
    // Where a source holds nearly all, 1 − share would be rounding error: the other shares say what is left.
    const rest = share > 0.5 ? sumWithout(shares, s) : 1 - share;
    return left === 0 ? Number.NEGATIVE_INFINITY : Math.log10((rest * n) / left);
  });
}

function sumWithout(shares: ArrayLike<number>, source: number): number {
  let sum = 0;
  for (let s = 0; s < shares.length; s++) if (s !== source) sum += shares[s]!;
  return sum;
}
