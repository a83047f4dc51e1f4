import { randomUUID } from 'node:crypto';
import { corpusByName, type Study } from '../../store/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import type { JobRunner } from '../jobs/index.js';
import { Problem } from '../problem.js';
import { jobSchema, uploadQuery } from '../schemas/jobs.js';
import { keepUpload } from '../uploads.js';
import { refuseWhereFull, startJob } from './jobs.js';

/** POST /corpora: a file becomes a corpus. */
export function uploadEndpoints(study: Study, jobs: JobRunner): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/corpora',
      operation: 'uploadCorpus',
      summary:
        'Indexes the file in the body as a new corpus, as a job, with the embedder of the study’s oldest corpus.',
      query: uploadQuery,
      upload: true,
      status: 202,
      answer: jobSchema,
      problems: [409],
      changes: true,
      handle: async ({ query }, exchange) => {
        const { name, format } = query;
        if (corpusByName(study.db, name)) {
          throw new Problem('taken', 409, `There is a corpus "${name}" already; use another name.`, {
            field: 'name',
            value: name,
          });
        }
        refuseWhereFull(jobs);
        const upload = `${randomUUID()}.${format}`;
        await keepUpload(exchange.request, study.dir, upload);
        return startJob(jobs, 'index', { ...query, upload }, exchange);
      },
    }),
  ];
}
