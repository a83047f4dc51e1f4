import { bin, extent, max } from 'd3';
import { useMemo } from 'preact/hooks';
import type { Size } from '../chart.js';
import { MARGIN, type Scales } from './scales.js';

const BINS = 60;
const HIGH = 18;

interface Placed {
  x: number;
  y: number;
}

interface MarginsProps {
  /** They set the bins, which so hold still. */
  all: readonly Placed[];
  visible: readonly Placed[];
  /** Null where there is no selection. */
  selected: readonly Placed[] | null;
  scales: Scales;
  size: Size;
}

/** How the points spread, along the upper and the right edge of the chart: all that is drawn, and over it what is selected. */
export function Margins(props: MarginsProps) {
  return (
    <svg class="margins" aria-hidden="true">
      <Margin {...props} axis="x" />
      <Margin {...props} axis="y" />
    </svg>
  );
}

function Margin({
  all,
  visible,
  selected,
  scales,
  size: { width, height },
  axis,
}: MarginsProps & { axis: 'x' | 'y' }) {
  const domain = useMemo(() => extent(all, (point) => point[axis]) as [number, number], [all, axis]);
  const binned = (points: readonly Placed[]) =>
    bin<Placed, number>()
      .value((point) => point[axis])
      .domain(domain)
      .thresholds(BINS)(points as Placed[])
      .map(({ x0 = 0, x1 = 0, length }) => ({ from: x0, to: x1, length }));
  const under = useMemo(() => binned(visible), [visible, domain]);
  const over = useMemo(() => (selected ? binned(selected) : []), [selected, domain]);
  const highest = max(under, ({ length }) => length) || 1;
  const [low, high] =
    axis === 'x' ? [MARGIN.left, width - MARGIN.right] : [MARGIN.top, height - MARGIN.bottom];
  const bar = ({ from, to, length }: (typeof under)[number], name: string) => {
    const ends = [scales[axis](from), scales[axis](to)];
    const start = Math.max(low, Math.min(...ends));
    const thick = Math.min(high, Math.max(...ends)) - start - 1;
    if (thick <= 0 || length === 0) return null;
    const long = HIGH * Math.min(1, length / highest);
    const place =
      axis === 'x'
        ? { x: start, y: MARGIN.top - long, width: thick, height: long }
        : { x: width - MARGIN.right, y: start, width: long, height: thick };
    return <rect key={`${name} ${from}`} class={name} {...place} />;
  };
  return (
    <>
      {under.map((one) => bar(one, 'under'))}
      {over.map((one) => bar(one, 'over'))}
    </>
  );
}
