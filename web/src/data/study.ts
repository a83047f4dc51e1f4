import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Measurement, Study } from '../../../client/index.js';
import type { State } from '../app/state.js';

const NOTHING: Study = {
  ...{ name: '', corpora: [], querySets: [], runs: [], measurements: [], reports: [], words: [] },
};

export const StudyContext = createContext<Study>(NOTHING);

/** What the study holds. */
export const useStudy = () => useContext(StudyContext);

/** The measurement that is shown: the one of the state, or the first. */
export function measurementOf(study: Study, { measurement }: State): Measurement | undefined {
  return study.measurements.find(({ id }) => id === measurement) ?? study.measurements[0];
}

/** The run that is shown: the one of the state, or the first. */
export function runOf(study: Study, { run }: State): string | null {
  return (study.runs.find(({ name }) => name === run) ?? study.runs[0])?.name ?? null;
}

/** The report that is shown: the one of the state, or the newest. */
export function reportOf(study: Study, { report }: State): string | null {
  return (study.reports.find(({ name }) => name === report) ?? study.reports[0])?.name ?? null;
}
