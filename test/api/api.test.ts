import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CoverageView,
  createApp,
  type PointsView,
  type ProblemView,
  type QueryView,
  type RunningServer,
  type StudyView,
  serve,
} from '../../api/index.js';
import { DataError, openStudy, UsageError } from '../../store/index.js';
import { EMOJI, HOSTILE, makeStudy, RTL_OVERRIDE } from './make-study.js';

let dir: string;
let server: RunningServer;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'densimeter-api-'));
  makeStudy(join(dir, 'study'));
  writeFileSync(join(dir, 'study', 'reports', 'report.json'), '{}');
  mkdirSync(join(dir, 'study', 'reports', 'unfinished'));
  server = await serve({ studyDir: join(dir, 'study'), port: 0 });
});

afterAll(async () => {
  await server?.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request as it stands: `fetch` would tidy "..", and keeps Host to itself. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

async function answer<T>(path: string): Promise<T> {
  const { status, headers, body } = await ask(`/api/v1${path}`);
  expect(status, body).toBe(200);
  expect(headers['content-type']).toMatch(/^application\/json/);
  return JSON.parse(body) as T;
}

async function problem(
  path: string,
  headers?: Record<string, string>,
  method?: string,
): Promise<ProblemView> {
  const { status, headers: got, body } = await ask(path, headers, method);
  expect(got['content-type']).toMatch(/^application\/problem\+json/);
  const view = JSON.parse(body) as ProblemView;
  expect(view.status).toBe(status);
  expect(view.type).toMatch(/^urn:densimeter:problem:[a-z-]+$/);
  expect(view.title).not.toBe('');
  return view;
}

describe('GET /study', () => {
  it('says what the study holds', async () => {
    const study = await answer<StudyView>('/study');
    expect(study.name).toBe('unions');
    expect(study.corpora).toEqual([
      {
        name: 'speeches',
        role: 'pretrain',
        embedder: 'test',
        dims: 2,
        documents: 3,
        heldOut: 0,
        chunks: 6,
        duplicates: 4,
        precision: 'fp32',
        sources: 3,
      },
    ]);
    expect(study.querySets).toMatchObject([{ name: 'queries', queries: 30 }]);
    expect(study.runs.map((run) => run.name)).toEqual(['small', 'large']);
    expect(study.measurements).toMatchObject([
      { name: 'base', kernel: 'exponential', bandwidth: 0.11, corpora: ['speeches'], points: 6 },
      { name: 'treated', kernel: 'gaussian' },
    ]);
  });

  it('lists the reports newest first, with the words of the newest', async () => {
    const { reports, words } = await answer<StudyView>('/study');
    expect(reports).toEqual([
      { name: 'main', made: '2026-02-01T00:00:00Z', html: true },
      { name: 'old', made: '2026-01-01T00:00:00Z', html: true },
    ]);
    expect(words[0]).toBe('Density explains the loss. <b>Surely</b>');
  });
});

describe('GET /points', () => {
  it('gives one row a query of the first measurement and run', async () => {
    const { measurement, run, points } = await answer<PointsView>('/points');
    expect(measurement).toMatchObject({ name: 'base' });
    expect(run).toBe('small');
    expect(points).toHaveLength(30);
    expect(points[3]).toEqual({
      id: 4,
      kind: 'held-out',
      source: 'Abraham Lincoln',
      document: 'd3',
      log10Density: -5.7,
      low: -5.8,
      high: -5.6000000000000005,
      effectiveSamples: 6,
      loss: 4.7,
      tokens: 10,
      perplexity: Math.exp(4.7),
      excerpt: 'Query 3 asks about the budget of the navy.',
    });
  });

  it('gives null where the run has no outcome', async () => {
    const { points } = await answer<PointsView>('/points');
    expect(points.at(-1)).toMatchObject({ loss: null, tokens: null, perplexity: null });
  });

  it('takes a measurement and a run', async () => {
    const { measurement, run, points } = await answer<PointsView>('/points?measurement=2&run=large');
    expect(measurement).toMatchObject({ id: 2, name: 'treated' });
    expect(run).toBe('large');
    expect(points[0]).toMatchObject({ log10Density: -5.5, loss: 5 });
  });

  it('cuts excerpts at 120 characters, and none in two', async () => {
    const { points } = await answer<PointsView>('/points');
    expect([...points[2]!.excerpt]).toHaveLength(120);
    expect(EMOJI.startsWith(points[2]!.excerpt)).toBe(true);
    expect(Buffer.from(points[2]!.excerpt).toString()).toBe(points[2]!.excerpt);
  });

  it.each([
    ['measurement=x', 'measurement', 'x'],
    ['measurement=0', 'measurement', '0'],
    ['measurement=-1', 'measurement', '-1'],
    ['measurement=1.5', 'measurement', '1.5'],
    ['measurement=', 'measurement', ''],
    ['measurement=1&measurement=2', 'measurement', '["1","2"]'],
    ['run=', 'run', ''],
    ['mesurement=1', 'mesurement', '1'],
  ])('refuses ?%s', async (query, field, value) => {
    const view = await problem(`/api/v1/points?${query}`);
    expect(view).toMatchObject({ status: 400, type: 'urn:densimeter:problem:bad-value', field, value });
    expect(view.detail).toContain(field);
  });

  it.each([
    ['measurement=99', 'measurement', '99'],
    ['run=nobody', 'run', 'nobody'],
    ['run=%27%20OR%201=1', 'run', "' OR 1=1"],
  ])('does not know ?%s', async (query, field, value) => {
    const view = await problem(`/api/v1/points?${query}`);
    expect(view).toMatchObject({ status: 404, type: 'urn:densimeter:problem:not-found', field, value });
  });
});

describe('GET /queries/:id', () => {
  it('gives text, density with settings, shares, nearest texts and outcomes', async () => {
    const query = await answer<QueryView>('/queries/1');
    expect(query).toMatchObject({ id: 1, kind: 'held-out', text: HOSTILE });
    expect(query.density).toMatchObject({
      log10Density: -6,
      low: -6.1,
      high: -5.9,
      effectiveSamples: 3,
      touched: 0.02,
      measurement: { kernel: 'exponential', bandwidth: 0.11, estimator: 'stratified', points: 6 },
    });
    expect(query.density!.measurement).toMatchObject({
      ...{ estimatorRule: 'auto: 6 points are few', relativeError: 0.05, budget: 0.1, seed: 1 },
    });
    expect(query.shares.corpus).toEqual([
      { corpus: 'speeches', label: 'speeches', share: 1, standardError: 0 },
    ]);
    expect(query.shares.source[0]!.standardError).toBe(0.02);
    expect(query.curve).toEqual([
      {
        bandwidth: 0.055,
        log10Density: expect.closeTo(query.density!.log10Density! * 1.5),
        errorBound: null,
      },
      { bandwidth: 0.11, log10Density: query.density!.log10Density, errorBound: 0.001 },
      {
        bandwidth: 0.22,
        log10Density: expect.closeTo(query.density!.log10Density! * 0.7),
        errorBound: 0.0001,
      },
    ]);
    expect(query.controls).toEqual({ 'nearest distance': 0.42, 'knn log10 density': 1.25 });
    expect(query.shares.source.map((one) => one.share)).toEqual([0.6, 0.3, 0.1]);
    expect(query.shares.document).toHaveLength(1);
    expect(query.neighbours[0]).toEqual({
      corpus: 'speeches',
      row: 1,
      distance: 0.42,
      share: 0.5,
      source: 'Abraham Lincoln',
      document: 'speech-0',
      meta: { year: 1861 },
      text: HOSTILE,
    });
    expect(query.outcomes).toEqual([
      { run: 'small', nll: 50, tokens: 10, loss: 5, perplexity: Math.exp(5) },
      { run: 'large', nll: 50, tokens: 10, loss: 5, perplexity: Math.exp(5) },
    ]);
  });

  it('keeps texts as they are', async () => {
    expect((await answer<QueryView>('/queries/2')).text).toBe(RTL_OVERRIDE);
    expect((await answer<QueryView>('/queries/3')).text).toBe(EMOJI);
  });

  it('takes a measurement', async () => {
    const query = await answer<QueryView>('/queries/1?measurement=2');
    expect(query.density).toMatchObject({ log10Density: -5.5, measurement: { kernel: 'gaussian' } });
  });

  it('refuses what is not an id, and does not know other ids', async () => {
    expect(await problem('/api/v1/queries/one')).toMatchObject({ status: 400, field: 'id', value: 'one' });
    expect(await problem('/api/v1/queries/9999')).toMatchObject({ status: 404, field: 'query' });
    expect(await problem('/api/v1/queries/1?measurement=9')).toMatchObject({ status: 404 });
    expect(await problem('/api/v1/queries/%E0%A4%A')).toMatchObject({ status: 400 });
  });
});

describe('GET /measurements/:id/coverage', () => {
  it('gives the matrix of subjects and sources, the least supported queries and the documents', async () => {
    const coverage = await answer<CoverageView>('/measurements/1/coverage');
    expect(coverage).toMatchObject({
      measurement: { id: 1, kernel: 'exponential', bandwidth: 0.11, estimator: 'stratified', points: 6 },
      ...{ querySet: 'queries', by: 'kind', weigh: 'queries' },
    });
    const { sources, others, all, subjects } = coverage.matrix;
    expect(sources.map(({ source }) => source)).toEqual([
      'Abraham Lincoln',
      'Herbert Hoover',
      '<b>Nobody</b>',
    ]);
    expect(others).toEqual({ sources: 0, points: 0 });
    expect(subjects.map(({ subject }) => subject)).toEqual(['held-out', 'seen', 'out-of-domain']);
    for (const { queries, shares, without } of subjects) {
      expect(queries).toBe(10);
      for (const [s, share] of [0.6, 0.3, 0.1].entries()) {
        expect(shares[s]).toBeCloseTo(share, 9);
        expect(without[s]).toBeCloseTo(Math.log10((1 - share) * 1.5), 9);
      }
    }
    expect(subjects[0]!.log10Density.median).toBeCloseTo(-6 + 1.35, 9);
    expect(all.queries).toBe(30);
    expect(coverage.leastSupported).toHaveLength(20);
    expect(coverage.leastSupported[0]).toMatchObject({
      ...{ id: 1, key: 'q0', subject: 'held-out', text: HOSTILE, percentile: null },
      topSource: { corpus: 'speeches', source: 'Abraham Lincoln', share: 0.6 },
      nearest: { document: 'speech-0', distance: 0.42 },
    });
    expect(coverage.documents).toMatchObject({ kept: 1, top: [{ document: 'speech-0', leads: 30 }] });
    expect(coverage.documents.share).toBeCloseTo(0.6, 9);
  });

  it('takes the field of a subject, and what a mean is', async () => {
    const coverage = await answer<CoverageView>('/measurements/2/coverage?by=document&weigh=density');
    expect(coverage).toMatchObject({ by: 'document', weigh: 'density', measurement: { kernel: 'gaussian' } });
    expect(coverage.matrix.subjects).toHaveLength(5);
  });

  it.each([
    ['1/coverage?by=colour', 400, 'by', 'colour'],
    ['1/coverage?by=constructor', 400, 'by', 'constructor'],
    ['1/coverage?weigh=', 400, 'weigh', ''],
    ['1/coverage?sources=3', 400, 'sources', '3'],
    ['x/coverage', 400, 'id', 'x'],
    ['99/coverage', 404, 'measurement', '99'],
  ])('refuses %s', async (path, status, field, value) => {
    expect(await problem(`/api/v1/measurements/${path}`)).toMatchObject({ status, field, value });
  });

  it('says where the corpora have changed since', async () => {
    const study = openStudy(join(dir, 'study'), { write: true });
    study.db.prepare('UPDATE measurements SET points = 7 WHERE id = 2').run();
    expect(await problem('/api/v1/measurements/2/coverage')).toMatchObject({
      status: 409,
      type: 'urn:densimeter:problem:outdated',
      detail: expect.stringContaining('measure the query set again'),
    });
    study.db.prepare('UPDATE measurements SET points = 6 WHERE id = 2').run();
    study.close();
  });
});

describe('GET /reports/:name', () => {
  it('gives report.json and the page', async () => {
    expect(await answer('/reports/main')).toMatchObject({ name: 'main', version: 3 });
    const page = await ask('/api/v1/reports/main/report.html');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toContain("style-src 'unsafe-inline'");
    expect(page.headers['content-security-policy']).not.toContain('script-src');
  });

  it.each([
    '..',
    '../..',
    '%2e%2e',
    '..%2f..%2fdensimeter.db',
    '%2Fetc%2Fpasswd',
    '..%5C..',
    'main%00',
    '.hidden',
  ])('does not let %s out of reports/', async (name) => {
    for (const path of [`/api/v1/reports/${name}`, `/api/v1/reports/${name}/report.html`]) {
      expect([400, 404]).toContain((await problem(path)).status);
    }
  });

  it('does not know reports that are not there or not finished', async () => {
    for (const name of ['nothing', 'unfinished', 'report.json']) {
      expect(await problem(`/api/v1/reports/${name}`)).toMatchObject({
        status: 404,
        field: 'report',
        value: name,
      });
    }
  });
});

describe('the server', () => {
  it('sends strict security headers with everything', async () => {
    for (const path of ['/api/v1/study', '/api/v1/nothing', '/']) {
      const { headers } = await ask(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(policy).not.toContain('http');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('answers for loopback names only', async () => {
    for (const host of ['localhost', 'LOCALHOST:4860', '127.0.0.1:80', '[::1]:4860']) {
      expect((await ask('/api/v1/study', { Host: host })).status, host).toBe(200);
    }
    for (const host of ['evil.example', 'localhost.evil.example:4860', '192.168.0.9', 'a@localhost']) {
      const view = await problem('/api/v1/study', { Host: host });
      expect(view, host).toMatchObject({
        status: 403,
        type: 'urn:densimeter:problem:host-refused',
        field: 'Host',
        value: host,
      });
    }
    expect((await ask('/', { Host: 'evil.example' })).status).toBe(403);
  });

  it('answers problems for unknown paths and methods', async () => {
    expect(await problem('/api/v1/nothing')).toMatchObject({ status: 404, field: 'path' });
    expect(await problem('/nothing')).toMatchObject({ status: 404 });
    expect(await problem('/api/v1/study', {}, 'POST')).toMatchObject({
      status: 405,
      type: 'urn:densimeter:problem:method-not-allowed',
    });
  });

  it('says which port is in use, and what to do', async () => {
    const port = Number(new URL(server.url).port);
    const second = serve({ studyDir: join(dir, 'study'), port });
    await expect(second).rejects.toThrow(DataError);
    await expect(second).rejects.toThrow(new RegExp(`Port ${port} .*--port`));
  });

  it('does not make a study where there is none', async () => {
    await expect(serve({ studyDir: join(dir, 'nowhere'), port: 0 })).rejects.toThrow(UsageError);
  });
});

describe('a study without measurements', () => {
  it('has no points, and says where the page is to come from when it is not built', async () => {
    const study = openStudy(join(dir, 'empty'), { write: true });
    const listening = createApp(study, { pageFolder: join(dir, 'no-page') }).app.listen(0, '127.0.0.1');
    await new Promise((resolve) => listening.once('listening', resolve));
    const { port } = listening.address() as { port: number };
    const points = await fetch(`http://127.0.0.1:${port}/api/v1/points`);
    expect(await points.json()).toEqual({ measurement: null, run: null, points: [] });
    const found = (await (await fetch(`http://127.0.0.1:${port}/api/v1/study`)).json()) as StudyView;
    expect(found).toMatchObject({ name: 'empty', corpora: [], reports: [], words: [] });
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('npm run build');
    listening.closeAllConnections();
    await new Promise((resolve) => listening.close(resolve));
    study.close();
  });

  it('shows nothing of an error of its own', async () => {
    const heard: unknown[] = [];
    const study = openStudy(join(dir, 'empty'));
    const listening = createApp(study, { onError: (error) => heard.push(error) }).app.listen(0, '127.0.0.1');
    await new Promise((resolve) => listening.once('listening', resolve));
    study.close();
    const { port } = listening.address() as { port: number };
    const failed = await fetch(`http://127.0.0.1:${port}/api/v1/study`);
    expect(failed.status).toBe(500);
    expect(await failed.json()).toMatchObject({ type: 'urn:densimeter:problem:failed' });
    expect(heard).toHaveLength(1);
    listening.closeAllConnections();
    await new Promise((resolve) => listening.close(resolve));
  });
});
