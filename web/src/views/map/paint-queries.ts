import { extent, interpolateRgb, type ScaleLinear } from 'd3';
import type { DrawnPoint } from '../../data/use-points.js';

/** A query with its place on the map. */
export interface PlacedQuery extends DrawnPoint {
  mapX: number;
  mapY: number;
}

/** From little to much loss. */
const lossColour = interpolateRgb('#2166ac', '#c2410c');

const RADIUS = 3.5;

/** Draws queries over the map, coloured by their outcome; those that are not selected fade. */
export function paintQueries(
  canvas: HTMLCanvasElement,
  queries: readonly PlacedQuery[],
  { x, y }: { x: ScaleLinear<number, number>; y: ScaleLinear<number, number> },
  selected: readonly PlacedQuery[] | null,
): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const [low = 0, high = 1] = extent(queries, (one) => one.y);
  const chosen = selected && new Set(selected.map(({ id }) => id));
  for (const query of queries) {
    const [atX, atY] = [x(query.mapX), y(query.mapY)];
    if (atX < 0 || atX > width || atY < 0 || atY > height) continue;
    context.globalAlpha = chosen && !chosen.has(query.id) ? 0.12 : 0.8;
    context.beginPath();
    context.arc(atX, atY, RADIUS, 0, 2 * Math.PI);
    context.fillStyle = lossColour((query.y - low) / (high - low || 1));
    context.fill();
    context.lineWidth = 0.75;
    context.strokeStyle = 'white';
    context.stroke();
  }
}
