import { symbol } from 'd3';
import type { KindMark } from '../../parts/kind-marks.js';
import { MARGIN, type Scales } from './scales.js';

/** A point as it is drawn. */
export interface Mark {
  id: number;
  x: number;
  y: number;
  /** What it is coloured by. */
  group: string;
}

const AREA = 28;
/** More points than this are drawn as squares of two pixels, written straight into the image. */
const CROWD = 3000;
const DOT = 2;
const OPACITY = 0.5;
/** What is not selected fades to this. */
const FADED = 0.12;

/** Draws points on a canvas, each with the mark of its group; those for which `isSelected` is false fade. */
export function drawMarks(
  canvas: HTMLCanvasElement,
  points: readonly Mark[],
  marks: ReadonlyMap<string, KindMark>,
  scales: Scales,
  isSelected?: (point: Mark) => boolean,
): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = points.length > CROWD ? 1 : devicePixelRatio;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const context = canvas.getContext('2d');
  if (!context) return;
  const colours = new Map([...marks].map(([group, { colour }]) => [group, colourOf(canvas, colour)]));
  if (points.length > CROWD) drawDots(context, points, colours, scales, isSelected);
  else drawSymbols(context, points, marks, colours, scales, isSelected);
}

function drawSymbols(
  context: CanvasRenderingContext2D,
  points: readonly Mark[],
  marks: ReadonlyMap<string, KindMark>,
  colours: ReadonlyMap<string, string>,
  { x, y }: Scales,
  isSelected?: (point: Mark) => boolean,
): void {
  const ratio = devicePixelRatio;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  clipToPlot(context, ratio);
  for (const point of points) {
    const colour = colours.get(point.group)!;
    context.setTransform(ratio, 0, 0, ratio, ratio * x(point.x), ratio * y(point.y));
    context.beginPath();
    symbol(marks.get(point.group)!.shape, AREA).context(context)();
    const faded = isSelected?.(point) === false;
    context.globalAlpha = faded ? FADED : OPACITY;
    context.fillStyle = colour;
    context.fill();
    if (faded) continue;
    context.globalAlpha = 0.9;
    context.lineWidth = 1;
    context.strokeStyle = colour;
    context.stroke();
  }
  context.restore();
}

function clipToPlot(context: CanvasRenderingContext2D, ratio: number): void {
  const { width, height } = context.canvas;
  context.save();
  context.beginPath();
  context.rect(
    ratio * MARGIN.left - 4,
    ratio * MARGIN.top - 4,
    width - ratio * (MARGIN.left + MARGIN.right) + 8,
    height - ratio * (MARGIN.top + MARGIN.bottom) + 8,
  );
  context.clip();
}

/** Blends every point into the bytes of the image: a hundred thousand take a few milliseconds. */
function drawDots(
  context: CanvasRenderingContext2D,
  points: readonly Mark[],
  colours: ReadonlyMap<string, string>,
  { x, y }: Scales,
  isSelected?: (point: Mark) => boolean,
): void {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  const { data } = image;
  const channels = new Map([...colours].map(([group, colour]) => [group, channelsOf(colour)]));
  // Linear scales as products and sums, for speed.
  const [x0, kx] = [x(0), x(1) - x(0)];
  const [y0, ky] = [y(0), y(1) - y(0)];
  const [left, right, top, bottom] = [MARGIN.left, width - MARGIN.right, MARGIN.top, height - MARGIN.bottom];
  for (const point of points) {
    const atX = Math.round(x0 + kx * point.x);
    const atY = Math.round(y0 + ky * point.y);
    if (atX < left || atX >= right || atY < top || atY >= bottom) continue;
    const [red, green, blue] = channels.get(point.group)!;
    const alpha = isSelected?.(point) === false ? FADED : OPACITY;
    for (let dy = 0; dy < DOT; dy++) {
      for (let dx = 0; dx < DOT; dx++) {
        const at = 4 * ((atY + dy) * width + atX + dx);
        const under = data[at + 3]! / 255;
        const over = alpha + under * (1 - alpha);
        const share = alpha / over;
        data[at] = data[at]! + (red - data[at]!) * share;
        data[at + 1] = data[at + 1]! + (green - data[at + 1]!) * share;
        data[at + 2] = data[at + 2]! + (blue - data[at + 2]!) * share;
        data[at + 3] = 255 * over;
      }
    }
  }
  context.putImageData(image, 0, 0);
}

/** A canvas knows no custom properties: lets the page work them out. */
function colourOf(canvas: HTMLCanvasElement, property: string): string {
  canvas.style.color = `var(${property})`;
  return getComputedStyle(canvas).color;
}

function channelsOf(colour: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
