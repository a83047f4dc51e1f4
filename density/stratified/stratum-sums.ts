/** The part of a sum that lies on the points of one source. */
export interface SourceSum {
  total: number;
  squares: number;
}

/** Adds a kernel to what lies on its source. */
export function addToSource(sums: Map<number, SourceSum>, source: number, k: number): void {
  const sum = sums.get(source) ?? { total: 0, squares: 0 };
  sum.total += k;
  sum.squares += k * k;
  sums.set(source, sum);
}

/** The numbers of `StratumSums`, as they are when they come from another thread. */
export interface StrataFields {
  readonly sizes: Float64Array;
  readonly predicted: Float64Array;
  readonly rows: Int32Array;
  readonly logs: Float64Array;
  readonly totals: Float64Array;
  readonly squares: Float64Array;
  readonly sources: readonly ReadonlyMap<number, SourceSum>[] | undefined;
}

/**
 * Sums of one query's kernels over points drawn from strata (the near field, or bands of the far one). Those of a stratum are
 * relative to exp of its `logs`.
 */
export class StratumSums implements StrataFields {
  /** Points that were drawn from each stratum. */
  readonly rows: Int32Array;
  readonly logs: Float64Array;
  readonly totals: Float64Array;
  readonly squares: Float64Array;
  /** The same by source, where it is asked for. */
  readonly sources: Map<number, SourceSum>[] | undefined;

  /**
   * @param sizes points in each stratum
   * @param predicted log of the standard deviation of K in each, nats
   */
  constructor(
    readonly sizes: Float64Array,
    readonly predicted: Float64Array,
    bySource: boolean,
  ) {
    const count = sizes.length;
    this.rows = new Int32Array(count);
    this.logs = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.totals = new Float64Array(count);
    this.squares = new Float64Array(count);
    this.sources = bySource ? Array.from(sizes, () => new Map()) : undefined;
  }

  /** Adds kernels of some rows of a stratum, relative to exp(`log`). */
  add(
    stratum: number,
    rows: number,
    log: number,
    total: number,
    squares: number,
    sources?: ReadonlyMap<number, SourceSum>,
  ): void {
    if (log > this.logs[stratum]!) this.#rebase(stratum, log);
    const factor = Math.exp(log - this.logs[stratum]!);
    this.rows[stratum]! += rows;
    this.totals[stratum]! += factor * total;
    this.squares[stratum]! += factor * factor * squares;
    if (!sources || !this.sources) return;
    const known = this.sources[stratum]!;
    for (const [source, part] of sources) {
      const sum = known.get(source) ?? { total: 0, squares: 0 };
      sum.total += factor * part.total;
      sum.squares += factor * factor * part.squares;
      known.set(source, sum);
    }
  }

  /** Adds all that another's stratum has. */
  addStratum(stratum: number, other: StrataFields, from: number): void {
    if (other.rows[from] === 0) return;
    const { rows, logs, totals, squares, sources } = other;
    this.add(stratum, rows[from]!, logs[from]!, totals[from]!, squares[from]!, sources?.[from]);
  }

  #rebase(stratum: number, log: number): void {
    const factor = this.rows[stratum] === 0 ? 0 : Math.exp(this.logs[stratum]! - log);
    this.logs[stratum] = log;
    this.totals[stratum]! *= factor;
    this.squares[stratum]! *= factor * factor;
    if (!this.sources) return;
    for (const part of this.sources[stratum]!.values()) {
      part.total *= factor;
      part.squares *= factor * factor;
    }
  }
}
