import { group } from 'd3';
import { useEffect, useRef } from 'preact/hooks';
import type { Outcome } from '../../app/state.js';
import { Chart, type Size } from '../../charts/chart.js';
import { Axes } from '../../charts/scatter/axes.js';
import { drawMarks } from '../../charts/scatter/marks.js';
import { Overlay } from '../../charts/scatter/overlay.js';
import { scalesFor } from '../../charts/scatter/scales.js';
import { fitLine } from '../../data/fit.js';
import type { DrawnPoint } from '../../data/use-points.js';
import { counted, twoDigits } from '../../parts/format.js';
import type { KindMark } from '../../parts/kind-marks.js';

type GroupedPoint = DrawnPoint & { group: string };

/** The same chart for each group alone, on the same axes. */
export function Facets({
  points,
  marks,
  outcome,
}: {
  points: readonly GroupedPoint[];
  marks: ReadonlyMap<string, KindMark>;
  outcome: Outcome;
}) {
  return (
    <div class="facets">
      {[...group(points, (point) => point.group)].map(([name, own]) => {
        const fit = fitLine(own);
        const words = `${name}: ${counted(own.length, 'query', 'queries')}${fit ? `, r = ${twoDigits(fit.r)}` : ''}`;
        return (
          <Chart key={name} name={`group-${name}`} title={words} summary={words} height={220}>
            {(size) => <Facet all={points} own={own} {...{ marks, outcome, size }} />}
          </Chart>
        );
      })}
    </div>
  );
}

function Facet({
  all,
  own,
  marks,
  outcome,
  size,
}: {
  all: readonly GroupedPoint[];
  own: readonly GroupedPoint[];
  marks: ReadonlyMap<string, KindMark>;
  outcome: Outcome;
  size: Size;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scales = scalesFor(all, size);
  useEffect(() => {
    drawMarks(canvas.current!, own, marks, scales);
  });
  return (
    <div class="layers">
      <Axes scales={scales} size={size} outcome={outcome} />
      <canvas ref={canvas} />
      <Overlay
        {...{ scales, size }}
        fit={fitLine(own)}
        region={null}
        active={null}
        selected={null}
        asked={[]}
      />
    </div>
  );
}
