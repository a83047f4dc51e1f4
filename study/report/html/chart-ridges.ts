import { area, bin, curveStep, extent, max, type ScaleLinear, scaleLinear } from 'd3';
import { drawX, frame, type Group, newChart, short } from './chart.js';
import { colourClass } from './palette.js';
import { describeSpread, type Spread } from './spread.js';
import { shorten } from './text.js';

/** The values of one category, in the order of categories. */
export interface Ridge {
  name: string;
  values: readonly number[];
}

export interface Ridges {
  /** Unique on the page. */
  id: string;
  title: string;
  description: string;
  x: string;
  ridges: readonly Ridge[];
}

const ROW = 92;
const PEAK = 50;
const BOX = 11;

/** How many equal bins a histogram of n values has: Rice's rule, 2·∛n, between 8 and 48. */
export function binsFor(n: number): number {
  return Math.max(8, Math.min(48, Math.round(2 * Math.cbrt(n))));
}

/** Draws a histogram of each category on one x axis, with its median, quartiles and 5% to 95% range under it. */
export function ridgesChart(chart: Ridges): SVGSVGElement {
  const { id, ridges } = chart;
  const space = frame('half', 24 + ROW * ridges.length + 54, { top: 8, left: 14, right: 14 });
  const drawing = newChart(id, 'half', space, chart.title, chart.description);
  const all = ridges.flatMap(({ values }) => values);
  const [low = 0, high = 1] = extent(all);
  const x = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], [
    space.left,
    space.width - space.right,
  ]).nice();
  drawX(drawing, space, x, chart.x);

  const shares = ridges.map(({ values }) => histogram(values, x, binsFor(all.length)));
  const tallest = max(shares.flat(), ({ share }) => share) ?? 1;
  shares.forEach((bars, category) => {
    const { name, values } = ridges[category]!;
    const base = space.top + ROW * (category + 1) - 10;
    const outline = area<Bar>(
      (bar) => x(bar.x),
      base,
      (bar) => base - (PEAK * bar.share) / tallest,
    )
      .curve(curveStep)
      .digits(1);
    const group = drawing.append('g').attr('class', colourClass(category));
    group.append('path').attr('class', 'ridge').attr('d', outline(bars));
    const spread = describeSpread(values);
    if (spread) drawBox(group.append('g').attr('class', 'box'), spread, x, base + BOX);
    drawing
      .append('text')
      .attr('class', 'row-label')
      .attr('x', space.left)
      .attr('y', base - PEAK - 8)
      .text(shorten(name, 36));
  });
  return drawing.node()!;
}

interface Bar {
  x: number;
  share: number;
}

function histogram(values: readonly number[], x: ScaleLinear<number, number>, bins: number): Bar[] {
  const [low, high] = x.domain() as [number, number];
  const width = (high - low) / bins;
  const edges = Array.from({ length: bins - 1 }, (_, i) => low + width * (i + 1));
  const bars = bin<number, number>()
    .domain([low, high])
    .thresholds(edges)([...values])
    .map((inside) => ({
      x: ((inside.x0 ?? low) + (inside.x1 ?? high)) / 2,
      share: inside.length / Math.max(1, values.length),
    }));
  return [{ x: low, share: 0 }, ...bars, { x: high, share: 0 }];
}

function drawBox(group: Group, spread: Spread, x: ScaleLinear<number, number>, y: number): void {
  const rule = (from: number, to: number) => `M${short(x(from))},${y}H${short(x(to))}`;
  group.append('path').attr('class', 'range').attr('d', rule(spread.p5, spread.p95));
  group.append('path').attr('class', 'quartiles').attr('d', rule(spread.q1, spread.q3));
  group
    .append('circle')
    .attr('class', 'median')
    .attr('cx', short(x(spread.median)))
    .attr('cy', y)
    .attr('r', 3.2);
}
