/**
 * What modified Kneser–Ney smoothing takes off an n-gram's count: [0, D₁, D₂, D₃₊], indexed by min(count, 3),
 * from the counts (one level of the trie) of that order's n-grams; n-grams of count 0 are unseen and left out.
 *
 * With nᵢ the number of n-grams counted i times and Y = n₁ / (n₁ + 2n₂), Dᵢ = i − (i + 1) Y nᵢ₊₁ / nᵢ
 * (Chen & Goodman 1999, An empirical study of smoothing techniques for language modeling, modified Kneser–Ney). Where one of
 * n₁ to n₄ is 0 or one of the three is not positive (small corpora, repeated text), all three are the absolute
 * discount Y of Ney, Essen & Kneser 1994, and ½ where n₁ or n₂ is 0. So 0 < Dᵢ ≤ i always.
 */
export function discountsOf(counts: Int32Array): readonly [number, number, number, number] {
  const n = [0, 0, 0, 0, 0];
  for (const count of counts) if (count <= 4) n[count]!++;
  const [, n1, n2, n3, n4] = n as [number, number, number, number, number];
  const absolute = n1 > 0 && n2 > 0 ? n1 / (n1 + 2 * n2) : 0.5;
  const d2 = 2 - (3 * absolute * n3) / n2;
  const d3 = 3 - (4 * absolute * n4) / n3;
  const estimable = n1 > 0 && n2 > 0 && n3 > 0 && n4 > 0 && d2 > 0 && d3 > 0;
  return estimable ? [0, absolute, d2, d3] : [0, absolute, absolute, absolute];
}
