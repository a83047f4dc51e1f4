import type { SourceSum } from './stratum-sums.js';

/** Sums by source of the kernels of a tile, for every query of it. */
export interface SourceSums {
  /** The sums of a source, one a query. */
  of(source: number): { totals: Float64Array; squares: Float64Array };
  /** What a query has of each source that there is in the tile. */
  ofQuery(query: number): Map<number, SourceSum>;
}

/** Opens sums of nothing yet for so many queries. */
export function openSourceSums(queries: number): SourceSums {
  const sums = new Map<number, { totals: Float64Array; squares: Float64Array }>();
  return {
    of(source) {
      let found = sums.get(source);
      if (!found) {
        found = { totals: new Float64Array(queries), squares: new Float64Array(queries) };
        sums.set(source, found);
      }
      return found;
    },
    ofQuery(query) {
      const parts = new Map<number, SourceSum>();
      for (const [source, { totals, squares }] of sums) {
        parts.set(source, { total: totals[query]!, squares: squares[query]! });
      }
      return parts;
    },
  };
}
