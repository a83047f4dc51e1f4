import { parentPort, workerData } from 'node:worker_threads';
import { openStudy } from '../../store/index.js';
import { openFitter } from './fit-run.js';
import { observedSets } from './observed-sets.js';
import type { BatchWork } from './run-batch.js';

// Opens the study by itself and fits the runs that it is sent, one after another.
const { dir, sets, measurement, settings, known } = workerData as BatchWork;
const study = openStudy(dir);
const fitRun = openFitter(observedSets(study, sets, measurement, settings.groupBy), settings);
parentPort!.on('message', (run: string) => {
  parentPort!.postMessage({ run, cells: fitRun(study, run, known) });
});
