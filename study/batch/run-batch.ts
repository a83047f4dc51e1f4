import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { addCells, cellsOf, Interrupted, keepCells, type OnProgress, type Study } from '../../store/index.js';
import { benjaminiHochberg } from '../statistics/index.js';
import type { Cell, UncorrectedCell } from './cell.js';
import { type BatchSettings, type KeyedCell, openFitter } from './fit-run.js';
import { observedSets } from './observed-sets.js';

/** What a batch regresses. */
export interface BatchOptions extends BatchSettings {
  /** The batch's name: cells that it has already are not computed again. */
  name: string;
  runs: readonly string[];
  querySets: readonly string[];
  /** The name of the measurements that have the densities. */
  measurement: string;
  /** Threads; 1 by default. */
  jobs?: number | undefined;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

/** What a worker needs to know. */
export interface BatchWork {
  dir: string;
  sets: readonly string[];
  measurement: string;
  settings: BatchSettings;
  known: ReadonlySet<string>;
}

/** Runs whose cells are kept together. */
const RUNS_A_COMMIT = 20;
const WORKER = new URL('./batch-worker.js', import.meta.url);

/**
 * Regresses every metric of every run on every density of every query set, by each of the models. Cells whose inputs are
 * as they were are taken from the study; new ones are kept there as they come, so that an interrupted batch goes on.
 *
 * @returns the cells, by run, query set, metric, kernel and model, and how many of them were computed
 * @throws UsageError for a query set that is not there
 * @throws Interrupted where the signal stopped it
 */
export async function runBatch(
  study: Study,
  options: BatchOptions,
): Promise<{ cells: Cell[]; computed: number }> {
  const { name, runs, onProgress, signal } = options;
  const before = cellsOf(study.db, name) as Map<string, UncorrectedCell>;
  const keys = new Map<string, KeyedCell[]>();
  let unsaved: KeyedCell[] = [];
  let computed = 0;
  const save = () => {
    addCells(
      study.db,
      name,
      unsaved.map(({ key, cell }) => ({ key, value: cell })),
    );
    unsaved = [];
  };
  await fitAll(study, options, new Set(before.keys()), (run, cells) => {
    keys.set(run, cells);
    const fresh = cells.filter(({ cell }) => cell !== null);
    computed += fresh.length;
    unsaved.push(...fresh);
    if (keys.size % RUNS_A_COMMIT === 0) save();
    onProgress?.({ step: 'regressing runs', done: keys.size, total: runs.length, unit: 'runs' });
  });
  save();
  if (signal?.aborted) throw new Interrupted('Stopped. Run the same command again: it goes on from there.');
  const all = runs.flatMap((run) => keys.get(run)!);
  keepCells(study.db, name, new Set(all.map(({ key }) => key)));
  const cells = all.map(({ key, cell }) => cell ?? before.get(key)!);
  const adjusted = benjaminiHochberg(cells.map(({ pValue }) => pValue));
  return { cells: cells.map((cell, i) => ({ ...cell, adjustedPValue: adjusted[i]! })), computed };
}

type OnRun = (run: string, cells: KeyedCell[]) => void;

async function fitAll(
  study: Study,
  options: BatchOptions,
  known: ReadonlySet<string>,
  onRun: OnRun,
): Promise<void> {
  const { querySets, measurement, runs, jobs = 1, signal, groupBy, folds, seed, metrics } = options;
  const settings = { groupBy, folds, seed, metrics };
  const workers = Math.min(jobs, runs.length);
  // From TypeScript sources, as in tests, there is no built worker to start.
  if (workers < 2 || !existsSync(WORKER)) {
    const fitRun = openFitter(observedSets(study, querySets, measurement, groupBy), settings);
    for (const run of runs) {
      if (signal?.aborted) return;
      onRun(run, fitRun(study, run, known));
      // Signals are heard between runs.
      await new Promise(setImmediate);
    }
    return;
  }
  const work: BatchWork = { dir: study.dir, sets: querySets, measurement, settings, known };
  const left = [...runs];
  await Promise.all(
    Array.from({ length: workers }, () =>
      workThrough(work, () => (signal?.aborted ? undefined : left.shift()), onRun),
    ),
  );
}

/** Sends a worker run after run until there are no more. */
function workThrough(work: BatchWork, next: () => string | undefined, onRun: OnRun): Promise<void> {
  const worker = new Worker(WORKER, { workerData: work });
  return new Promise<void>((resolve, reject) => {
    const send = () => {
      const run = next();
      if (run === undefined) resolve();
      else worker.postMessage(run);
    };
    worker.on('error', reject);
    worker.on('message', ({ run, cells }: { run: string; cells: KeyedCell[] }) => {
      onRun(run, cells);
      send();
    });
    send();
  }).finally(() => worker.terminate());
}
