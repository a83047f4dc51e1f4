import type { Study } from '../../store/index.js';
import type { Endpoint } from '../endpoint.js';
import type { Engine } from '../engine/index.js';
import type { JobRunner } from '../jobs/index.js';
import { coverageEndpoints } from './coverage.js';
import { densityEndpoints } from './density.js';
import { documentEndpoints } from './documents.js';
import { jobEndpoints } from './jobs.js';
import { pointsEndpoints } from './points.js';
import { projectionEndpoints } from './projections.js';
import { queriesEndpoints } from './queries.js';
import { regressionEndpoints } from './regressions.js';
import { reportsEndpoints } from './reports.js';
import { resultEndpoints } from './results.js';
import { studyEndpoints } from './study.js';
import { tableEndpoints } from './tables.js';
import { uploadEndpoints } from './uploads.js';

/** All endpoints of a study. */
export function endpointsOf(study: Study, engine: Engine, jobs: JobRunner): Endpoint[] {
  return [
    ...studyEndpoints(study),
    ...densityEndpoints(engine),
    ...pointsEndpoints(study),
    ...queriesEndpoints(study),
    ...tableEndpoints(study),
    ...documentEndpoints(study),
    ...coverageEndpoints(study),
    ...resultEndpoints(study),
    ...regressionEndpoints(study),
    ...reportsEndpoints(study),
    ...projectionEndpoints(study, jobs),
    ...uploadEndpoints(study, jobs),
    ...jobEndpoints(jobs),
  ];
}
