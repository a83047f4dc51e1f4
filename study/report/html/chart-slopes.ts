import { extent, scaleLinear, scaleLog } from 'd3';
import { drawX, drawY, frame, newChart, short } from './chart.js';
import { colourClass } from './palette.js';

/** A slope with its 95% interval at a place on x; `category` colours it. */
export interface SlopePoint {
  x: number;
  category: number;
  estimate: number;
  low: number;
  high: number;
}

export interface Slopes {
  /** Unique on the page. */
  id: string;
  title: string;
  description: string;
  x: string;
  y: string;
  /** In powers of ten. */
  logarithmic: boolean;
  points: readonly SlopePoint[];
}

const HEIGHT = 300;

/** Draws slopes with their intervals along a setting, against zero. */
export function slopesChart({
  id,
  title,
  description,
  x: label,
  y: up,
  logarithmic,
  points,
}: Slopes): SVGSVGElement {
  const space = frame('wide', HEIGHT, { left: 64 });
  const drawing = newChart(id, 'wide', space, title, description);
  const [first = 1, last = 2] = extent(points, (point) => point.x);
  const [low = 0, high = 1] = extent([0, ...points.flatMap((point) => [point.low, point.high])]);
  const across: [number, number] = [space.left + 12, space.width - space.right - 12];
  const x = logarithmic
    ? scaleLog([first, first === last ? first * 2 : last], across)
    : scaleLinear([first, first === last ? first + 1 : last], across).nice();
  const y = scaleLinear([low, high], [HEIGHT - space.bottom, space.top]).nice();
  drawX(drawing, space, x, label, logarithmic ? (last < 1e3 ? '~g' : '~s') : undefined);
  drawY(drawing, space, y, up);
  drawing
    .append('path')
    .attr('class', 'zero')
    .attr('d', `M${space.left},${short(y(0))}H${space.width - space.right}`);
  for (const point of points) {
    const group = drawing.append('g').attr('class', `effect ${colourClass(point.category)}`);
    const at = short(x(point.x));
    group.append('path').attr('d', `M${at},${short(y(point.low))}V${short(y(point.high))}`);
    group
      .append('circle')
      .attr('cx', at)
      .attr('cy', short(y(point.estimate)))
      .attr('r', 3.5);
  }
  return drawing.node()!;
}
