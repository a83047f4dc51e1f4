import { max, min, scaleLinear } from 'd3';
import { plain } from '../parts/format.js';
import { Chart } from './chart.js';

const ROW = 30;
const TOP = 10;
const BOTTOM = 40;
const LABEL = 200;
/** Notes are left out where labels have less room than this. */
const NOTED = 180;

/** An estimate with its interval. */
export interface Interval {
  label: string;
  note?: string;
  estimate: number;
  low: number;
  high: number;
  /** A CSS custom property. */
  colour?: string;
}

/** Estimates as dots with 95 % intervals, one a row, against a line at 0. */
export function IntervalPlot({
  name,
  title,
  axis,
  rows,
}: {
  name: string;
  title: string;
  /** What the numbers are, with their unit. */
  axis: string;
  rows: readonly Interval[];
}) {
  const words = ({ label, estimate, low, high }: Interval) =>
    `${label}: ${estimate.toFixed(3)}, interval ${low.toFixed(3)} to ${high.toFixed(3)}`;
  return (
    <Chart
      name={name}
      title={title}
      summary={rows.slice(0, 40).map(words).join('. ')}
      height={TOP + BOTTOM + ROW * rows.length}
      data={{
        columns: ['label', 'estimate', 'low', 'high'],
        rows: () => rows.map(({ label, estimate, low, high }) => [label, estimate, low, high]),
      }}
    >
      {({ width, height }) => {
        const label = Math.min(LABEL, width * 0.42);
        const x = scaleLinear(
          [Math.min(0, min(rows, ({ low }) => low) ?? 0), Math.max(0, max(rows, ({ high }) => high) ?? 1)],
          [label + 12, width - 16],
        ).nice(5);
        return (
          <svg aria-hidden="true">
            <g class="axis">
              {x.ticks(5).map((value) => (
                <g key={value}>
                  <line
                    class={value === 0 ? 'zero' : ''}
                    x1={x(value)}
                    x2={x(value)}
                    y1={TOP}
                    y2={height - BOTTOM}
                  />
                  <text x={x(value)} y={height - BOTTOM + 16} text-anchor="middle">
                    {plain(value)}
                  </text>
                </g>
              ))}
              <text class="title" x={width - 16} y={height - 4} text-anchor="end">
                {axis} →
              </text>
            </g>
            {rows.map((row, i) => (
              <g
                key={row.label}
                class="estimate"
                transform={`translate(0,${TOP + ROW * (i + 0.5)})`}
                style={{ '--own': `var(${row.colour ?? '--accent'})` }}
              >
                <title>{words(row)}</title>
                <text x={label} dy={row.note && label >= NOTED ? '-0.1em' : '0.34em'} text-anchor="end">
                  {row.label}
                </text>
                {row.note && label >= NOTED && (
                  <text class="small" x={label} dy="1em" text-anchor="end">
                    {row.note}
                  </text>
                )}
                <line x1={x(row.low)} x2={x(row.high)} />
                <circle cx={x(row.estimate)} r={4.5} />
              </g>
            ))}
          </svg>
        );
      }}
    </Chart>
  );
}
