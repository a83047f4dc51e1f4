import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { densitiesOf, listMeasurements, openStudy, querySetNamed, type Study } from '../store/index.js';
import { readStudyFile, reportRequest, runStudy, writeReport } from '../study/index.js';
import { writeDemoTexts } from './demo-texts.js';
import type { ExperimentOptions, ExperimentResult } from './experiment.js';

/** The query set of a study file. */
export const QUERIES = 'queries';

/** What the report that an experiment ends in is about. */
export interface Reported {
  name: string;
  /** Names of runs, in which * stands for any letters; all where it is empty. */
  runs: readonly string[];
  /** The covariate of runs that density may work with. */
  across?: string;
  groupBy?: 'document' | 'source';
}

/**
 * Makes an experiment's study by a study file, has models trained and measured in it, and writes its report. The demo's texts are in `source/` before, beside
 * whatever else `writeSources` of the experiment put there.
 */
export async function inStudy(
  { folder, onProgress, say, signal }: ExperimentOptions,
  studyFile: object,
  { name, runs, across, groupBy = 'document' }: Reported,
  work: (study: Study) => Promise<Pick<ExperimentResult, 'findings' | 'conclusion'>>,
): Promise<ExperimentResult> {
  mkdirSync(folder, { recursive: true });
  writeDemoTexts(join(folder, 'source'));
  const file = join(folder, 'study.yaml');
  writeFileSync(file, stringify(studyFile));
  const study = openStudy(folder, { write: true });
  try {
    await runStudy(study, readStudyFile(file), { onProgress, say, signal });
    const found = await work(study);
    const request = reportRequest(study, {
      ...{ name, runs, across, querySets: [QUERIES], measurement: 'base', groupBy, folds: 5, seed: 1 },
    });
    const { files } = await writeReport(study, request, { onProgress, signal });
    return { ...found, report: files.at(-1) ?? null };
  } finally {
    study.close();
  }
}

/** The study's measurement of its queries, and log10 density by query id. */
export function densitiesIn({ db }: Study): { measurement: number; log10Density: Map<number, number> } {
  const set = querySetNamed(db, QUERIES);
  const { id } = listMeasurements(db).find((one) => one.querySetId === set.id && one.name === 'base')!;
  const log10Density = new Map(
    Array.from(densitiesOf(db, id), ([query, density]) => [query, density.log10Density]),
  );
  return { measurement: id, log10Density };
}

/** Writes records as JSON lines into the experiment's `source/`. */
export function writeSource(folder: string, name: string, records: readonly object[]): void {
  mkdirSync(join(folder, 'source'), { recursive: true });
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  writeFileSync(join(folder, 'source', name), lines);
}
