import { area, extent, line, randomLcg, type ScaleLinear, scaleLinear, shuffler } from 'd3';
import { type Drawing, drawX, drawY, frame, newChart, short } from './chart.js';
import type { LinePoint } from './line.js';
import { colourClass, symbolPath } from './palette.js';
import { visible } from './text.js';

/** A point; `category` is a place in the order of categories, `label` shows when it is pointed at. */
export interface ScatterPoint {
  x: number;
  y: number;
  category: number;
  label: string | null;
}

export interface Scatter {
  /** Unique on the page. */
  id: string;
  title: string;
  description: string;
  x: string;
  y: string;
  points: readonly ScatterPoint[];
  line: readonly LinePoint[] | null;
  /** Whether to mark x = 0 and y = 0. */
  zero: boolean;
}

type Scale = ScaleLinear<number, number>;

const SPACE = frame('wide', 420);

/** Draws points by category under a fitted line with its band; they overlap in random order, so no category hides another. */
export function scatterChart(chart: Scatter): SVGSVGElement {
  const { id, points, line: fitted } = chart;
  const drawing = newChart(id, 'wide', SPACE, chart.title, chart.description);
  const x = axisScale(
    points.map((point) => point.x),
    chart.zero,
    [SPACE.left + 6, SPACE.width - SPACE.right],
  );
  const y = axisScale(
    [...points.map((point) => point.y), ...(fitted ?? []).flatMap(({ low, high }) => [low, high])],
    chart.zero,
    [SPACE.height - SPACE.bottom, SPACE.top],
  );
  drawX(drawing, SPACE, x, chart.x);
  drawY(drawing, SPACE, y, chart.y);
  if (chart.zero) drawZero(drawing, x, y);
  drawPoints(drawing, chart, x, y);
  if (fitted) drawLine(drawing, fitted, x, y);
  return drawing.node()!;
}

function axisScale(values: readonly number[], zero: boolean, range: [number, number]): Scale {
  const [low = 0, high = 1] = extent(zero ? [0, ...values] : values);
  const scale = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], range);
  return scale.nice(24);
}

function drawPoints(drawing: Drawing, { id, points }: Scatter, x: Scale, y: Scale): void {
  const size = Math.max(10, Math.min(34, 20000 / Math.max(1, points.length)));
  const marks = drawing.append('g').attr('class', 'points');
  const defs = marks.append('defs');
  for (const category of [...new Set(points.map((point) => point.category))].sort((a, b) => a - b)) {
    defs
      .append('path')
      .attr('id', `${id}-${category}`)
      .attr('class', colourClass(category))
      .attr('d', symbolPath(category, size));
  }
  for (const point of shuffler(randomLcg(1))([...points])) {
    const mark = marks
      .append('use')
      .attr('href', `#${id}-${point.category}`)
      .attr('x', short(x(point.x)))
      .attr('y', short(y(point.y)));
    if (point.label !== null) mark.append('title').text(visible(point.label));
  }
}

function drawLine(drawing: Drawing, fitted: readonly LinePoint[], x: Scale, y: Scale): void {
  const band = area<LinePoint>(
    (point) => x(point.x),
    (point) => y(point.low),
    (point) => y(point.high),
  ).digits(1);
  const mean = line<LinePoint>(
    (point) => x(point.x),
    (point) => y(point.y),
  ).digits(1);
  drawing.append('path').attr('class', 'band').attr('d', band(fitted));
  drawing.append('path').attr('class', 'fit').attr('d', mean(fitted));
}

function drawZero(drawing: Drawing, x: Scale, y: Scale): void {
  const vertical = `M${short(x(0))},${SPACE.top}V${SPACE.height - SPACE.bottom}`;
  const horizontal = `M${SPACE.left},${short(y(0))}H${SPACE.width - SPACE.right}`;
  drawing.append('path').attr('class', 'zero').attr('d', `${vertical}${horizontal}`);
}
