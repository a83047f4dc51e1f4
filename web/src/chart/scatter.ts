import { pointer } from 'd3';
import { element } from '../element.js';
import type { Fit } from '../fit.js';
import type { KindMark } from '../kind-marks.js';
import type { DrawnPoint } from '../points.js';
import type { Scale } from '../view-state.js';
import { drawAxes } from './axes.js';
import { drawMarks } from './marks.js';
import { drawOverlay } from './overlay.js';
import { type Picker, pickerOf } from './pick.js';
import { type Scales, scalesFor } from './scales.js';
import { summaryText } from './summary.js';
import { factsText, showTooltip } from './tooltip.js';

const HOVER_RADIUS = 24;
const TOUCH_RADIUS = 36;

/** What the chart shows. */
export interface ScatterModel {
  /** All points: they set the axes, which so hold still while kinds come and go. */
  all: readonly DrawnPoint[];
  visible: readonly DrawnPoint[];
  marks: ReadonlyMap<string, KindMark>;
  fit: Fit | null;
  y: Scale;
  selected: number | null;
}

/** The chart on the page. */
export interface Scatter {
  update(model: ScatterModel): void;
  /** Draws again, after the colours changed. */
  redraw(): void;
  setBusy(busy: boolean): void;
}

/** Makes the scatter plot of loss on density; `onSelect` hears of the query that is clicked or entered. */
export function createScatter(root: HTMLElement, onSelect: (id: number) => void): Scatter {
  const axes = svgLayer();
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const overlay = svgLayer();
  const tooltip = element('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true });
  const summary = element('p', { class: 'for-reader', id: 'scatter-summary' });
  const spoken = element('p', { class: 'for-reader', 'aria-live': 'polite' });
  const frame = element(
    'div',
    {
      class: 'scatter',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': 'scatter plot',
      'aria-label': 'Loss against density, one point a query',
      'aria-describedby': summary.id,
    },
    axes,
    canvas,
    overlay,
    tooltip,
  );
  root.replaceChildren(frame, summary, spoken);

  let model: ScatterModel | undefined;
  let scales: Scales | undefined;
  let picker: Picker | undefined;
  let active: DrawnPoint | null = null;

  function draw(): void {
    const size = { width: frame.clientWidth, height: frame.clientHeight };
    if (!model || size.width === 0) return;
    scales = scalesFor(model.all, size);
    picker = pickerOf(model.visible, scales);
    drawAxes(axes, scales, size, model.y);
    drawMarks(canvas, model.visible, model.marks, scales, size);
    activate(active && model.visible.includes(active) ? active : null);
    frame.dataset.points = String(model.visible.length);
  }

  function activate(point: DrawnPoint | null): void {
    active = point;
    if (!model || !scales) return;
    const { fit, visible, selected: id } = model;
    const selected = visible.find((one) => one.id === id) ?? null;
    drawOverlay(overlay, { fit, selected, active }, scales);
    if (!point) tooltip.hidden = true;
    else {
      const place: [number, number] = [scales.x(point.log10Density), scales.y(point.loss)];
      showTooltip(tooltip, point, model.marks.get(point.kind), place);
    }
  }

  frame.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return;
    const [x, y] = pointer(event, frame);
    const point = picker?.near(x, y, HOVER_RADIUS) ?? null;
    if (point !== active) activate(point);
  });
  frame.addEventListener('pointerleave', () => activate(null));
  frame.addEventListener('blur', () => activate(null));
  frame.addEventListener('click', (event) => {
    const [x, y] = pointer(event, frame);
    const point = picker?.near(x, y, TOUCH_RADIUS);
    if (point) onSelect(point.id);
  });
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.key === 'Enter' || event.key === ' ') && active) {
      event.preventDefault();
      onSelect(active.id);
      return;
    }
    const from = active ?? model?.visible.find(({ id }) => id === model?.selected) ?? null;
    const point = picker?.step(from, event.key);
    if (!point) return;
    event.preventDefault();
    activate(point);
    spoken.textContent = `${point.kind}, ${point.source}: ${factsText(point)}. ${point.excerpt}`;
  });
  new ResizeObserver(draw).observe(frame);

  return {
    update(next) {
      model = next;
      summary.textContent = summaryText(next.visible, next.fit, next.y);
      draw();
    },
    redraw: draw,
    setBusy(busy) {
      frame.setAttribute('aria-busy', String(busy));
    },
  };
}

function svgLayer(): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  return svg;
}
