import type { EstimatorTask } from './parallel.js';
import { answerTasks } from './query-workers.js';
import { SERIAL_ESTIMATORS } from './serial-estimators.js';

answerTasks((queries, points, { estimator, ...options }: EstimatorTask & { threads: number }) =>
  SERIAL_ESTIMATORS[estimator](queries, points, options),
);
