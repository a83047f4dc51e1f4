import { area, line, range, symbol, symbolDiamond } from 'd3';
import type { Region } from '../../app/state.js';
import { bandAt, type LineFit } from '../../data/fit.js';
import type { Size } from '../chart.js';
import { MARGIN, type Scales } from './scales.js';

interface Place {
  x: number;
  y: number;
  low?: number | null;
  high?: number | null;
}

/** Over the points: the fitted line, the selection, rings with intervals, and where texts lie that were asked about. */
export function Overlay({
  scales: { x, y },
  size: { width, height },
  fit,
  smooth,
  region,
  active,
  selected,
  asked,
}: {
  scales: Scales;
  size: Size;
  fit: LineFit | null;
  /** Of a running median. */
  smooth?: readonly { x: number; y: number }[];
  region: Region | null;
  active: Place | null;
  selected: Place | null;
  asked: readonly number[];
}) {
  const [from, to] = x.domain() as [number, number];
  const bottom = height - MARGIN.bottom;
  return (
    <svg aria-hidden="true">
      <svg
        aria-hidden="true"
        x={MARGIN.left}
        y={MARGIN.top}
        width={Math.max(0, width - MARGIN.left - MARGIN.right)}
        height={Math.max(0, bottom - MARGIN.top)}
        viewBox={`${MARGIN.left} ${MARGIN.top} ${Math.max(0, width - MARGIN.left - MARGIN.right)} ${Math.max(0, bottom - MARGIN.top)}`}
      >
        {fit && <path class="band" d={bandPath(fit, { x, y })} />}
        {fit &&
          // Drawn twice: a halo keeps the line apart from the points.
          ['fit halo', 'fit'].map((name) => (
            <line
              key={name}
              class={name}
              x1={x(from)}
              y1={y(fit.intercept + fit.slope * from)}
              x2={x(to)}
              y2={y(fit.intercept + fit.slope * to)}
            />
          ))}
        {smooth && (
          <path
            class="smooth"
            d={
              line<{ x: number; y: number }>(
                (one) => x(one.x),
                (one) => y(one.y),
              )(smooth) ?? ''
            }
          />
        )}
        {region?.shape === 'box' && (
          <rect
            class="region"
            x={x(region.x[0])}
            y={y(region.y[1])}
            width={Math.max(0, x(region.x[1]) - x(region.x[0]))}
            height={Math.max(0, y(region.y[0]) - y(region.y[1]))}
          />
        )}
        {region?.shape === 'lasso' && (
          <polygon class="region" points={region.corners.map(([cx, cy]) => `${x(cx)},${y(cy)}`).join(' ')} />
        )}
        {[active, selected].map(
          (point, i) => point && <Ring key={i} at={point} x={x} y={y} isSelected={i === 1} />,
        )}
      </svg>
      {asked.map((density) => (
        <path
          key={density}
          class="asked"
          d={symbol(symbolDiamond, 90)()!}
          transform={`translate(${Math.max(MARGIN.left, Math.min(width - MARGIN.right, x(density)))},${bottom})`}
        />
      ))}
    </svg>
  );
}

const BAND_STEPS = 40;

/** The 95 % band of a line. */
function bandPath(fit: LineFit, { x, y }: Scales): string {
  const [from, to] = x.domain() as [number, number];
  const places = range(BAND_STEPS + 1).map((i) => from + ((to - from) * i) / BAND_STEPS);
  return (
    area<number>()
      .x((at) => x(at))
      .y0((at) => y(fit.intercept + fit.slope * at - bandAt(fit, at)))
      .y1((at) => y(fit.intercept + fit.slope * at + bandAt(fit, at)))(places) ?? ''
  );
}

function Ring({ at, x, y, isSelected }: { at: Place; isSelected: boolean } & Scales) {
  const { low = null, high = null } = at;
  return (
    <g>
      {low !== null && high !== null && high > low && (
        <line class="interval" x1={x(low)} x2={x(high)} y1={y(at.y)} y2={y(at.y)} />
      )}
      <circle class={isSelected ? 'ring selected' : 'ring'} cx={x(at.x)} cy={y(at.y)} r={7} />
    </g>
  );
}
