import type { ScaleLinear } from 'd3';
import type { Projection } from '../../../../client/index.js';
import type { Size } from '../../charts/chart.js';

/** A label at its place in pixels. */
export interface PlacedLabel {
  left: number;
  middle: number;
  text: string;
}

/** Pixels a letter is wide, about, and a line high. */
const LETTER = 6.6;
const LINE = 16;

/** The labels that are in view and do not stand over others; those that speak for most come first. */
export function roomyLabels(
  labels: Projection['labels'],
  { x, y }: { x: ScaleLinear<number, number>; y: ScaleLinear<number, number> },
  { width, height }: Size,
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const label of [...labels].sort((a, b) => b.landmarks - a.landmarks)) {
    const text = label.words.join(' · ');
    const [at, middle] = [x(label.x), y(label.y)];
    if (at < 0 || at > width || middle < LINE || middle > height) continue;
    const half = (text.length * LETTER) / 2;
    // Moved inwards where it would stand over the edge.
    const left = Math.max(half, Math.min(width - half, at));
    const overlaps = placed.some(
      (one) =>
        Math.abs(one.middle - middle) < LINE &&
        Math.abs(one.left - left) < half + (one.text.length * LETTER) / 2,
    );
    if (!overlaps) placed.push({ left, middle, text });
  }
  return placed;
}
