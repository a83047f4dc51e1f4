import type { Response } from 'express';
import { z } from 'zod';
import { type Endpoint, type Exchange, endpoint } from '../endpoint.js';
import type { JobRunner, JobState } from '../jobs/index.js';
import { notFound, Problem } from '../problem.js';
import { jobSchema, measurementRequestSchema, reportTaskSchema } from '../schemas/jobs.js';
import { tableEndpoint } from '../table.js';

/**
 * Queues a job, and answers 202 with where it is.
 *
 * @throws Problem (503) where too many wait
 */
export function startJob(
  jobs: JobRunner,
  kind: string,
  task: unknown,
  { request, response }: Pick<Exchange, 'request' | 'response'>,
): JobState {
  refuseWhereFull(jobs);
  const job = jobs.add(kind, task);
  response.status(202).location(`${request.baseUrl}/jobs/${job.id}`);
  return job;
}

/** @throws Problem (503) where so many jobs wait that no more are taken */
export function refuseWhereFull(jobs: JobRunner): void {
  if (!jobs.isFull()) return;
  const detail = 'Too many jobs wait: try again when some have ended, or cancel some of GET /api/v1/jobs.';
  throw new Problem('busy', 503, detail, {}, { 'Retry-After': '10' });
}

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
      handle: ({ body }, exchange) => startJob(jobs, 'measure', body, exchange),
    }),
    endpoint({
      method: 'post',
      path: '/reports',
      operation: 'startReport',
      summary: 'Writes a report on runs and query sets, as a job; one of that name is replaced.',
      body: reportTaskSchema,
      status: 202,
      answer: jobSchema,
      changes: true,
      handle: ({ body }, exchange) => startJob(jobs, 'report', body, exchange),
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
