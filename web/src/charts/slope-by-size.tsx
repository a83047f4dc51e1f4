import { extent, format, scaleLinear, scaleLog } from 'd3';
import { plain, twoDigits } from '../parts/format.js';
import { Chart } from './chart.js';
import { MARGIN } from './scatter/scales.js';

interface Cell {
  run: string;
  slope: number;
  slopeLow: number;
  slopeHigh: number;
  r2: number;
}

const si = format('.2~s');

/** Slope and R² of density against a covariate of the runs, as two small charts. */
export function SlopeBySize({
  cells,
  sizeOf,
  covariate,
}: {
  cells: readonly Cell[];
  sizeOf: (run: string) => number;
  covariate: string;
}) {
  const known = cells.filter(({ run }) => Number.isFinite(sizeOf(run)));
  if (known.length < 2) return null;
  const [low, high] = extent(known, ({ run }) => sizeOf(run)) as [number, number];
  const isLog = low > 0 && high / low > 10;
  const charts = [
    {
      what: 'Slope on density',
      of: ({ slope }: Cell) => slope,
      low: (one: Cell) => one.slopeLow,
      high: (one: Cell) => one.slopeHigh,
    },
    { what: 'R²', of: ({ r2 }: Cell) => r2, low: ({ r2 }: Cell) => r2, high: ({ r2 }: Cell) => r2 },
  ];
  return (
    <div class="two">
      {charts.map((chart) => (
        <Chart
          key={chart.what}
          name={`${chart.what}-by-${covariate}`}
          title={`${chart.what} by ${covariate}`}
          summary={known
            .map((one) => `${one.run}, ${si(sizeOf(one.run))}: ${twoDigits(chart.of(one))}`)
            .join('. ')}
          height={240}
          data={{
            columns: ['run', covariate, chart.what],
            rows: () => known.map((one) => [one.run, sizeOf(one.run), chart.of(one)]),
          }}
        >
          {({ width, height }) => {
            const x = isLog
              ? scaleLog([low, high], [MARGIN.left + 8, width - MARGIN.right - 8])
              : scaleLinear([low, high], [MARGIN.left + 8, width - MARGIN.right - 8]);
            const values = known.flatMap((one) => [chart.low(one), chart.high(one)]);
            const y = scaleLinear(extent([0, ...values]) as [number, number], [
              height - MARGIN.bottom,
              MARGIN.top,
            ]).nice(5);
            return (
              <svg aria-hidden="true">
                <g class="axis">
                  {y.ticks(5).map((value) => (
                    <g key={value}>
                      <line
                        class={value === 0 ? 'zero' : ''}
                        x1={MARGIN.left}
                        x2={width - MARGIN.right}
                        y1={y(value)}
                        y2={y(value)}
                      />
                      <text x={MARGIN.left - 8} y={y(value)} dy="0.32em" text-anchor="end">
                        {plain(value)}
                      </text>
                    </g>
                  ))}
                  {[low, high].map((value) => (
                    <text key={value} x={x(value)} y={height - MARGIN.bottom + 16} text-anchor="middle">
                      {si(value)}
                    </text>
                  ))}
                  <text class="title" x={width - MARGIN.right} y={height - 6} text-anchor="end">
                    {covariate}
                    {isLog ? ', log scale' : ''} →
                  </text>
                </g>
                {known.map((one) => (
                  <g key={one.run} class="estimate" style={{ '--own': 'var(--accent)' }}>
                    <title>{`${one.run}: ${twoDigits(chart.of(one))}`}</title>
                    <line
                      x1={x(sizeOf(one.run))}
                      x2={x(sizeOf(one.run))}
                      y1={y(chart.low(one))}
                      y2={y(chart.high(one))}
                    />
                    <circle cx={x(sizeOf(one.run))} cy={y(chart.of(one))} r={4} />
                  </g>
                ))}
              </svg>
            );
          }}
        </Chart>
      ))}
    </div>
  );
}
