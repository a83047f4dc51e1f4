/** The `k` rows of the largest inner product for each of the `(queries, dims)` queries, best first, in float64. */
export function nearestRows(
  vectors: Float32Array,
  queries: Float32Array,
  dims: number,
  k: number,
): { rows: number[]; scores: number[] } {
  const rows: number[] = [];
  const scores: number[] = [];
  for (let query = 0; query < queries.length; query += dims) {
    const products = Array.from({ length: vectors.length / dims }, (_, row) => {
      let score = 0;
      for (let i = 0; i < dims; i++) score += queries[query + i]! * vectors[row * dims + i]!;
      return { row, score };
    });
    const best = products.sort((a, b) => b.score - a.score).slice(0, k);
    rows.push(...best.map(({ row }) => row));
    scores.push(...best.map(({ score }) => score));
  }
  return { rows, scores };
}
