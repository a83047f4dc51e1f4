import { max } from 'd3';
import { hexbin } from 'd3-hexbin';
import { MARGIN, type Scales } from './scales.js';

const RADIUS = 7;

/** Draws how many points lie in each hexagon; of a selection, how many of the selected. */
export function drawHexagons(
  canvas: HTMLCanvasElement,
  points: readonly { id: number; x: number; y: number }[],
  { x, y }: Scales,
  isSelected?: (point: { id: number; x: number; y: number }) => boolean,
): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext('2d');
  if (!context) return;
  canvas.style.color = 'var(--field)';
  context.fillStyle = getComputedStyle(canvas).color;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const bins = hexbin<{ x: number; y: number }>()
    .x((point) => x(point.x))
    .y((point) => y(point.y))
    .radius(RADIUS)
    .extent([
      [MARGIN.left, MARGIN.top],
      [width - MARGIN.right, height - MARGIN.bottom],
    ]);
  const shown = (isSelected ? points.filter(isSelected) : points).filter((point) => {
    const [atX, atY] = [x(point.x), y(point.y)];
    return (
      atX >= MARGIN.left && atX <= width - MARGIN.right && atY >= MARGIN.top && atY <= height - MARGIN.bottom
    );
  });
  const found = bins(shown);
  const most = max(found, ({ length }) => length) ?? 1;
  const shape = new Path2D(bins.hexagon(RADIUS - 0.5));
  for (const bin of found) {
    // Square roots show the sparse hexagons too.
    context.globalAlpha = 0.15 + 0.85 * Math.sqrt(bin.length / most);
    context.setTransform(ratio, 0, 0, ratio, ratio * bin.x, ratio * bin.y);
    context.fill(shape);
  }
}
