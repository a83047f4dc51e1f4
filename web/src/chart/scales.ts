import { extent, type ScaleLinear, scaleLinear, scaleLog, ticks } from 'd3';
import { perplexity, twoDigits } from '../format.js';
import type { DrawnPoint } from '../points.js';
import type { Scale } from '../view-state.js';

export const MARGIN = { top: 26, right: 16, bottom: 44, left: 44 };

/** The size of the chart in CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

/** Places of points: log10 density across, loss (nats a token) up. */
export interface Scales {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
}

/** A labelled place on an axis, in pixels. */
export interface Tick {
  at: number;
  text: string;
}

/** Scales that hold all points. Perplexity is on a log scale, so a point's place is the same for both. */
export function scalesFor(points: readonly DrawnPoint[], { width, height }: Size): Scales {
  const across = padded(extent(points, (point) => point.log10Density));
  const up = padded(extent(points, (point) => point.loss));
  return {
    x: scaleLinear(across, [MARGIN.left, width - MARGIN.right]),
    y: scaleLinear(up, [height - MARGIN.bottom, MARGIN.top]),
  };
}

/** Ticks of the density axis: every number is a power of ten. */
export function densityTicks(x: Scales['x']): Tick[] {
  const [left, right] = x.range() as [number, number];
  const format = x.tickFormat((right - left) / 72);
  return x.ticks((right - left) / 72).map((value) => ({ at: x(value), text: format(value) }));
}

/** Ticks of the loss axis, in nats a token or as perplexities. */
export function lossTicks(y: Scales['y'], scale: Scale): Tick[] {
  const wanted = Math.max(3, (y.range()[0]! - y.range()[1]!) / 60);
  if (scale === 'loss') {
    const format = y.tickFormat(wanted);
    return y.ticks(wanted).map((value) => ({ at: y(value), text: format(value) }));
  }
  return perplexityTicks(y.domain() as [number, number], wanted).map((value) => ({
    at: y(Math.log(value)),
    text: value < 10 && !Number.isInteger(value) ? twoDigits(value) : perplexity(value),
  }));
}

/** Round perplexities between two losses: 1, 2, 5 and tenfolds, or evenly spaced ones where those are too few. */
function perplexityTicks([low, high]: [number, number], wanted: number): number[] {
  const all = scaleLog([Math.exp(low), Math.exp(high)], [0, 1]).ticks();
  const leading = (value: number) => Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
  const round = all.filter((value) => [1, 2, 5].includes(leading(value)));
  if (round.length < 3) return ticks(Math.exp(low), Math.exp(high), wanted).filter((value) => value > 0);
  const tenfolds = round.filter((value) => leading(value) === 1);
  return round.length > 2 * wanted && tenfolds.length > 2 ? tenfolds : round;
}

function padded([low, high]: [number, number] | [undefined, undefined]): [number, number] {
  if (low === undefined) return [0, 1];
  const room = 0.04 * (high - low) || 0.5;
  return [low - room, high + room];
}
