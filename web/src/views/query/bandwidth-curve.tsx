import { extent, line, scaleLinear, scaleLog } from 'd3';
import type { BandwidthDensity, Measurement } from '../../../../client/index.js';
import { Chart } from '../../charts/chart.js';
import { plain, twoDigits } from '../../parts/format.js';

const MARGIN = { top: 8, right: 10, bottom: 30, left: 36 };

/** A query's density against the bandwidth. */
export function BandwidthCurve({
  curve,
  measurement,
}: {
  curve: readonly BandwidthDensity[];
  measurement: Measurement;
}) {
  const points = curve.flatMap(({ bandwidth, log10Density }) =>
    log10Density === null ? [] : [{ bandwidth, log10Density }],
  );
  if (points.length < 2) return null;
  const [from, to] = [points[0]!, points.at(-1)!];
  const summary = `log10 density from ${twoDigits(from.log10Density)} at h = ${from.bandwidth.toPrecision(2)} to ${twoDigits(to.log10Density)} at h = ${to.bandwidth.toPrecision(2)}; h = ${measurement.bandwidth.toPrecision(3)} is the measurement's.`;
  return (
    <Chart
      name="density-by-bandwidth"
      title="Density by bandwidth"
      summary={summary}
      height={140}
      data={{
        columns: ['bandwidth', 'log10Density', 'errorBound'],
        rows: () =>
          curve.map(({ bandwidth, log10Density, errorBound }) => [bandwidth, log10Density, errorBound]),
      }}
    >
      {({ width, height }) => {
        const x = scaleLog(extent(points, (one) => one.bandwidth) as [number, number], [
          MARGIN.left,
          width - MARGIN.right,
        ]);
        const y = scaleLinear(extent(points, (one) => one.log10Density) as [number, number], [
          height - MARGIN.bottom,
          MARGIN.top,
        ]).nice(4);
        const at = x(measurement.bandwidth);
        return (
          <svg aria-hidden="true">
            <g class="axis">
              {y.ticks(4).map((value) => (
                <g key={value}>
                  <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(value)} y2={y(value)} />
                  <text x={MARGIN.left - 6} y={y(value)} dy="0.32em" text-anchor="end">
                    {plain(value)}
                  </text>
                </g>
              ))}
              <text x={MARGIN.left} y={height - 12} text-anchor="middle">
                {x.domain()[0]!.toPrecision(2)}
              </text>
              <text x={width - MARGIN.right} y={height - 12} text-anchor="end">
                {x.domain()[1]!.toPrecision(2)}
              </text>
              <text class="title" x={(MARGIN.left + width) / 2} y={height - 2} text-anchor="middle">
                bandwidth h →
              </text>
            </g>
            <line class="at" x1={at} x2={at} y1={MARGIN.top} y2={height - MARGIN.bottom} />
            <path
              class="line"
              d={
                line<(typeof points)[number]>(
                  (one) => x(one.bandwidth),
                  (one) => y(one.log10Density),
                )(points) ?? ''
              }
            />
          </svg>
        );
      }}
    </Chart>
  );
}
