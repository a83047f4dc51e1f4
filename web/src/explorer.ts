import { rollup } from 'd3';
import type { Points, Query, Study } from '../../client/index.js';
import { fetchPoints, fetchQuery } from './api-client.js';
import { showCaption } from './caption.js';
import { createScatter } from './chart/scatter.js';
import { showControls } from './controls.js';
import { byId } from './element.js';
import { fitLine } from './fit.js';
import { type KindMark, kindMarks } from './kind-marks.js';
import { showLegend } from './legend.js';
import { clearMessage, showEmpty, showError, showLoading } from './message.js';
import { showHeader } from './page-header.js';
import type { Rank } from './panel/density-figure.js';
import { showOverview } from './panel/overview.js';
import { showQuery, showQueryError } from './panel/query-panel.js';
import { type DrawnPoint, drawable } from './points.js';
import { formatState, parseState, type ViewState } from './view-state.js';

/** What has been fetched for the chart, and what was asked for. */
interface Loaded {
  asked: Pick<ViewState, 'measurement' | 'run'>;
  view: Points;
  drawn: DrawnPoint[];
  marks: Map<string, KindMark>;
}

/** Runs the page of a study: state in the URL, points and queries from the API. Returns what draws it again. */
export function startExplorer(study: Study): { redraw: () => void } {
  const panel = byId('panel');
  const scatter = createScatter(byId('scatter'), (id) => void select(id));
  let state = parseState(location.search);
  let loaded: Loaded | undefined;
  let query: Query | undefined;
  let pointsRequest = new AbortController();
  let queryRequest = new AbortController();

  async function change(patch: Partial<ViewState>): Promise<void> {
    const next = { ...state, ...patch };
    if (formatState(next) === formatState(state)) return;
    history.pushState(null, '', location.pathname + formatState(next));
    await follow(next);
  }

  async function select(id: number | null): Promise<void> {
    await change({ query: id });
    // In one column the panel is below the chart.
    if (matchMedia('(max-width: 60rem)').matches) (id === null ? byId('scatter') : panel).scrollIntoView();
  }

  /** Makes the page show a state, fetching what it lacks. */
  async function follow(next: ViewState): Promise<void> {
    state = next;
    pointsRequest.abort();
    const { measurement, run } = loaded?.asked ?? {};
    if (measurement !== next.measurement || run !== next.run) {
      if (!(await loadPoints())) return;
    }
    scatter.setBusy(false);
    draw();
    const measured = query?.density?.measurement.id === loaded?.view.measurement?.id;
    if (next.query !== null && (query?.id !== next.query || !measured)) {
      await loadQuery(next.query);
      return;
    }
    queryRequest.abort();
    if (next.query === null) query = undefined;
    drawPanel();
  }

  /** Fetches the points of the state; false where they did not come, or are no longer wanted. */
  async function loadPoints(): Promise<boolean> {
    const request = new AbortController();
    pointsRequest = request;
    const { measurement, run } = state;
    if (!loaded) showLoading('points');
    scatter.setBusy(true);
    try {
      const view = await fetchPoints(measurement, run, request.signal);
      const drawn = drawable(view.points);
      loaded = { asked: { measurement, run }, view, drawn, marks: kindMarks(drawn.map(({ kind }) => kind)) };
    } catch (error) {
      if (request.signal.aborted) return false;
      loaded = undefined;
      byId('explorer').hidden = true;
      showError(error, () => void follow(state));
      return false;
    }
    showHeader(study, loaded.view.run);
    clearMessage();
    if (loaded.drawn.length === 0) showEmpty(study);
    // An empty chart keeps its controls: another measurement or run may have points.
    const choices = study.measurements.length > 1 || study.runs.length > 1;
    byId('explorer').hidden = loaded.drawn.length === 0 && !choices;
    return true;
  }

  async function loadQuery(id: number): Promise<void> {
    queryRequest.abort();
    const request = new AbortController();
    queryRequest = request;
    panel.setAttribute('aria-busy', 'true');
    try {
      query = await fetchQuery(id, loaded?.view.measurement?.id ?? null, request.signal);
      drawPanel();
    } catch (error) {
      if (request.signal.aborted) return;
      query = undefined;
      showQueryError(panel, error, () => void select(null));
    }
    panel.removeAttribute('aria-busy');
  }

  function draw(): void {
    if (!loaded) return;
    const { view, drawn, marks } = loaded;
    const visible = visiblePoints();
    const fit = fitLine(visible);
    const { measurements, runs } = study;
    const measurement = view.measurement?.id ?? null;
    showControls(
      { measurements, runs, measurement, run: view.run, y: state.y },
      (patch) => void change(patch),
    );
    const counts = rollup(
      drawn,
      (own) => own.length,
      ({ kind }) => kind,
    );
    showLegend({ marks, counts, hidden: state.hidden }, (hidden) => void change({ hidden }));
    scatter.update({ all: drawn, visible, marks, fit, y: state.y, selected: state.query });
    showCaption({ fit, y: state.y, undrawn: view.points.length - drawn.length });
  }

  function drawPanel(): void {
    if (!loaded) return;
    panel.removeAttribute('aria-busy');
    const hadFocus = panel.contains(document.activeElement);
    const { marks, view } = loaded;
    if (query) {
      const model = { query, mark: marks.get(query.kind), run: view.run, rank: rankOf(query) };
      showQuery(panel, model, () => void select(null));
    } else showOverview(panel, { visible: visiblePoints(), marks, y: state.y }, (id) => void select(id));
    if (hadFocus) panel.focus({ preventScroll: true });
  }

  function visiblePoints(): DrawnPoint[] {
    return loaded?.drawn.filter(({ kind }) => !state.hidden.includes(kind)) ?? [];
  }

  function rankOf({ density }: Query): Rank | null {
    const own = density?.log10Density ?? null;
    if (own === null || !loaded) return null;
    const { points } = loaded.view;
    const less = points.filter(({ log10Density }) => (log10Density ?? -Infinity) < own).length;
    return { less, of: points.length };
  }

  addEventListener('popstate', () => void follow(parseState(location.search)));
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && state.query !== null) void select(null);
  });
  void follow(state);
  return { redraw: scatter.redraw };
}
