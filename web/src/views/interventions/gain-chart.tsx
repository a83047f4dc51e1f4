import { extent, pointer, quadtree, scaleLinear, symbol } from 'd3';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { ReportFile } from '../../../../client/index.js';
import { useNavigation } from '../../app/navigation.js';
import { Chart } from '../../charts/chart.js';
import { MARGIN } from '../../charts/scatter/scales.js';
import { counted, plain, twoDigits } from '../../parts/format.js';
import type { KindMark } from '../../parts/kind-marks.js';

/** Gain against the change of density, one point a query, by arm; a point opens its query with the leaked texts among its nearest. */
export function GainChart({
  result,
  colours,
}: {
  result: ReportFile.InterventionResult;
  colours: ReadonlyMap<string, KindMark>;
}) {
  const { go } = useNavigation();
  const { points, name, gainOnDensityChange } = result;
  const frame = useRef<SVGSVGElement>(null);
  const [active, setActive] = useState<(typeof points)[number] | null>(null);
  const slope = gainOnDensityChange?.coefficients.find((one) => one.name !== 'intercept');
  const summary = `${counted(points.length, 'query', 'queries')}. ${slope ? `Gain rises by ${twoDigits(slope.estimate)} nats a token for each tenfold rise in density (${twoDigits(slope.low)} to ${twoDigits(slope.high)}).` : ''}`;
  const [lowX = 0, highX = 1] = extent(points, ({ densityChange }) => densityChange);
  const [lowY = 0, highY = 1] = extent(points, ({ gain }) => gain);
  const sorted = useMemo(() => [...points].sort((a, b) => a.densityChange - b.densityChange), [points]);
  return (
    <Chart
      name={`gain-${name}`}
      title="Gain on Δ log₁₀ density, by query"
      summary={summary}
      height={340}
      role="group"
      data={{
        columns: ['id', 'arm', 'dose', 'densityChange', 'gain'],
        rows: () =>
          points.map(({ id, arm, dose, densityChange, gain }) => [id, arm, dose, densityChange, gain]),
      }}
    >
      {({ width, height }) => {
        const x = scaleLinear([lowX, highX], [MARGIN.left, width - MARGIN.right]).nice();
        const y = scaleLinear([lowY, highY], [height - MARGIN.bottom, MARGIN.top]).nice();
        const tree = quadtree<(typeof points)[number]>()
          .x(({ densityChange }) => x(densityChange))
          .y(({ gain }) => y(gain))
          .addAll([...points]);
        return (
          <>
            <svg
              ref={frame}
              class="picks-points"
              tabindex={0}
              role="application"
              aria-label="Arrow keys move between queries, Enter opens one"
              onPointerMove={(event) =>
                setActive(tree.find(...(pointer(event) as [number, number]), 20) ?? null)
              }
              onPointerLeave={() => setActive(null)}
              onClick={() => active && go({ query: active.id })}
              onKeyDown={(event) => {
                const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
                if (event.key === 'Enter' && active) go({ query: active.id });
                if (!by) return;
                event.preventDefault();
                const at = active ? sorted.indexOf(active) + by : 0;
                setActive(sorted[Math.max(0, Math.min(sorted.length - 1, at))] ?? null);
              }}
            >
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
                <text class="title" x={width - MARGIN.right} y={height - 6} text-anchor="end">
                  Δ log₁₀ density →
                </text>
                <text class="title" x={0} y={12}>
                  ↑ Gain, nats a token
                </text>
              </g>
              {points.map((point) => (
                <path
                  key={point.id}
                  class="mark"
                  d={symbol(colours.get(point.arm)!.shape, 26)() ?? ''}
                  transform={`translate(${x(point.densityChange)},${y(point.gain)})`}
                  style={{ '--own': `var(${colours.get(point.arm)!.colour})` }}
                />
              ))}
              {active && <circle class="ring" cx={x(active.densityChange)} cy={y(active.gain)} r={7} />}
            </svg>
            <p class="for-reader" aria-live="polite">
              {active
                ? `${active.arm}: density changed by ${twoDigits(active.densityChange)}, gain ${twoDigits(active.gain)}`
                : ''}
            </p>
          </>
        );
      }}
    </Chart>
  );
}
