import { resolve } from 'node:path';
import { filesMatching, fingerprintFiles } from '../../indexer/index.js';
import { type Covariate, DataError, listRuns, setCovariates, UsageError } from '../../store/index.js';
import { importOutcomes } from '../outcomes/import/import-outcomes.js';
import { type RunFiles, runsByPattern } from '../outcomes/import/pattern.js';
import { readOutcomeRecords } from '../outcomes/import/read-outcome-records.js';
import { QUERY_SET } from './queries-step.js';
import type { ImportSettings } from './run-settings.js';
import { type Pipeline, runStep } from './steps.js';

/** Reads the outcomes of one run, or of all that a pattern finds. Returns the names of the runs. */
export async function importStep(
  pipeline: Pipeline,
  name: string,
  settings: ImportSettings,
  base: string,
  inputKeys: readonly string[],
): Promise<string[]> {
  const { study, onProgress } = pipeline;
  const runs = await runsOf(name, settings, base);
  const files = await fingerprintFiles(runs.flatMap((run) => run.files));
  const { join } = settings;
  const joined = join && (await fingerprintFiles(await filesMatching({ files: join.files, base })));
  const inputs = { settings, files: files.hash, joined: joined?.hash, inputKeys };
  await runStep(pipeline, `import ${name}`, inputs, async () => {
    const { key, nll, loss, tokens, bytes, correct, metrics, by_row: byRow, filter } = settings;
    const imported = await importOutcomes(study, runs, {
      ...{ querySet: QUERY_SET, base, columns: { key, nll, loss, tokens, bytes, correct, metrics } },
      ...{ byRow, filter, replace: true, onProgress },
    });
    for (const { run } of runs) setCovariates(study.db, run, settings.covariates);
    if (join) await joinCovariates(pipeline, runs, join, base);
    const outcomes = imported.reduce((sum, { records }) => sum + records, 0);
    return `${imported.length} ${imported.length === 1 ? 'run' : 'runs'}, ${outcomes.toLocaleString('en')} outcomes`;
  });
  return runs.map(({ run }) => run);
}

async function runsOf(name: string, settings: ImportSettings, base: string): Promise<RunFiles[]> {
  const { import: paths, pattern, as = name } = settings;
  if (pattern === undefined) {
    return [{ run: as, files: await filesMatching({ files: paths, base }), covariates: {} }];
  }
  if (paths.length > 1) throw new UsageError(`runs.${name}.import: with a pattern, name one folder.`);
  return runsByPattern(as, pattern, resolve(base, paths[0]!));
}

/** Gives every run the covariates of the records that have its own covariates in the columns `on`. */
async function joinCovariates(
  { study }: Pipeline,
  runs: readonly RunFiles[],
  { files, on, take }: NonNullable<ImportSettings['join']>,
  base: string,
): Promise<void> {
  const found = new Map<string, { at: string; covariates: Record<string, Covariate> }>();
  for await (const { at, fields } of readOutcomeRecords(files, base, on)) {
    const key = JSON.stringify(on.map((column) => fields[column]));
    const covariates = Object.fromEntries(
      Object.entries(take).map(([name, column]) => {
        const value = fields[column];
        if (typeof value === 'number' || typeof value === 'string') return [name, value];
        throw new DataError(`${at}: ${column} is ${JSON.stringify(value)}, which is no covariate.`);
      }),
    );
    const before = found.get(key);
    if (before && JSON.stringify(before.covariates) !== JSON.stringify(covariates)) {
      throw new DataError(
        `${at} and ${before.at} are both of ${on.join(', ')} ${key} and differ in ${Object.values(take).join(', ')}.`,
      );
    }
    if (!before) found.set(key, { at, covariates });
  }
  const covariatesOf = new Map(listRuns(study.db).map((run) => [run.name, run.covariates]));
  for (const { run } of runs) {
    const key = JSON.stringify(on.map((covariate) => covariatesOf.get(run)?.[covariate]));
    const match = found.get(key);
    if (!match)
      throw new DataError(
        `No record of ${files.join(', ')} has ${on.join(', ')} ${key}, as run "${run}" has.`,
      );
    setCovariates(study.db, run, match.covariates);
  }
}
