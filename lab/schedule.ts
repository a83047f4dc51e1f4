/** How the learning rate goes up and down again. */
export interface Schedule {
  /** The highest. */
  learningRate: number;
  /** Steps in which it rises from 0. */
  warmup: number;
  steps: number;
}

/** What is left of the highest rate at the end. */
const FLOOR = 0.1;

/** The learning rate at a step, from 0: a rise, and half a cosine down to a tenth (Hoffmann et al. 2022, arXiv 2203.15556). */
export function learningRateAt(step: number, { learningRate, warmup, steps }: Schedule): number {
  if (step < warmup) return (learningRate * (step + 1)) / (warmup + 1);
  const progress = (step - warmup) / Math.max(1, steps - warmup);
  return learningRate * (FLOOR + ((1 - FLOOR) * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2);
}
