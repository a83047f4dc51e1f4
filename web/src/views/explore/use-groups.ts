import { symbolWye } from 'd3';
import { useCallback, useMemo } from 'preact/hooks';
import { useNavigation } from '../../app/navigation.js';
import type { ColourBy } from '../../app/state.js';
import { answerOf, client, fetchReport } from '../../data/api.js';
import { reportOf, useStudy } from '../../data/study.js';
import { useAnswer } from '../../data/use-answer.js';
import type { DrawnPoint } from '../../data/use-points.js';
import { type KindMark, kindMarks } from '../../parts/kind-marks.js';

/** What points are told apart by, and how. */
export interface Groups {
  groupOf: (point: DrawnPoint) => string;
  counts: ReadonlyMap<string, number>;
  marks: ReadonlyMap<string, KindMark>;
}

/** Groups besides kinds that have a colour of their own; the most frequent. */
const COLOURED = 5;
const OTHERS = 'others';
/** Suspects that are asked for. */
const MOST_SUSPECTS = '10000';

/** Groups of points by a field of theirs, by whether they are suspected leaks, or by their arm in the newest intervention. */
export function useGroups(points: readonly DrawnPoint[], colour: ColourBy): Groups {
  const study = useStudy();
  const { state } = useNavigation();
  const report = reportOf(study, state);
  const arms = useAnswer(colour === 'arm' ? report : null, async (signal) => {
    const { interventions } = await fetchReport(report!, signal);
    return new Map(interventions[0]?.points.map(({ id, arm }) => [id, arm]));
  }).data;
  const suspected = useAnswer(colour === 'leak' ? 'suspected' : null, async (signal) => {
    const query = { sort: '-score' as const, limit: MOST_SUSPECTS };
    const { rows } = await answerOf(client.GET('/leaks', { params: { query }, signal }));
    return new Set(rows.filter((row) => row.suspected).map(({ queryId }) => queryId));
  }).data;
  const labelOf = useCallback(
    (point: DrawnPoint): string => {
      if (colour === 'arm') return arms?.get(point.id) ?? 'in no arm';
      if (colour === 'leak') return suspected?.has(point.id) ? 'suspected leak' : 'not suspected';
      return point[colour];
    },
    [colour, arms, suspected],
  );
  return useMemo(() => grouped(points, labelOf, colour === 'kind'), [points, labelOf, colour]);
}

function grouped(
  points: readonly DrawnPoint[],
  labelOf: (point: DrawnPoint) => string,
  keepsAll: boolean,
): Groups {
  const all = countsOf(points, labelOf);
  const frequent = [...all].sort((a, b) => b[1] - a[1]).map(([label]) => label);
  const kept = new Set(keepsAll || all.size <= COLOURED + 1 ? frequent : frequent.slice(0, COLOURED));
  const groupOf = (point: DrawnPoint) => {
    const label = labelOf(point);
    return kept.has(label) ? label : OTHERS;
  };
  const marks = kindMarks(kept);
  if (kept.size < all.size) marks.set(OTHERS, { colour: '--kind-6', shape: symbolWye });
  return { groupOf, counts: countsOf(points, groupOf), marks };
}

function countsOf(
  points: readonly DrawnPoint[],
  labelOf: (point: DrawnPoint) => string,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const point of points) counts.set(labelOf(point), (counts.get(labelOf(point)) ?? 0) + 1);
  return counts;
}
