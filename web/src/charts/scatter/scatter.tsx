import { pointer, select, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Outcome, Region } from '../../app/state.js';
import type { LineFit } from '../../data/fit.js';
import type { IsSelected } from '../../data/use-selection.js';
import type { KindMark } from '../../parts/kind-marks.js';
import type { Size } from '../chart.js';
import { boxOf } from '../region.js';
import { Axes } from './axes.js';
import { drawHexagons } from './hexagons.js';
import { Margins } from './margins.js';
import { drawMarks, type Mark } from './marks.js';
import { Overlay } from './overlay.js';
import { pickerOf } from './pick.js';
import { scalesFor, zoomed } from './scales.js';

/** What dragging does. */
export type Tool = 'box' | 'lasso' | 'pan';

export type ScatterPoint = Mark;

const HOVER_RADIUS = 24;
const TOUCH_RADIUS = 36;
const MOST_ZOOM = 200;
/** Steps of a selection that is made by keys, as a share of the chart. */
const KEY_STEP = 0.02;

/** A scatter plot that can be zoomed, and parts of it selected, by pointer and by keys. */
export function Scatter<P extends ScatterPoint>({
  all,
  visible,
  marks,
  fit,
  smooth,
  asHexagons,
  outcome,
  tool,
  region,
  isSelected,
  selection,
  selected,
  asked,
  size,
  describe,
  onRegion,
  onOpen,
}: {
  /** They set the axes, which so hold still while others come and go. */
  all: readonly P[];
  visible: readonly P[];
  marks: ReadonlyMap<string, KindMark>;
  fit: LineFit | null;
  smooth: readonly { x: number; y: number }[] | undefined;
  asHexagons: boolean;
  outcome: Outcome;
  tool: Tool;
  region: Region | null;
  /** Others fade. */
  isSelected: IsSelected;
  /** Those that are selected, for the histograms at the edges; null where all are. */
  selection: readonly { x: number; y: number }[] | null;
  selected: number | null;
  /** log10 densities of texts that were asked about, which have no outcome. */
  asked: readonly number[];
  size: Size;
  /** A point in a line. */
  describe: (point: P) => string;
  /** `isDone` is false while it is being drawn. */
  onRegion: (region: Region | null, isDone: boolean) => void;
  onOpen: (id: number) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const behaviour = useRef<ZoomBehavior<HTMLDivElement, unknown> | null>(null);
  const [transform, setTransform] = useState<ZoomTransform>(zoomIdentity);
  const [active, setActive] = useState<P | null>(null);
  const base = useMemo(() => scalesFor(all, size), [all, size.width, size.height]);
  const scales = useMemo(() => zoomed(base, transform), [base, transform]);
  const picker = useMemo(() => pickerOf(visible, base), [visible, base]);

  useEffect(() => {
    const isIn = isSelected ?? undefined;
    if (asHexagons) drawHexagons(canvas.current!, visible, scales, isIn);
    else drawMarks(canvas.current!, visible, marks, scales, isIn);
    frame.current!.dataset.points = String(visible.length);
  });

  useEffect(() => {
    const own = zoom<HTMLDivElement, unknown>()
      .scaleExtent([1, MOST_ZOOM])
      .extent([
        [0, 0],
        [size.width, size.height],
      ])
      .translateExtent([
        [0, 0],
        [size.width, size.height],
      ])
      // Dragging selects, unless the tool is to pan; the wheel and two fingers always zoom.
      .filter((event: Event) => {
        if (event.type === 'wheel') return true;
        if (event instanceof TouchEvent && event.touches.length > 1) return true;
        return frame.current!.dataset.tool === 'pan';
      })
      .on('zoom', ({ transform: next }: { transform: ZoomTransform }) => setTransform(next));
    behaviour.current = own;
    const target = select(frame.current!).call(own).on('dblclick.zoom', null);
    return () => void target.on('.zoom', null);
  }, [size.width, size.height]);

  const place = (event: PointerEvent): [number, number] => {
    const [atX, atY] = pointer(event, frame.current!);
    return [scales.x.invert(atX), scales.y.invert(atY)];
  };

  function startRegion(event: PointerEvent): void {
    if (tool === 'pan' || event.button !== 0) return;
    const from = place(event);
    const [startX, startY] = pointer(event, frame.current!);
    const corners = [from];
    let drawn: Region | null = null;
    const move = (moved: PointerEvent) => {
      const to = place(moved);
      const [atX, atY] = pointer(moved, frame.current!);
      if (!drawn && Math.hypot(atX - startX, atY - startY) < 4) return;
      if (tool === 'lasso') corners.push(to);
      drawn =
        tool === 'box'
          ? boxOf(from, to)
          : corners.length > 2
            ? { shape: 'lasso', corners: [...corners] }
            : null;
      if (drawn) onRegion(drawn, false);
    };
    const end = (last: PointerEvent) => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
      if (drawn) onRegion(drawn, true);
      else {
        const point = picker.near(pointer(last, frame.current!) as [number, number], TOUCH_RADIUS, scales);
        if (point) onOpen(point.id);
      }
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
  }

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressed(event)) event.preventDefault();
  }

  /** Arrows move from point to point, with B through a selection; Enter opens; + and − zoom. */
  function pressed(event: KeyboardEvent): boolean {
    const target = select(frame.current!);
    if (event.key === '+' || event.key === '=') {
      behaviour.current?.scaleBy(target, 1.5);
      return true;
    }
    if (event.key === '-') {
      behaviour.current?.scaleBy(target, 1 / 1.5);
      return true;
    }
    if (event.key === '0') {
      behaviour.current?.transform(target, zoomIdentity);
      return true;
    }
    if (event.key === 'b') {
      const at = active ?? visible[0];
      if (!at) return false;
      const [wide, high] = stepOf();
      onRegion(boxOf([at.x - 5 * wide, at.y - 5 * high], [at.x + 5 * wide, at.y + 5 * high]), true);
      return true;
    }
    if (region?.shape === 'box' && event.shiftKey && event.key.startsWith('Arrow')) {
      onRegion(resized(region, event.key), true);
      return true;
    }
    if ((event.key === 'Enter' || event.key === ' ') && active) {
      onOpen(active.id);
      return true;
    }
    const next = picker.step(active ?? visible.find(({ id }) => id === selected) ?? null, event.key);
    if (next) setActive(next);
    return next !== undefined;
  }

  const stepOf = (): [number, number] => {
    const [x0, x1] = scales.x.domain() as [number, number];
    const [y0, y1] = scales.y.domain() as [number, number];
    return [KEY_STEP * (x1 - x0), KEY_STEP * (y1 - y0)];
  };

  /** Shift and arrows move the right and upper edges of a box. */
  function resized(box: Extract<Region, { shape: 'box' }>, key: string): Region {
    const [wide, high] = stepOf();
    const [right, up] = [
      { ArrowRight: wide, ArrowLeft: -wide }[key] ?? 0,
      { ArrowUp: high, ArrowDown: -high }[key] ?? 0,
    ];
    return boxOf([box.x[0], box.y[0]], [box.x[1] + right, box.y[1] + up]);
  }

  const shown = active && visible.includes(active) ? active : null;
  return (
    <div
      ref={frame}
      class="scatter"
      data-tool={tool}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: points are reached by keys
      tabIndex={0}
      role="application"
      aria-roledescription="scatter plot"
      aria-label="Scatter plot: arrow keys move between points, Enter opens one, B selects around it, Shift and arrows resize the selection"
      onPointerDown={startRegion}
      onPointerMove={(event) => {
        if (event.pointerType === 'touch' || event.buttons > 0) return;
        setActive(picker.near(pointer(event, frame.current!) as [number, number], HOVER_RADIUS, scales));
      }}
      onPointerLeave={() => setActive(null)}
      onBlur={() => setActive(null)}
      onKeyDown={press}
    >
      <Axes scales={scales} size={size} outcome={outcome} />
      <Margins {...{ all, visible, scales, size }} selected={selection} />
      <canvas ref={canvas} />
      <Overlay
        {...{ scales, size, fit, region, asked, ...(smooth && { smooth }) }}
        active={shown}
        selected={visible.find(({ id }) => id === selected) ?? null}
      />
      {shown && (
        <div
          class="tooltip"
          style={{
            [scales.x(shown.x) > size.width / 2 ? 'right' : 'left']:
              `${Math.round((scales.x(shown.x) > size.width / 2 ? size.width - scales.x(shown.x) : scales.x(shown.x)) + 14)}px`,
            top: `${Math.round(Math.max(0, Math.min(size.height - 90, scales.y(shown.y) - 30)))}px`,
          }}
        >
          {describe(shown)}
        </div>
      )}
      <p class="for-reader" aria-live="polite">
        {shown ? describe(shown) : ''}
      </p>
    </div>
  );
}
