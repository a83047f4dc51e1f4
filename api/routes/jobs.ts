import type { Response } from 'express';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../endpoint.js';
import type { JobRunner, JobState } from '../jobs/index.js';
import { notFound } from '../problem.js';
import { jobSchema, measurementRequestSchema } from '../schemas/jobs.js';
import { tableEndpoint } from '../table.js';

const params = z.object({ id: z.uuid('use the id of a job') });

/** POST /measurements, and /jobs: long work that goes on after the answer. */
export function jobEndpoints(jobs: JobRunner): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/measurements',
      operation: 'startMeasurement',
      summary: 'Measures the density of corpora at every query of a set, as a job.',
      body: measurementRequestSchema,
      status: 202,
      answer: jobSchema,
      changes: true,
      handle: ({ body }, { request, response }) => {
        const job = jobs.add('measure', body);
        response.status(202).location(`${request.baseUrl}/jobs/${job.id}`);
        return job;
      },
    }),
    tableEndpoint({
      ...{ path: '/jobs', operation: 'listJobs', summary: 'The jobs, newest first.' },
      ...{ row: jobSchema, filters: {}, key: 'id' },
      rows: () => jobs.list(),
    }),
    endpoint({
      method: 'get',
      path: '/jobs/{id}',
      operation: 'getJob',
      summary: 'A job: its status, progress and result.',
      params,
      answer: jobSchema,
      handle: ({ params: { id } }) => found(jobs.get(id), id),
    }),
    endpoint({
      method: 'delete',
      path: '/jobs/{id}',
      operation: 'cancelJob',
      summary: 'Cancels a job; one that has ended stays as it is.',
      params,
      answer: jobSchema,
      changes: true,
      handle: ({ params: { id } }) => found(jobs.cancel(id), id),
    }),
    endpoint({
      method: 'get',
      path: '/jobs/{id}/events',
      operation: 'watchJob',
      summary: 'Every change of a job as a server-sent event, until it has ended.',
      params,
      answer: { content: { 'text/event-stream': { schema: jobSchema } } },
      handle: ({ params: { id } }, { response, signal }) => {
        const job = found(jobs.get(id), id);
        response.set('Content-Type', 'text/event-stream').flushHeaders();
        const stop = jobs.listen(id, (state) => tell(response, state));
        signal.addEventListener('abort', stop);
        response.once('close', stop);
        tell(response, job);
        return undefined;
      },
    }),
  ];
}

function tell(response: Response, job: JobState): void {
  if (response.writableEnded) return;
  response.write(`event: job\ndata: ${JSON.stringify(job)}\n\n`);
  if (job.status !== 'queued' && job.status !== 'running') response.end();
}

function found(job: JobState | undefined, id: string): JobState {
  if (!job) throw notFound('job', id, 'GET /api/v1/jobs lists them.');
  return job;
}
