import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { openClient } from '../../client/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { makeProjectedStudy, unseenSentences } from './asked-study.js';
import { endOf } from './job-events.js';

const dir = tempFolder();
let server: RunningServer;
let client: ReturnType<typeof openClient>;
beforeAll(async () => {
  await makeProjectedStudy(dir);
  server = await serve({ studyDir: dir, port: 0 });
  client = openClient(server.url);
});
afterAll(() => server?.close());

describe('a projection', () => {
  it('is made as a job, and listed', async () => {
    const { data, response } = await client.POST('/projections', { body: { method: 'umap', neighbours: 5 } });
    expect(response.status).toBe(202);
    const job = await endOf(server, data!.id);
    expect(job).toMatchObject({ status: 'done', kind: 'project', result: { name: 'umap', method: 'umap' } });
    const { data: listed } = await client.GET('/projections');
    expect(listed!.projections.map(({ name, corpora }) => [name, corpora.map((one) => one.stale)])).toEqual([
      ['pca', [false, false]],
      ['umap', [false, false]],
    ]);
  });

  it('is an image of how many points are where, of all of it or a region', async () => {
    const params = { path: { name: 'pca' } };
    const { data: whole } = await client.GET('/projections/{name}', {
      params: { ...params, query: { columns: '4' } },
    });
    expect(whole!.corpora.map(({ name, points }) => [name, points])).toEqual([
      ['first', 40],
      ['second', 20],
    ]);
    for (const { counts, points } of whole!.corpora) {
      expect(counts).toHaveLength(16);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(points);
    }
    const [x0, x1] = whole!.region.x as [number, number];
    const query = { x1: ((x0 + x1) / 2).toFixed(6), columns: '2' };
    const { data: left } = await client.GET('/projections/{name}', { params: { ...params, query } });
    const half = (corpus: number) =>
      whole!.corpora[corpus]!.counts.reduce((sum, count, cell) => sum + (cell % 4 < 2 ? count : 0), 0);
    expect(left!.corpora.map(({ points }) => points)).toEqual([half(0), half(1)]);
  });

  it('has places of queries, and texts near a place', async () => {
    const params = { path: { name: 'pca' } };
    const { data } = await client.GET('/projections/{name}/queries', { params });
    expect(data!.querySet).toBe('mine');
    expect(data!.queries).toHaveLength(6);
    const { x, y } = data!.queries[2]!;
    const at = { x: x.toFixed(6), y: y.toFixed(6), corpus: 'second', texts: '3' };
    const { data: place } = await client.GET('/projections/{name}/texts', {
      params: { ...params, query: at },
    });
    expect(place!.texts.map(({ corpus }) => corpus)).toEqual(['second', 'second', 'second']);
    const distances = place!.texts.map((text) => Math.hypot(text.x - x, text.y - y));
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  it('places texts that are asked about', async () => {
    const body = { texts: [unseenSentences(6)[2]!], projection: 'pca', neighbours: 0 };
    const { data: asked } = await client.POST('/density', { body });
    const { data: kept } = await client.GET('/projections/{name}/queries', {
      params: { path: { name: 'pca' } },
    });
    const { x, y } = kept!.queries[2]!;
    expect(asked!.densities[0]!.place![0]).toBeCloseTo(x, 4);
    expect(asked!.densities[0]!.place![1]).toBeCloseTo(y, 4);
  });

  it('is refused where there is none, or no such region', async () => {
    const none = await client.GET('/projections/{name}', { params: { path: { name: 'none' } } });
    expect(none.error).toMatchObject({
      status: 404,
      detail: expect.stringContaining('There are: pca, umap.'),
    });
    const query = { x0: '2', x1: '1' };
    const bad = await client.GET('/projections/{name}', { params: { path: { name: 'pca' }, query } });
    expect(bad.error).toMatchObject({ status: 400, field: 'x1', value: '1' });
    const asked = await client.POST('/density', { body: { texts: ['A text.'], projection: 'none' } });
    expect(asked.error).toMatchObject({ status: 422 });
  });
});
