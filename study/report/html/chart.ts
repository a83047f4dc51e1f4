import { type AxisScale, axisBottom, axisLeft, format, type Selection, select } from 'd3';
import { svg } from './dom.js';
import { visible } from './text.js';

/** A chart's space in user units: the whole and the margins around the plot. */
export interface Frame {
  width: number;
  height: number;
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export type Drawing = Selection<SVGSVGElement, unknown, null, undefined>;
export type Group = Selection<SVGGElement, unknown, null, undefined>;

/** How wide a chart stands on the page: alone, or beside another. Its type sizes follow (see the style sheet). */
export type ChartSize = 'wide' | 'half';

/** Margins and size of a chart of a height in user units. */
export function frame(size: ChartSize, height: number, margins: Partial<Frame> = {}): Frame {
  const width = size === 'wide' ? 640 : 480;
  return { width, height, top: 32, right: 12, bottom: 54, left: 54, ...margins };
}

/** An empty chart, named and described for those who cannot see it; `id` is unique on the page. */
export function newChart(
  id: string,
  size: ChartSize,
  space: Frame,
  title: string,
  description: string,
): Drawing {
  const drawing = select(svg(space.width, space.height))
    .attr('class', `chart ${size}`)
    .attr('role', 'img')
    .attr('aria-labelledby', `${id}-title ${id}-desc`);
  drawing.append('title').attr('id', `${id}-title`).text(visible(title));
  drawing.append('desc').attr('id', `${id}-desc`).text(visible(description));
  return drawing;
}

/** Draws the x axis under the plot with a light grid, and its label at the right end; `specifier` writes its numbers (d3.format). */
export function drawX(
  drawing: Drawing,
  space: Frame,
  scale: AxisScale<number>,
  label: string,
  specifier?: string,
): void {
  const axis = axisBottom(scale)
    .ticks(6, specifier)
    .tickSize(-(space.height - space.top - space.bottom))
    .tickPadding(11);
  drawing
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(0 ${space.height - space.bottom})`)
    .call(axis)
    .call((group) => group.select('.domain').remove());
  drawing
    .append('text')
    .attr('class', 'axis-label')
    .attr('text-anchor', 'end')
    .attr('x', space.width - space.right)
    .attr('y', space.height - 6)
    .text(`${label} →`);
}

/** Draws the y axis left of the plot with a light grid, and its label above the plot. */
export function drawY(drawing: Drawing, space: Frame, scale: AxisScale<number>, label: string): void {
  const axis = axisLeft(scale)
    .ticks(6)
    .tickSize(-(space.width - space.left - space.right))
    .tickPadding(6);
  drawing
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(${space.left} 0)`)
    .call(axis)
    .call((group) => group.select('.domain').remove());
  drawing.append('text').attr('class', 'axis-label').attr('x', 4).attr('y', 16).text(`↑ ${label}`);
}

/** A coordinate to a tenth of a unit, which keeps files small. */
export const short = format('.1~f');
