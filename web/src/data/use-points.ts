import { rollup } from 'd3';
import { useMemo } from 'preact/hooks';
import type { Point } from '../../../client/index.js';
import { useNavigation } from '../app/navigation.js';
import type { Outcome, State } from '../app/state.js';
import { type KindMark, kindMarks } from '../parts/kind-marks.js';
import { answerOf, client, fetchReport } from './api.js';
import { reportOf, runOf, useStudy } from './study.js';
import { type Asked, useAnswer } from './use-answer.js';

/** A query that has a place in the chart: x is log10 density, y the outcome. */
export interface DrawnPoint extends Point {
  x: number;
  y: number;
}

/** The queries of a measurement with the outcome that is shown, and how their kinds look. */
export interface Points {
  all: DrawnPoint[];
  /** Those that the filters leave. */
  visible: DrawnPoint[];
  marks: Map<string, KindMark>;
  counts: Map<string, number>;
  /** Queries without a density or an outcome. */
  undrawn: number;
}

/** The points of the state's measurement, run and outcome. */
export function usePoints(): Asked<Points> {
  const study = useStudy();
  const { state } = useNavigation();
  const run = runOf(study, state);
  const { measurement, y, text, hidden } = state;
  const report = y.startsWith('gain:') ? reportOf(study, state) : null;
  const asked = useAnswer(JSON.stringify([measurement, run]), (signal) => {
    const query = {
      ...(measurement !== null && { measurement: String(measurement) }),
      ...(run !== null && { run }),
    };
    return answerOf(client.GET('/points', { params: { query }, signal }));
  });
  const gains = useAnswer(report, (signal) => fetchReport(report!, signal));
  const points = asked.data?.points;
  const all = useMemo(() => {
    const intervention = gains.data?.interventions.find(({ name }) => `gain:${name}` === y);
    const gainOf = new Map(intervention?.points.map(({ id, gain }) => [id, gain]));
    return points && drawable(points, (point) => outcomeOf(point, y, gainOf));
  }, [points, gains.data, y]);
  const data = useMemo(() => {
    if (!all || !points) return undefined;
    const kinds = rollup(
      all,
      (own) => own.length,
      ({ kind }) => kind,
    );
    return {
      all,
      visible: filtered(all, { text, hidden }),
      marks: kindMarks(points.map(({ kind }) => kind)),
      counts: kinds,
      undrawn: points.length - all.length,
    };
  }, [all, points, text, hidden]);
  return {
    ...{ data, error: asked.error ?? gains.error, isLoading: asked.isLoading || gains.isLoading },
    retry() {
      asked.retry();
      gains.retry();
    },
  };
}

function drawable(points: readonly Point[], outcome: (point: Point) => number | null): DrawnPoint[] {
  return points.flatMap((point) => {
    const [x, y] = [point.log10Density, outcome(point)];
    return x === null || y === null ? [] : [{ ...point, x, y }];
  });
}

/** Perplexity is drawn on a logarithmic axis, so its place is that of the loss. */
function outcomeOf({ id, loss }: Point, y: Outcome, gains: ReadonlyMap<number, number>): number | null {
  if (y.startsWith('gain:')) return gains.get(id) ?? null;
  return loss === null || y !== 'bits' ? loss : loss / Math.LN2;
}

function filtered(points: DrawnPoint[], { text, hidden }: Pick<State, 'text' | 'hidden'>): DrawnPoint[] {
  if (text === '' && hidden.length === 0) return points;
  const wanted = text.toLowerCase();
  const without = new Set(hidden);
  return points.filter(({ kind, source, document, excerpt }) => {
    if (without.has(kind)) return false;
    return wanted === '' || `${excerpt} ${source} ${document}`.toLowerCase().includes(wanted);
  });
}
