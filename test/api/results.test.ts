import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { openClient } from '../../client/index.js';
import { leastSquares } from '../../study/statistics/index.js';
import { makeStudy } from './make-study.js';

let dir: string;
let server: RunningServer;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'densimeter-results-'));
  makeStudy(join(dir, 'study'));
  server = await serve({ studyDir: join(dir, 'study'), port: 0, readOnly: true });
});
afterAll(async () => {
  await server?.close();
  rmSync(dir, { recursive: true });
});

const client = () => openClient(server.url);
const body = { set: 'queries', run: 'small', terms: ['log10_density', 'log(words)'] };

describe('POST /regressions', () => {
  it('gives what least squares on the rows of the filter gives, also where the server only reads', async () => {
    const { data: rows } = await client().GET('/queries', {
      params: { query: { kind: 'seen', measurement: '1', run: 'small', limit: '100' } },
    });
    const known = rows!.rows.filter(({ loss }) => loss !== null);
    const { data } = await client().POST('/regressions', { body: { ...body, filter: { kind: 'seen' } } });
    const words = known.map(({ id }) => Math.log(5 + (((id - 1) * 7) % 11)));
    const expected = leastSquares(
      known.map(({ loss }) => loss!),
      [
        { name: 'log10_density', values: known.map(({ log10Density }) => log10Density!) },
        { name: 'log(words)', values: words },
      ],
    );
    expect(data).toMatchObject({
      outcome: 'loss',
      unit: 'nats/token',
      n: known.length,
      errors: 'HC3',
      groups: null,
    });
    expected.coefficients.forEach(({ name, estimate, standardError }, i) => {
      expect(data!.coefficients[i]).toMatchObject({ name });
      expect(data!.coefficients[i]!.estimate).toBeCloseTo(estimate, 9);
      expect(data!.coefficients[i]!.standardError).toBeCloseTo(standardError, 9);
    });
  });

  it('takes a selection of queries, and counts those that lack a value', async () => {
    const ids = [20, 22, 24, 26, 28, 29, 30];
    const { data } = await client().POST('/regressions', {
      body: { ...body, terms: ['log10_density'], errors: 'classical', filter: { ids } },
    });
    // The last query has no outcome.
    expect(data).toMatchObject({ n: 6, left: 1, errors: 'classical' });
  });

  it.each([
    [{ set: 'nothing' }, 404, 'There is no set "nothing"'],
    [{ run: 'nobody' }, 404, 'There is no run "nobody"'],
    [{ metric: 'charm' }, 400, 'metric: "charm" is not allowed; Run "small" has: loss'],
    [
      { terms: ['colour'] },
      400,
      'terms: "colour" is not allowed; there are: log10_density, words, and log(…) of one.',
    ],
    [{ measurement: 99 }, 404, 'There is no measurement "99"'],
    [{ filter: { kind: 'none' } }, 422, '0 queries: '],
    [{ filter: { ids: [1, 2] } }, 422, '2 queries: '],
  ])('answers %j with a problem', async (change, status, detail) => {
    const { error, response } = await client().POST('/regressions', { body: { ...body, ...change } });
    expect(response.status).toBe(status);
    expect((error as { detail: string }).detail).toContain(detail);
  });
});

describe('an answer that is known', () => {
  it('is not sent again: ETag and If-None-Match', async () => {
    for (const path of ['study', 'queries?measurement=1', 'reports/main', 'openapi.json']) {
      const url = new URL(`api/v1/${path}`, server.url);
      const first = await fetch(url);
      const etag = first.headers.get('etag')!;
      expect(etag, path).toMatch(/^(W\/)?"/);
      // Not fetch: it asks for no cached answer where If-None-Match is set by hand.
      const [again] = (await once(get(url, { headers: { 'if-none-match': etag } }), 'response')) as [
        IncomingMessage,
      ];
      again.resume();
      expect(again.statusCode, path).toBe(304);
    }
  });
});

describe('what was found', () => {
  it('is listed: reports, their regressions, interventions, leaks', async () => {
    const reports = await client().GET('/reports');
    expect(reports.data!.rows.map(({ name }) => name)).toEqual(['main', 'old']);
    const regressions = await client().GET('/regressions', {
      params: { query: { run: 'small', model: 'density' } },
    });
    expect(regressions.data!.rows).toMatchObject([{ run: 'small', slope: -1 }]);
    const none = await client().GET('/regressions', { params: { query: { run: 'large' } } });
    expect(none.data!.total).toBe(0);
    const interventions = await client().GET('/interventions');
    expect(interventions.data!.rows).toMatchObject([
      { name: 'leak', querySet: 'queries', arms: [{ name: 'control' }, { name: 'copy' }] },
    ]);
    const leaks = await client().GET('/leaks', { params: { query: { kind: 'seen', limit: '100' } } });
    const scores = leaks.data!.rows.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(leaks.data!.rows.map(({ kind }) => kind))).toEqual(new Set(['seen']));
    for (const { score, suspected } of leaks.data!.rows) expect(suspected).toBe(score >= 3.09);
    const nowhere = await client().GET('/leaks', { params: { query: { set: 'nowhere' } } });
    expect(nowhere.response.status).toBe(404);
  });
});
