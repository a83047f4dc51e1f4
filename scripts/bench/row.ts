/** One measured figure, with the peer that it was measured against in the same run. */
export interface BenchRow {
  name: string;
  /** The median of the runs. */
  value: number;
  unit: string;
  range: [number, number];
  /** What the ratio's base is, or what is absent. */
  against: string;
  ratio: number | null;
  goal: string;
  met: boolean | null;
  note?: string;
}

/** The middle of some figures, and the smallest and largest of them. */
export interface Median {
  median: number;
  range: [number, number];
}

/** Median and range of figures. */
export function summarise(figures: readonly number[]): Median {
  const sorted = [...figures].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, range: [sorted[0]!, sorted.at(-1)!] };
}
