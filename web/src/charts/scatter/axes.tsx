import type { Outcome } from '../../app/state.js';
import type { Size } from '../chart.js';
import { densityTicks, MARGIN, outcomeTicks, type Scales } from './scales.js';

/** What the axis of an outcome is called, with its unit. */
export function outcomeTitle(outcome: Outcome): string {
  if (outcome === 'loss') return 'Loss, nats a token';
  if (outcome === 'perplexity') return 'Perplexity, log scale';
  if (outcome === 'bits') return 'Loss, bits a token';
  return `Gain by ${outcome.slice('gain:'.length)}, nats a token`;
}

/** Grid lines, tick labels and titles of both axes. */
export function Axes({
  scales: { x, y },
  size: { width, height },
  outcome,
}: {
  scales: Scales;
  size: Size;
  outcome: Outcome;
}) {
  return (
    <svg aria-hidden="true">
      <g class="axis">
        {densityTicks(x).map(({ at, text }) => (
          <g key={text}>
            <line x1={at} y1={MARGIN.top} x2={at} y2={height - MARGIN.bottom} />
            <text x={at} y={height - MARGIN.bottom + 16} text-anchor="middle">
              {text}
            </text>
          </g>
        ))}
        <text class="title" x={width - MARGIN.right} y={height - 6} text-anchor="end">
          log₁₀ density →
        </text>
      </g>
      <g class="axis">
        {outcomeTicks(y, outcome).map(({ at, text }) => (
          <g key={text}>
            <line x1={MARGIN.left} y1={at} x2={width - MARGIN.right} y2={at} />
            <text x={MARGIN.left - 8} y={at} dy="0.32em" text-anchor="end">
              {text}
            </text>
          </g>
        ))}
        <text class="title" x={0} y={12}>
          ↑ {outcomeTitle(outcome)}
        </text>
      </g>
    </svg>
  );
}
