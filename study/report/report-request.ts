import { basename, resolve } from 'node:path';
import {
  listInterventions,
  listMeasurements,
  listQuerySets,
  listRuns,
  type Measurement,
  type QuerySet,
  querySetNamed,
  type Study,
  UsageError,
} from '../../store/index.js';
import { DISJOINT, PROJECTION, treatedRunName } from '../names.js';
import type { ReportRequest } from './build-report.js';

/** What a report of a study directory is to be about; everything has a default. */
export interface RequestOptions {
  name: string;
  /** Names of runs, in which * stands for any letters; all but those trained again with an intervention by default. */
  runs: readonly string[];
  /** The headline is about the first; by default the only one that is measured. */
  querySets?: readonly string[] | undefined;
  /** The name of the measurements. */
  measurement: string;
  /** The covariate of runs that density may work with. */
  across?: string | undefined;
  groupBy: 'document' | 'source';
  folds: number;
  seed: number;
}

/**
 * What to report of what a study directory holds.
 *
 * @throws UsageError naming what there is instead of what was asked for
 */
export function reportRequest(study: Study, options: RequestOptions): ReportRequest {
  const { db } = study;
  const { measurement, groupBy, folds, seed, name, across = null } = options;
  const measured = listMeasurements(db).filter(
    (one) => one.name === measurement && one.kernel !== 'laplacian',
  );
  const sets = options.querySets?.map((set) => querySetNamed(db, set)) ?? onlySet(study, measured);
  const [first] = sets as [QuerySet];
  for (const { id, name: set } of sets) {
    if (measured.some(({ querySetId }) => querySetId === id)) continue;
    throw new UsageError(
      `Query set "${set}" has no measurement "${measurement}": make one with densimeter measure ${set} --name ${measurement}`,
    );
  }
  const runs = chosenRuns(study, options.runs);
  const onFirst = listMeasurements(db).filter(({ querySetId }) => querySetId === first.id);
  const controls = [
    {
      measurement: DISJOINT,
      name: 'disjoint',
      what: 'the density of corpora that have nothing to do with the queries',
    },
    { measurement: PROJECTION, name: 'projection', what: 'density behind a random projection' },
  ];
  const title = basename(resolve(study.dir));
  return {
    ...{
      name,
      title,
      querySet: first.name,
      measurement,
      across,
      groupBy,
      folds,
      seed,
      runs,
      batchRuns: runs,
    },
    querySets: sets.map((set) => set.name),
    kernels: onFirst
      .filter((one) => measured.includes(one) || one.name === measurement)
      .map(({ kernel }) => kernel),
    run: options.runs.length > 0 ? options.runs.join(', ') : runs.length === 1 ? runs[0]! : 'all',
    negativeControls: controls.filter((control) => onFirst.some((one) => one.name === control.measurement)),
    interventions: listInterventions(db).flatMap(({ name: intervention, querySetId }) =>
      runs
        .map((run) => ({ name: intervention, run, treatedRun: treatedRunName(run, intervention) }))
        .filter(
          ({ treatedRun }) => querySetId === first.id && listRuns(db).some((run) => run.name === treatedRun),
        ),
    ),
  };
}

function onlySet({ db, dir }: Study, measured: readonly Measurement[]): QuerySet[] {
  const sets = listQuerySets(db).filter(({ id }) => measured.some(({ querySetId }) => querySetId === id));
  if (sets.length === 1) return sets;
  throw new UsageError(
    sets.length === 0
      ? `No query set of ${dir} has been measured: densimeter measure <set>`
      : `Say which query sets with --queries; measured are: ${sets.map(({ name }) => name).join(', ')}.`,
  );
}

function chosenRuns({ db, dir }: Study, patterns: readonly string[]): string[] {
  const all = listRuns(db).map(({ name }) => name);
  const treated = new Set(
    listInterventions(db).flatMap(({ name }) => all.map((run) => treatedRunName(run, name))),
  );
  if (all.length === 0)
    throw new UsageError(`${dir} has no runs: densimeter score, or densimeter outcomes import`);
  if (patterns.length === 0) return all.filter((run) => !treated.has(run));
  const chosen = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const found = all.filter((run) => new RegExp(`^${parts.join('.*')}$`, 'u').test(run));
    if (found.length > 0) return found;
    throw new UsageError(
      `There is no run "${pattern}"; there are: ${all.slice(0, 30).join(', ')}${all.length > 30 ? ', …' : ''}.`,
    );
  });
  return [...new Set(chosen.flat())];
}
