import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { openClient } from '../../client/index.js';
import { densitiesOf, listMeasurements, openJobs, openStudy } from '../../store/index.js';
import { addQuerySet } from '../../study/index.js';
import { writeFiles } from '../support/read-sources.js';
import { tempFolder } from '../support/temp-folder.js';
import { makeAskedStudy, unseenSentences } from './asked-study.js';
import { statesOf as eventsOf } from './job-events.js';

const dir = tempFolder();
let server: RunningServer;
beforeAll(async () => {
  await makeAskedStudy(dir);
  const study = openStudy(dir, { write: true });
  const base = writeFiles({
    'q.jsonl': unseenSentences(6)
      .map((text) => JSON.stringify({ text }))
      .join('\n'),
  });
  const part = { kind: 'query', files: ['q.jsonl'], meta: [], chunk: { by: 'document' } } as const;
  await addQuerySet(study, 'mine', { part: { ...part, files: [...part.files], meta: [] }, base, seed: 1 });
  study.close();
  server = await serve({ studyDir: dir, port: 0 });
});
afterAll(() => server?.close());

const statesOf = (id: string) => eventsOf(server, id);

const start = (body: { querySet: string; name: string; kernel?: 'gaussian' }) =>
  openClient(server.url).POST('/measurements', { body: { bandwidth: 0.2, ...body } });

describe('a measurement as a job', () => {
  it('is started, watched to its end, and in the study', async () => {
    const { data, response } = await start({ querySet: 'mine', name: 'by-job' });
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/api/v1/jobs/${data!.id}`);
    const states = await statesOf(data!.id);
    expect(states.at(-1)).toMatchObject({ status: 'done', error: null });
    expect(states.some(({ progress }) => progress !== null)).toBe(true);
    const study = openStudy(dir);
    const [measured] = listMeasurements(study.db).filter(({ name }) => name === 'by-job');
    expect(states.at(-1)!.result).toMatchObject({ id: measured!.id, bandwidth: 0.2, points: 60 });
    expect(densitiesOf(study.db, measured!.id).size).toBe(6);
    study.close();
    const { data: listed } = await openClient(server.url).GET('/jobs');
    expect(listed!.rows[0]).toMatchObject({ id: data!.id, status: 'done' });
  });

  it('fails with the reason in words', async () => {
    const { data } = await start({ querySet: 'nothing', name: 'x' });
    expect((await statesOf(data!.id)).at(-1)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('"nothing"'),
      result: null,
    });
  });

  it('runs one after another, and can be cancelled while it waits', async () => {
    const [first, second] = [
      await start({ querySet: 'mine', name: 'first' }),
      await start({ querySet: 'mine', name: 'second' }),
    ];
    const client = openClient(server.url);
    const params = { path: { id: second.data!.id } };
    const { data: cancelled } = await client.DELETE('/jobs/{id}', { params });
    expect(cancelled!.status).toBe('cancelled');
    expect((await statesOf(first.data!.id)).at(-1)!.status).toBe('done');
    expect((await client.GET('/jobs/{id}', { params })).data!.status).toBe('cancelled');
    const study = openStudy(dir);
    expect(listMeasurements(study.db).map(({ name }) => name)).not.toContain('second');
    study.close();
  });

  it('is run again where the server was ended in the middle', async () => {
    const { data } = await start({ querySet: 'mine', name: 'again', kernel: 'gaussian' });
    await server.close();
    const store = openJobs(dir);
    expect(['queued', 'running']).toContain(store.get(data!.id)!.status);
    store.close();
    server = await serve({ studyDir: dir, port: 0 });
    expect((await statesOf(data!.id)).at(-1)).toMatchObject({ status: 'done' });
  });

  it('answers 404 for a job that is not there, and 400 for an id that is none', async () => {
    const client = openClient(server.url);
    const id = '00000000-0000-4000-8000-000000000000';
    expect((await client.GET('/jobs/{id}', { params: { path: { id } } })).response.status).toBe(404);
    expect((await client.GET('/jobs/{id}', { params: { path: { id: 'x' } } })).response.status).toBe(400);
  });
});

describe('the queue of jobs', () => {
  it('turns callers away where a hundred wait', async () => {
    const full = tempFolder();
    await makeAskedStudy(full);
    const busy = await serve({ studyDir: full, port: 0 });
    const client = openClient(busy.url);
    try {
      const answers = [];
      for (let i = 0; i < 105; i++)
        answers.push(await client.POST('/projections', { body: { method: 'pca' } }));
      const refused = answers.find(({ error }) => error);
      expect(refused!.error).toMatchObject({ status: 503, type: 'urn:densimeter:problem:busy' });
      expect(refused!.response.headers.get('retry-after')).toBe('10');
      const { data } = await client.GET('/jobs', { params: { query: { limit: '200' } } });
      expect(data!.rows.filter(({ status }) => status === 'queued').length).toBeLessThanOrEqual(100);
    } finally {
      await busy.close();
    }
  });
});

describe('the jobs of a study', () => {
  it('are taken once, by one of two servers', async () => {
    const [here, there] = [openJobs(dir), openJobs(dir)];
    const job = here.add('measure', {});
    expect(here.take()!.id).toBe(job.id);
    expect(there.take()).toBeUndefined();
    here.update(job.id, { status: 'cancelled' });
    here.close();
    there.close();
  });
});

describe('a server that only reads', () => {
  it('starts and cancels no job, and writes nothing into the study', async () => {
    const reading = await serve({ studyDir: dir, port: 0, readOnly: true });
    const client = openClient(reading.url);
    const refused = await client.POST('/measurements', { body: { querySet: 'mine' } });
    expect(refused.response.status).toBe(403);
    expect(refused.error).toMatchObject({ type: 'urn:densimeter:problem:only-reads' });
    const id = '00000000-0000-4000-8000-000000000000';
    expect((await client.DELETE('/jobs/{id}', { params: { path: { id } } })).response.status).toBe(403);
    expect(
      (await client.POST('/density', { body: { texts: ['Reading is not changing.'] } })).response.status,
    ).toBe(200);
    await reading.close();
  });
});
