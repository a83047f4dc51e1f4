import { polygonContains } from 'd3';
import { useMemo } from 'preact/hooks';
import { useNavigation } from '../app/navigation.js';
import type { Region } from '../app/state.js';
import { within } from '../charts/region.js';
import { answerOf, client } from './api.js';
import { measurementOf, useStudy } from './study.js';
import { type Asked, useAnswer } from './use-answer.js';

/** What tells the selected queries from the others; null where all are. */
export type IsSelected = ((point: { id: number; x: number; y: number }) => boolean) | null;

/** Where the queries of the measurement that is shown are in a projection. */
export function usePlaces(projection: string | null): Asked<ReadonlyMap<number, { x: number; y: number }>> {
  const study = useStudy();
  const { state } = useNavigation();
  const set = study.querySets.find(({ id }) => id === measurementOf(study, state)?.querySetId)?.name;
  const key = projection === null || !set ? null : JSON.stringify([projection, set]);
  return useAnswer(key, async (signal) => {
    const params = { path: { name: projection! }, query: { set: set! } };
    const { queries } = await answerOf(client.GET('/projections/{name}/queries', { params, signal }));
    return new Map(queries.map((one) => [one.id, one]));
  });
}

/**
 * The selection, which is the same in all views: queries in the region of the chart and in the lasso of the map.
 *
 * @param region that of the state, or the one that is being drawn
 */
export function useSelection(region: Region | null): IsSelected {
  const { lasso } = useNavigation().state;
  const places = usePlaces(lasso?.projection ?? null).data;
  return useMemo(() => {
    const inRegion = region && within(region);
    const inLasso = lasso && places && lassoed(lasso.corners, places);
    if (!inRegion && !inLasso) return null;
    return (point) => (inRegion?.(point) ?? true) && (inLasso?.has(point.id) ?? true);
  }, [region, lasso, places]);
}

function lassoed(
  corners: [number, number][],
  places: ReadonlyMap<number, { x: number; y: number }>,
): ReadonlySet<number> {
  const inside = [...places].filter(([, { x, y }]) => polygonContains(corners, [x, y]));
  return new Set(inside.map(([id]) => id));
}
