import { median } from 'd3';
import { useMemo } from 'preact/hooks';
import { useNavigation } from '../../app/navigation.js';
import type { Outcome } from '../../app/state.js';
import { answerOf, client } from '../../data/api.js';
import type { LineFit } from '../../data/fit.js';
import { measurementOf, useStudy } from '../../data/study.js';
import { useAnswer } from '../../data/use-answer.js';
import type { DrawnPoint } from '../../data/use-points.js';
import { count, percent, twoDigits } from '../../parts/format.js';

/** The API takes so many ids at a time. */
const MOST_IDS = 10_000;

/** What holds in the selection: medians and the line at once, with robust intervals as soon as the API has them. */
export function SelectionStatistics({
  selected,
  isAll,
  fitOf: fit,
  run,
  outcome,
}: {
  selected: readonly DrawnPoint[];
  isAll: boolean;
  fitOf: LineFit | null;
  run: string | null;
  outcome: Outcome;
}) {
  const study = useStudy();
  const { state } = useNavigation();
  const measurement = measurementOf(study, state);
  const set = study.querySets.find(({ id }) => id === measurement?.querySetId)?.name;
  const ids = useMemo(() => selected.map(({ id }) => id), [selected]);
  const medians = useMemo(
    () =>
      [median(selected, ({ x }) => x), median(selected, ({ y }) => y)].map((value) =>
        value === undefined ? '–' : twoDigits(value),
      ),
    [selected],
  );
  const isAsked =
    fit !== null && !outcome.startsWith('gain:') && ids.length <= MOST_IDS && set && run && measurement;
  const key = isAsked ? JSON.stringify([set, run, measurement.id, outcome, ids]) : null;
  const robust = useAnswer(key, (signal) => {
    const body = {
      ...{ set: set!, run: run!, measurement: measurement!.id, terms: ['log10_density'] },
      filter: { ids: ids as [number, ...number[]] },
    };
    return answerOf(client.POST('/regressions', { body, signal }));
  });
  const slope = robust.data?.coefficients.find(({ name }) => name === 'log10_density');
  const scale = outcome === 'bits' ? 1 / Math.LN2 : 1;
  return (
    <div class="statistics" aria-live="polite">
      <h2>{isAll ? 'All that is drawn' : 'Selection'}</h2>
      <dl>
        <dt>n</dt>
        <dd id="selection-n">{count(selected.length)}</dd>
        <dt>Median log₁₀ density</dt>
        <dd>{medians[0]}</dd>
        <dt>Median outcome</dt>
        <dd>{medians[1]}</dd>
        <dt>Slope a tenfold density</dt>
        <dd id="selection-slope">
          {fit ? twoDigits(fit.slope) : '–'}
          {slope && !robust.isLoading && (
            <span class="interval" title="Ordinary least squares, HC3 errors, 95 % interval">
              {' '}
              {twoDigits(scale * slope.low)} to {twoDigits(scale * slope.high)}
            </span>
          )}
        </dd>
        <dt>R²</dt>
        <dd>{fit ? percent(fit.r ** 2) : '–'}</dd>
        <dt>Correlation</dt>
        <dd>{fit ? twoDigits(fit.r) : '–'}</dd>
      </dl>
      <p class="settings">
        Loss on log₁₀ density alone; the interval is HC3’s. What density adds beyond length and word frequency
        stands in the overview.
      </p>
    </div>
  );
}
