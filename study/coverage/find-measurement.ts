import {
  listMeasurements,
  listQuerySets,
  type Measurement,
  type Study,
  UsageError,
} from '../../store/index.js';

/** Which of the measurements that a word stands for is meant; by default the oldest. */
export interface MeasurementChoice {
  corpora?: readonly string[] | undefined;
  kernel?: string | undefined;
}

/**
 * The measurement that a word stands for: its id, its name, or its query set.
 *
 * @throws UsageError naming the measurements that there are
 */
export function findMeasurement(
  { db, dir }: Study,
  word: string,
  { corpora, kernel }: MeasurementChoice,
): Measurement {
  const sets = new Map(listQuerySets(db).map(({ id, name }) => [id, name]));
  const all = listMeasurements(db);
  const setOf = ({ querySetId }: Measurement) => sets.get(querySetId)!;
  const possible = all.filter(
    (one) =>
      (kernel === undefined || one.kernel === kernel) &&
      (corpora === undefined || sameNames(one.corpora, corpora)),
  );
  const found =
    possible.find(({ id }) => String(id) === word) ??
    possible.find((one) => one.name === word || setOf(one) === word);
  if (found) return found;
  const wanted = [word, corpora && `of ${corpora.join(', ')}`, kernel && `with the ${kernel} kernel`];
  const there = all.map(
    (one) => `${one.id} (${one.name} of ${setOf(one)}: ${one.corpora.join(', ')}; ${one.kernel})`,
  );
  throw new UsageError(
    `There is no measurement ${wanted.filter(Boolean).join(' ')} in ${dir}; ${there.length > 0 ? `there are: ${there.join(', ')}.` : 'make one with: densimeter measure'}`,
  );
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join('\n') === [...others].sort().join('\n');
}
