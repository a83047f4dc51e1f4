import { extent, scaleLinear } from 'd3';
import { drawX, frame, newChart, short } from './chart.js';
import { interval, signed } from './format.js';
import { colourClass } from './palette.js';
import { shorten } from './text.js';

/** One row: an effect with its 95% interval; `category` colours it, null for all arms together. */
export interface Effect {
  name: string;
  category: number | null;
  estimate: number;
  low: number;
  high: number;
}

export interface Effects {
  /** Unique on the page. */
  id: string;
  title: string;
  description: string;
  x: string;
  digits: number;
  effects: readonly Effect[];
}

const ROW = 48;

/** Draws effects as dots with their intervals against zero, a row each, with the numbers written above. */
export function effectsChart(chart: Effects): SVGSVGElement {
  const { id, effects, digits } = chart;
  const space = frame('half', 8 + ROW * effects.length + 56, { top: 8, left: 14, right: 14 });
  const drawing = newChart(id, 'half', space, chart.title, chart.description);
  const [low = 0, high = 1] = extent([0, ...effects.flatMap((effect) => [effect.low, effect.high])]);
  const x = scaleLinear(low === high ? [-1, 1] : [low, high], [space.left, space.width - space.right]).nice();
  drawX(drawing, space, x, chart.x);
  drawing
    .append('path')
    .attr('class', 'zero')
    .attr('d', `M${short(x(0))},${space.top}V${space.height - space.bottom}`);
  effects.forEach((effect, row) => {
    const y = space.top + ROW * row + 34;
    const colour = effect.category === null ? 'overall' : colourClass(effect.category);
    const group = drawing.append('g').attr('class', `effect ${colour}`);
    group.append('path').attr('d', `M${short(x(effect.low))},${y}H${short(x(effect.high))}`);
    group
      .append('circle')
      .attr('cx', short(x(effect.estimate)))
      .attr('cy', y)
      .attr('r', 4.5);
    const label = (anchor: string, at: number, className: string, text: string) =>
      drawing
        .append('text')
        .attr('class', className)
        .attr('text-anchor', anchor)
        .attr('x', at)
        .attr('y', y - 13)
        .text(text);
    label('start', space.left, 'row-label', shorten(effect.name, 24));
    label(
      'end',
      space.width - space.right,
      'row-value',
      `${signed(effect.estimate, digits)} ${interval(effect.low, effect.high, digits, true)}`,
    );
  });
  return drawing.node()!;
}
