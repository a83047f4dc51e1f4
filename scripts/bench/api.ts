import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { randomLcg, randomNormal } from 'd3';
import { makeApiStudy } from './api-study.js';
import { CACHE } from './embedded-texts.js';
import { type RealEmbeddings, realEmbeddings } from './real-embeddings.js';
import type { BenchRow } from './row.js';

const POINTS = 1_000_000;
const CONNECTIONS = 32;
const SECONDS = 60;
const OTHER_SECONDS = 20;
const BANDWIDTH = 0.06;
const GOAL_P99 = 400;
const GOAL_BATCHED = 5;
const GOAL_HEALTHZ = 20;
const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const WORDS =
  'the law of nations ship harbour whale price corn army bread river vote court winter school gold'.split(
    ' ',
  );

/** Density queries over HTTP against a million points: vectors and texts never seen before, many at once and one by one. */
export async function benchApi(): Promise<BenchRow[]> {
  const real = await realEmbeddings(POINTS);
  const dir = join(CACHE, `api-study-${process.pid}`);
  await makeApiStudy(dir, real);
  const { server, url } = await startServer(dir);
  try {
    const density = new URL('api/v1/density', url).href;
    const vectors = vectorBodies(real);
    const texts = textBodies();
    await load(density, vectors, { connections: CONNECTIONS, amount: 2 * CONNECTIONS });
    await load(density, texts, { connections: 2, amount: 4 });
    const many = await load(density, vectors, { connections: CONNECTIONS, duration: SECONDS });
    const one = await load(density, vectors, { connections: 1, duration: OTHER_SECONDS });
    const asked = await load(density, texts, { connections: CONNECTIONS, duration: OTHER_SECONDS });
    const healthz = await whileMeasuring(url);
    return rowsOf({ many, one, asked, healthz });
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Loads {
  many: autocannon.Result;
  one: autocannon.Result;
  asked: autocannon.Result;
  healthz: autocannon.Result;
}

function rowsOf({ many, one, asked, healthz }: Loads): BenchRow[] {
  const rate = ({ requests, duration }: autocannon.Result) => requests.total / duration;
  const failed = ({ errors, timeouts, non2xx }: autocannon.Result) => errors + timeouts + non2xx;
  const errors = failed(many) + failed(one) + failed(asked) + failed(healthz);
  const ratio = rate(many) / rate(one);
  const about = `${POINTS} points of 512 dims, ${CONNECTIONS} connections, ${SECONDS} s, vectors never seen before, with shares and 10 neighbours, h = ${BANDWIDTH}; client and server on the same 2 cores`;
  const row = (
    name: string,
    value: number,
    unit: string,
    goal: string,
    met: boolean,
    note: string,
  ): BenchRow => {
    return { name, value, unit, range: [value, value], against: 'nothing', ratio: null, goal, met, note };
  };
  const { latency } = many;
  return [
    row('api_p50_ms', latency.p50, 'ms', 'printed', true, `${about}; ${rate(many).toFixed(1)} queries/s`),
    row(
      'api_p99_ms',
      latency.p99,
      'ms',
      `≤ ${GOAL_P99} ms`,
      latency.p99 <= GOAL_P99,
      `most ${latency.max} ms; texts: p50 ${asked.latency.p50} ms, p99 ${asked.latency.p99} ms, ${rate(asked).toFixed(1)}/s`,
    ),
    row(
      'api_errors',
      errors,
      'errors',
      '0',
      errors === 0,
      `of ${many.requests.total + one.requests.total + asked.requests.total + healthz.requests.total} requests`,
    ),
    {
      ...row(
        'api_batched_vs_single',
        rate(many),
        'queries/s',
        `≥ ${GOAL_BATCHED}x`,
        ratio >= GOAL_BATCHED,
        'the same server',
      ),
      against: `one connection, one query after another: ${rate(one).toFixed(1)}/s, p50 ${one.latency.p50} ms`,
      ratio,
    },
    row(
      'healthz_p99_ms',
      healthz.latency.p99,
      'ms',
      `≤ ${GOAL_HEALTHZ} ms`,
      healthz.latency.p99 <= GOAL_HEALTHZ,
      `p50 ${healthz.latency.p50} ms, most ${healthz.latency.max} ms, while a measure job runs`,
    ),
  ];
}

async function startServer(dir: string): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [MAIN, 'serve', '--study', dir, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stdout! }).once('line', (line) =>
      resolve((JSON.parse(line) as { url: string }).url),
    );
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
  });
  return { server, url };
}

/** Loads a path with bodies that are never the same. */
function load(
  url: string,
  body: () => object,
  settings: { connections: number; duration?: number; amount?: number },
): Promise<autocannon.Result> {
  return autocannon({
    ...{ url, method: 'POST', headers: { 'content-type': 'application/json' }, timeout: 30 },
    requests: [{ setupRequest: (request) => ({ ...request, body: JSON.stringify(body()) }) }],
    ...settings,
  });
}

async function whileMeasuring(url: string): Promise<autocannon.Result> {
  const response = await fetch(new URL('api/v1/measurements', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ querySet: 'queries', bandwidth: BANDWIDTH, sweep: true }),
  });
  if (response.status !== 202)
    throw new Error(`The job was not taken: ${response.status} ${await response.text()}`);
  const job = new URL(response.headers.get('location')!, url);
  const healthz = await autocannon({
    url: new URL('healthz', url).href,
    connections: 1,
    duration: OTHER_SECONDS,
  });
  const { status } = (await (await fetch(job)).json()) as { status: string };
  if (status !== 'running')
    process.stderr.write(`api: the measure job was ${status} when /healthz had been asked\n`);
  await fetch(job, { method: 'DELETE' });
  return healthz;
}

/** Vectors near those of real queries. */
function vectorBodies({ queries, dims }: RealEmbeddings): () => object {
  const random = randomLcg(1);
  const normal = randomNormal.source(random)(0, 0.2 / Math.sqrt(dims));
  const count = queries.length / dims;
  let next = 0;
  return () => {
    const at = (next++ % count) * dims;
    const vector = Array.from(queries.subarray(at, at + dims), (value) =>
      Number((value + normal()).toFixed(6)),
    );
    return { vectors: [vector], bandwidth: BANDWIDTH };
  };
}

function textBodies(): () => object {
  const random = randomLcg(2);
  return () => {
    const words = Array.from({ length: 12 }, () => WORDS[Math.floor(random() * WORDS.length)]!);
    return { texts: [`${words.join(' ')} ${Math.floor(random() * 1e9)}.`], bandwidth: BANDWIDTH };
  };
}
