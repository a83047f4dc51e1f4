import { symbol } from 'd3';
import type { KindMark } from '../kind-marks.js';
import type { DrawnPoint } from '../points.js';
import type { Scales, Size } from './scales.js';

const AREA = 28;
const CROWDED_AREA = 14;
const CROWD = 2000;

/** Draws the points on a canvas, each with the mark of its kind. */
export function drawMarks(
  canvas: HTMLCanvasElement,
  points: readonly DrawnPoint[],
  marks: ReadonlyMap<string, KindMark>,
  { x, y }: Scales,
  { width, height }: Size,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.lineWidth = 1;
  const crowded = points.length > CROWD;
  const colours = resolved(canvas, marks);
  for (const point of points) {
    const mark = marks.get(point.kind);
    if (!mark) continue;
    const colour = colours.get(point.kind)!;
    context.setTransform(ratio, 0, 0, ratio, ratio * x(point.log10Density), ratio * y(point.loss));
    context.beginPath();
    symbol(mark.shape, crowded ? CROWDED_AREA : AREA).context(context)();
    context.globalAlpha = crowded ? 0.4 : 0.5;
    context.fillStyle = colour;
    context.fill();
    if (crowded) continue;
    context.globalAlpha = 0.9;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** A canvas knows no custom properties: lets the page work them out. */
function resolved(canvas: HTMLCanvasElement, marks: ReadonlyMap<string, KindMark>): Map<string, string> {
  const colours = new Map<string, string>();
  for (const [kind, { colour }] of marks) {
    canvas.style.color = `var(${colour})`;
    colours.set(kind, getComputedStyle(canvas).color);
  }
  return colours;
}
