import { extent, type ScaleLinear, scaleLinear, scaleLog, ticks, type ZoomTransform } from 'd3';
import type { Outcome } from '../../app/state.js';
import { perplexity, twoDigits } from '../../parts/format.js';
import type { Size } from '../chart.js';

export const MARGIN = { top: 26, right: 20, bottom: 44, left: 48 };

/** Places of points: log10 density across, the outcome up. */
export interface Scales {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
}

/** A labelled place on an axis, in pixels. */
export interface Tick {
  at: number;
  text: string;
}

/** Scales that hold all points. Perplexity is on a log scale, so a point's place is that of its loss. */
export function scalesFor(points: readonly { x: number; y: number }[], { width, height }: Size): Scales {
  return {
    x: scaleLinear(padded(extent(points, ({ x }) => x)), [MARGIN.left, width - MARGIN.right]),
    y: scaleLinear(padded(extent(points, ({ y }) => y)), [height - MARGIN.bottom, MARGIN.top]),
  };
}

/** The scales of a part that is zoomed into. */
export function zoomed({ x, y }: Scales, transform: ZoomTransform): Scales {
  return { x: transform.rescaleX(x), y: transform.rescaleY(y) };
}

/** Ticks of the density axis: every number is a power of ten. */
export function densityTicks(x: Scales['x']): Tick[] {
  const [left, right] = x.range() as [number, number];
  const format = x.tickFormat((right - left) / 72);
  return x.ticks((right - left) / 72).map((value) => ({ at: x(value), text: format(value) }));
}

/** Ticks of the outcome's axis; of losses as perplexities where that is the outcome. */
export function outcomeTicks(y: Scales['y'], outcome: Outcome): Tick[] {
  const wanted = Math.max(3, (y.range()[0]! - y.range()[1]!) / 60);
  if (outcome !== 'perplexity') {
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
