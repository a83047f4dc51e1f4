import { type Selection, select } from 'd3';
import type { Scale } from '../view-state.js';
import { densityTicks, lossTicks, MARGIN, type Scales, type Size } from './scales.js';

/** Draws grid lines, tick labels and titles of both axes. */
export function drawAxes(svg: SVGSVGElement, { x, y }: Scales, { width, height }: Size, scale: Scale): void {
  const axes = select(svg);
  axes.selectAll('*').remove();
  const across = axes.append('g').attr('class', 'axis');
  for (const { at, text } of densityTicks(x)) {
    line(across, at, MARGIN.top, at, height - MARGIN.bottom);
    label(across, at, height - MARGIN.bottom + 16, text).attr('text-anchor', 'middle');
  }
  label(across, width - MARGIN.right, height - 6, 'log₁₀ density →')
    .attr('class', 'title')
    .attr('text-anchor', 'end');
  const up = axes.append('g').attr('class', 'axis');
  for (const { at, text } of lossTicks(y, scale)) {
    line(up, MARGIN.left, at, width - MARGIN.right, at);
    label(up, MARGIN.left - 8, at, text)
      .attr('text-anchor', 'end')
      .attr('dy', '0.32em');
  }
  label(up, 0, 12, scale === 'loss' ? '↑ Loss, nats a token' : '↑ Perplexity, log scale').attr(
    'class',
    'title',
  );
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

function line(group: Group, x1: number, y1: number, x2: number, y2: number): void {
  group.append('line').attr('x1', x1).attr('y1', y1).attr('x2', x2).attr('y2', y2);
}

function label(group: Group, x: number, y: number, text: string) {
  return group.append('text').attr('x', x).attr('y', y).text(text);
}
