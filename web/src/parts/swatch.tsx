import { symbol, symbolCircle } from 'd3';
import type { KindMark } from './kind-marks.js';

/** A mark as a small drawing beside its kind's name. */
export function Swatch({ mark }: { mark: KindMark | undefined }) {
  return (
    <svg class="swatch" viewBox="-6 -6 12 12" aria-hidden="true">
      <path d={symbol(mark?.shape ?? symbolCircle, 60)() ?? ''} fill={`var(${mark?.colour ?? '--kind-6'})`} />
    </svg>
  );
}
