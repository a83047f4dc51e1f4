import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { describeApi, type RunningServer, serve } from '../../api/index.js';
import { clientTypes } from '../../scripts/client-types.js';
import { openJobs } from '../../store/index.js';
import { makeProjectedStudy } from './asked-study.js';
import { makeStudy } from './make-study.js';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: object;
  responses: Record<string, { content?: Record<string, object> }>;
}

/** A call of an operation that can be answered. */
interface Call {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: object;
  file?: string;
  accept?: string;
}

/** Calls of every operation; those of `asked` need vectors and an embedder. */
const MADE: Record<string, Call[]> = {
  getStudy: [{}],
  getPoints: [{}, { query: { measurement: '2', run: 'large' } }],
  getQuery: [{ path: { id: '1' } }, { path: { id: '2' }, query: { measurement: '2' } }],
  getCoverage: [{ path: { id: '1' } }],
  getReport: [{ path: { name: 'main' } }],
  getReportPage: [{ path: { name: 'main' }, accept: 'text/html' }],
  getDocument: [{ path: { corpus: 'speeches', document: 'speech-1' } }],
};
const TABLES = [
  'listReports',
  'listRegressions',
  'listInterventions',
  'listLeaks',
  'listCorpora',
  'listQuerySets',
  'listRuns',
  'listQueries',
  'listOutcomes',
  'listJobs',
];
for (const operation of ['getJob', 'cancelJob', 'watchJob']) MADE[operation] = [{ path: { id: 'the job' } }];
const fit = { set: 'queries', run: 'small', terms: ['log10_density', 'words'] };
MADE.regress = [
  { body: fit },
  {
    body: { ...fit, terms: ['log(words)'], errors: 'cluster', groupBy: 'document', filter: { kind: 'seen' } },
  },
  { body: { ...fit, measurement: 2, errors: 'classical', filter: { ids: [1, 2, 3, 4, 5, 6, 7, 8] } } },
];
MADE.startReport = [{ body: { name: 'another', runs: ['small'] } }];
MADE.uploadCorpus = [{ query: { name: 'sent', format: 'txt' }, file: 'A text that is sent.' }];
MADE.startMeasurement = [{ body: { querySet: 'queries', bandwidth: 0.1 } }];
for (const name of TABLES) {
  MADE[name] = [{}, { query: { limit: '1' } }, { query: { limit: '10000' } }, { query: { format: 'jsonl' } }];
}
const ASKED: Record<string, Call[]> = {
  askDensity: [
    { body: { texts: ['A text.', 'Another.'] } },
    { body: { texts: ['A text.'], attribution: false, bandwidth: 0.1, curve: [0.1, 1], kernel: 'vmf' } },
    { body: { texts: ['A text.'], neighbours: 0, documents: 100 } },
    { body: { texts: ['A text.'] }, accept: 'application/x-ndjson' },
  ],
  listProjections: [{}],
  startProjection: [{ body: { method: 'pca', landmarks: 10 } }],
  getDensityImage: [{ path: { name: 'pca' } }, { path: { name: 'pca' }, query: { columns: '512', x0: '0' } }],
  getProjectedQueries: [{ path: { name: 'pca' } }],
  getPlace: [{ path: { name: 'pca' }, query: { x: '0', y: '-1e-3', texts: '50' } }],
  askNeighbours: [{ body: { texts: ['A text.'], neighbours: 100 } }],
};

const document = describeApi();
const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
    path,
    method,
    operation,
  })),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(document, 'api');
function validator(path: string, method: string, status: number, type: string): ValidateFunction {
  const parts = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
  const pointer = parts
    .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
    .map(encodeURIComponent);
  return ajv.compile({ $ref: `api#/${pointer.join('/')}` });
}

let dir: string;
let jobId: string;
const servers: Record<'made' | 'asked', RunningServer | undefined> = { made: undefined, asked: undefined };
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'densimeter-openapi-'));
  makeStudy(join(dir, 'made'));
  const jobs = openJobs(join(dir, 'made'));
  jobId = jobs.add('measure', {}).id;
  jobs.update(jobId, { status: 'done', result: { id: 1 } });
  jobs.close();
  await makeProjectedStudy(join(dir, 'asked'));
  for (const name of ['made', 'asked'] as const) {
    servers[name] = await serve({ studyDir: join(dir, name), port: 0 });
  }
});
afterAll(async () => {
  await servers.made?.close();
  await servers.asked?.close();
  rmSync(dir, { recursive: true });
});

function call(
  server: 'made' | 'asked',
  method: string,
  path: string,
  { path: inPath = {}, query, body, file, accept }: Call,
) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(inPath[name]?.replace('the job', jobId) ?? `{${name}}`),
  );
  const url = new URL(`api/v1${filled}`, servers[server]!.url);
  url.search = new URLSearchParams(query).toString();
  return fetch(url, {
    method: method.toUpperCase(),
    headers: {
      ...(accept && { accept }),
      ...(body && { 'content-type': 'application/json' }),
      ...(file && { 'content-type': 'application/octet-stream' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    ...(file && { body: file }),
  });
}

async function checkAnswer(response: Response, path: string, method: string): Promise<void> {
  const type = response.headers.get('content-type')!.split(';')[0]!;
  const text = await response.text();
  const values = type === 'application/x-ndjson' ? text.trim().split('\n').filter(Boolean) : [text];
  if (!/json/.test(type)) return;
  const validate = validator(path, method, response.status, type);
  for (const value of values) {
    const isValid = validate(JSON.parse(value));
    expect(validate.errors ?? [], `${method} ${path}: ${value.slice(0, 300)}`).toEqual([]);
    expect(isValid).toBe(true);
  }
}

describe.each(operations)('$method $path', ({ path, method, operation }) => {
  const server = operation.operationId in ASKED ? ('asked' as const) : ('made' as const);
  const calls = ASKED[operation.operationId] ?? MADE[operation.operationId];

  it('answers what the document says', async () => {
    expect(calls, `${operation.operationId} has no call in this test`).toBeDefined();
    for (const one of calls!) {
      const response = await call(server, method, path, one);
      const promised = Object.keys(operation.responses).find((status) => status.startsWith('2'));
      expect(`${response.status}`, `${JSON.stringify(one)}: ${await response.clone().text()}`).toBe(promised);
      await checkAnswer(response, path, method);
    }
  });

  it('answers what is wrong with a problem', async () => {
    const inPath = Object.fromEntries(
      (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => [name, '1']),
    );
    const wrong: Call[] = [
      { path: inPath, query: { nonsense: '1' }, ...(operation.requestBody && { body: {} }) },
      ...(operation.requestBody ? [{ body: { nonsense: 1 } }, { body: [] }] : []),
      ...(operation.parameters ?? [])
        .filter((one) => one.in === 'query')
        .map(({ name }) => ({ path: inPath, query: { [name]: '' } })),
    ];
    for (const one of wrong) {
      const response = await call(server, method, path, one);
      expect(response.status, JSON.stringify(one)).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      await checkAnswer(response, path, method);
    }
  });
});

test('the client’s types are those of the document', async () => {
  expect(readFileSync('client/paths.ts', 'utf8')).toBe(await clientTypes());
}, 30_000);
