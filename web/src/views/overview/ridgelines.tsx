import { area, curveBasis, extent, group, max, median, range, scaleLinear } from 'd3';
import { useMemo } from 'preact/hooks';
import { Chart } from '../../charts/chart.js';
import { count, plain, twoDigits } from '../../parts/format.js';
import type { KindMark } from '../../parts/kind-marks.js';

const ROW = 64;
const MARGIN = { top: 4, right: 12, bottom: 36, left: 116 };
const STEPS = 120;

interface Ridge {
  kind: string;
  queries: number;
  median: number;
  /** Heights at `STEPS` places, each ridge's own area the same. */
  heights: number[];
}

/** How the log densities of each kind of query spread: one ridge a kind, smoothed by a gaussian of Silverman's width. */
export function Ridgelines({
  points,
  marks,
}: {
  points: readonly { kind: string; x: number }[];
  marks: ReadonlyMap<string, KindMark>;
}) {
  const [low, high] = extent(points, ({ x }) => x) as [number, number];
  const places = range(STEPS).map((i) => low - 0.5 + ((high - low + 1) * i) / (STEPS - 1));
  const ridges = useMemo(
    () =>
      [...group(points, ({ kind }) => kind)]
        .map(
          ([kind, own]): Ridge => ({
            kind,
            queries: own.length,
            median: median(own, ({ x }) => x)!,
            heights: smoothed(
              own.map(({ x }) => x),
              places,
            ),
          }),
        )
        .sort((a, b) => b.median - a.median),
    [points],
  );
  if (points.length === 0) return <p class="muted">No query has a density.</p>;
  const summary = ridges
    .map(
      ({ kind, queries, median: middle }) =>
        `${kind}: ${count(queries)} queries, median log10 density ${twoDigits(middle)}`,
    )
    .join('. ');
  const highest = max(ridges, ({ heights }) => max(heights))!;
  return (
    <Chart
      name="densities"
      title="log₁₀ density by kind"
      summary={summary}
      height={ROW * ridges.length + MARGIN.top + MARGIN.bottom}
      data={{ columns: ['kind', 'log10Density'], rows: () => points.map(({ kind, x }) => [kind, x]) }}
    >
      {({ width, height }) => {
        const x = scaleLinear([places[0]!, places.at(-1)!], [MARGIN.left, width - MARGIN.right]);
        const shape = area<number>()
          .curve(curveBasis)
          .x((_, i) => x(places[i]!))
          .y0(0)
          .y1((height) => (-height / highest) * ROW * 0.92);
        return (
          <svg aria-hidden="true">
            <g class="axis">
              {x.ticks(6).map((value) => (
                <g key={value}>
                  <line x1={x(value)} x2={x(value)} y1={MARGIN.top} y2={height - MARGIN.bottom} />
                  <text x={x(value)} y={height - MARGIN.bottom + 16} text-anchor="middle">
                    {plain(value)}
                  </text>
                </g>
              ))}
              <text class="title" x={width - MARGIN.right} y={height - 3} text-anchor="end">
                log₁₀ density →
              </text>
            </g>
            {ridges.map(({ kind, queries, heights, median: middle }, i) => (
              <g key={kind} transform={`translate(0,${MARGIN.top + ROW * (i + 1)})`} class="ridge">
                <path d={shape(heights) ?? ''} style={{ '--own': `var(${marks.get(kind)?.colour})` }} />
                <line
                  x1={x(middle)}
                  x2={x(middle)}
                  y1={0}
                  y2={-ROW * 0.5}
                  style={{ '--own': `var(${marks.get(kind)?.colour})` }}
                />
                <text x={0} y={-22}>
                  {kind}
                </text>
                <text class="small" x={0} y={-6}>
                  {count(queries)}, median {twoDigits(middle)}
                </text>
              </g>
            ))}
          </svg>
        );
      }}
    </Chart>
  );
}

function smoothed(values: readonly number[], places: readonly number[]): number[] {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1),
  );
  const width = Math.max(0.05, 1.06 * deviation * n ** -0.2);
  // Binned first, so that a hundred thousand values cost no more than a hundred.
  const step = places[1]! - places[0]!;
  const bins = new Float64Array(places.length);
  for (const value of values) bins[Math.round((value - places[0]!) / step)]!++;
  return places.map((_, i) => {
    let sum = 0;
    bins.forEach((count, j) => {
      if (count > 0) sum += count * Math.exp(-0.5 * (((i - j) * step) / width) ** 2);
    });
    return sum / (n * width);
  });
}
