import { area, axisBottom, axisLeft, line, max, min, scaleLinear, select } from 'd3';
import { parseHTML } from 'linkedom';

/** A curve with its band. */
export interface PlotLine {
  name: string;
  /** Where the name of a falling curve stands, from or to about two thirds of it. */
  label: 'above' | 'below';
  colour: string;
  points: readonly { x: number; y: number; low: number; high: number }[];
}

/** What to draw, with all its words. */
export interface LinePlot {
  title: string;
  subtitle: string;
  x: string;
  y: string;
  lines: readonly PlotLine[];
  /** A place on the x axis to mark, with what it is. */
  mark: { x: number; text: string };
}

const SPACE = { width: 720, height: 420, top: 84, right: 24, bottom: 58, left: 64 };
const [INK, MUTED, RULE, PAPER] = ['#1d1d1b', '#66655f', '#dddbd3', '#fdfdfb'];
const SVG = 'http://www.w3.org/2000/svg';
const LABEL_GAP = { above: -10, below: 20 };

/** Draws curves with their bands as an SVG file of its own, each with its name. */
export function linePlot(plot: LinePlot): string {
  const { document } = parseHTML('<!doctype html><html></html>');
  const { width, height, top, right, bottom, left } = SPACE;
  const drawing = select(document.createElementNS(SVG, 'svg') as SVGSVGElement)
    .attr('xmlns', SVG)
    .attr('viewBox', `0 0 ${width} ${height}`)
    .attr('width', width)
    .attr('height', height)
    .attr('role', 'img')
    .attr('font-family', 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'.replaceAll('"', "'"))
    .attr('font-size', 12);
  drawing.append('title').text(plot.title);
  drawing.append('rect').attr('width', width).attr('height', height).attr('fill', PAPER);
  const write = (x: number, y: number, text: string, fill = MUTED) =>
    drawing.append('text').attr('x', x).attr('y', y).attr('fill', fill).text(text);
  write(left - 44, 26, plot.title, INK)
    .attr('font-size', 16)
    .attr('font-weight', 600);
  write(left - 44, 46, plot.subtitle);
  write(left - 44, 72, `↑ ${plot.y}`, INK);
  write(width - right, height - 14, `${plot.x} →`, INK).attr('text-anchor', 'end');

  const points = plot.lines.flatMap((one) => one.points);
  const x = scaleLinear([0, max(points, (point) => point.x)!], [left, width - right]);
  const y = scaleLinear(
    [min(points, ({ low }) => low)!, max(points, ({ high }) => high)!],
    [height - bottom, top],
  ).nice();
  const grid = drawing.append('g').attr('font-variant-numeric', 'tabular-nums');
  for (const [axis, place] of [
    [
      axisBottom(x)
        .ticks(10)
        .tickSize(top + bottom - height)
        .tickPadding(10),
      `translate(0 ${height - bottom})`,
    ],
    [
      axisLeft(y)
        .ticks(7)
        .tickSize(left + right - width)
        .tickPadding(8),
      `translate(${left} 0)`,
    ],
  ] as const) {
    const group = grid
      .append('g')
      .attr('transform', place)
      .call(axis)
      .attr('font-size', 12)
      .attr('font-family', null);
    group.select('.domain').remove();
    group.selectAll('line').attr('stroke', RULE);
    group.selectAll('text').attr('fill', MUTED);
  }
  drawing
    .append('path')
    .attr('d', `M${x(plot.mark.x)},${top}V${height - bottom}`)
    .attr('stroke', MUTED)
    .attr('stroke-dasharray', '3 3');
  write(x(plot.mark.x) + 6, height - bottom - 8, plot.mark.text);

  for (const { name, label, colour, points: curve } of plot.lines) {
    const band = area<(typeof curve)[number]>(
      (point) => x(point.x),
      ({ low }) => y(low),
      ({ high }) => y(high),
    ).digits(1);
    const path = line<(typeof curve)[number]>(
      (point) => x(point.x),
      (point) => y(point.y),
    ).digits(1);
    drawing.append('path').attr('d', band(curve)).attr('fill', colour).attr('fill-opacity', 0.2);
    drawing
      .append('path')
      .attr('d', path(curve))
      .attr('fill', 'none')
      .attr('stroke', colour)
      .attr('stroke-width', 2)
      .attr('stroke-linejoin', 'round');
    const place = curve[Math.floor(curve.length * 0.62)]!;
    const edge = label === 'above' ? place.high : place.low;
    write(x(place.x), y(edge) + LABEL_GAP[label], name, colour)
      .attr('font-weight', 600)
      .attr('text-anchor', label === 'above' ? 'start' : 'end');
  }
  return `${drawing.node()!.outerHTML}\n`;
}
