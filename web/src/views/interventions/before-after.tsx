import { extent, scaleLinear } from 'd3';
import type { ReportFile } from '../../../../client/index.js';
import { Chart } from '../../charts/chart.js';
import { MARGIN } from '../../charts/scatter/scales.js';
import { fitLine } from '../../data/fit.js';
import { plain, twoDigits } from '../../parts/format.js';

const TREATED = '--kind-2';
const BEFORE = '--kind-1';

/** Loss on density before and after, as two lines over the intervention's queries. */
export function BeforeAfter({
  result: { name, points },
  queries,
}: {
  result: ReportFile.InterventionResult;
  queries: readonly ReportFile.QueryPoint[];
}) {
  const known = new Map(queries.map((query) => [query.id, query]));
  const before = points.flatMap(({ id }) => {
    const query = known.get(id);
    return query ? [{ x: query.log10Density, y: query.loss }] : [];
  });
  const after = points.flatMap(({ id, densityChange, gain }) => {
    const query = known.get(id);
    return query ? [{ x: query.log10Density + densityChange, y: query.loss - gain }] : [];
  });
  const lines = [
    { what: 'before', of: before, fit: fitLine(before), colour: BEFORE },
    { what: 'after', of: after, fit: fitLine(after), colour: TREATED },
  ];
  const all = [...before, ...after];
  if (all.length === 0) return null;
  const summary = lines
    .map(({ what, fit }) =>
      fit ? `${what}: ${twoDigits(fit.slope)} nats a token a tenfold density, r = ${twoDigits(fit.r)}` : what,
    )
    .join('; ');
  return (
    <Chart
      name={`before-after-${name}`}
      title="Loss on density, before and after"
      summary={summary}
      height={340}
      data={{
        columns: ['when', 'log10Density', 'loss'],
        rows: () => lines.flatMap(({ what, of }) => of.map(({ x, y }) => [what, x, y])),
      }}
    >
      {({ width, height }) => {
        const x = scaleLinear(extent(all, (one) => one.x) as [number, number], [
          MARGIN.left,
          width - MARGIN.right,
        ]).nice();
        const y = scaleLinear(extent(all, (one) => one.y) as [number, number], [
          height - MARGIN.bottom,
          MARGIN.top,
        ]).nice();
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
              {y.ticks(5).map((value) => (
                <g key={value}>
                  <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(value)} y2={y(value)} />
                  <text x={MARGIN.left - 8} y={y(value)} dy="0.32em" text-anchor="end">
                    {plain(value)}
                  </text>
                </g>
              ))}
              <text class="title" x={width - MARGIN.right} y={height - 6} text-anchor="end">
                log₁₀ density →
              </text>
              <text class="title" x={0} y={12}>
                ↑ Loss, nats a token
              </text>
            </g>
            {lines.map(({ what, of, fit, colour }) => (
              <g key={what} style={{ '--own': `var(${colour})` }}>
                {of.map((one, i) => (
                  <circle key={i} class="mark" cx={x(one.x)} cy={y(one.y)} r={2.5} />
                ))}
                {fit && (
                  <line
                    class="own-line"
                    x1={x.range()[0]}
                    x2={x.range()[1]}
                    y1={y(fit.intercept + fit.slope * x.domain()[0]!)}
                    y2={y(fit.intercept + fit.slope * x.domain()[1]!)}
                  />
                )}
                <text
                  class="own-label"
                  x={width - MARGIN.right - 4}
                  y={MARGIN.top + (what === 'before' ? 14 : 32)}
                  text-anchor="end"
                >
                  {what}: {fit ? `${twoDigits(fit.slope)} a tenfold` : ''}
                </text>
              </g>
            ))}
          </svg>
        );
      }}
    </Chart>
  );
}
