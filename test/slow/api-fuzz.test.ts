import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeApi } from '../../api/index.js';
import { makeProjectedStudy } from '../api/asked-study.js';
import { makeStudy } from '../api/make-study.js';
import { built } from '../support/built.js';

const SECONDS = Number(process.env.DENSIMETER_FUZZ_SECONDS ?? 300);
const SEED = Number(process.env.DENSIMETER_FUZZ_SEED ?? 1);
const AT_ONCE = 8;
const MAIN = fileURLToPath(built('cli/main.js'));

type Schema = Record<string, unknown>;
interface Operation {
  path: string;
  method: string;
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

const document = describeApi() as unknown as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
);

/** What nobody should send. */
const JUNK: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    ' ',
    -1,
    0,
    1e308,
    -1e308,
    2 ** 53,
    0.1,
    [],
    {},
    [[]],
    '\u0000',
    '\u202Etxt',
    '../../etc/passwd',
    '=1+1',
    "'; DROP TABLE queries; --",
    '__proto__',
    '🧭'.repeat(50),
    'NaN',
    '1e999',
    '<script>alert(1)</script>',
    '\u001b[2J',
    'x'.repeat(100_000),
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Values of a JSON Schema, and now and then what is none. */
function valuesOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const valid = validOf(schema, depth);
  return fc.oneof({ weight: 9, arbitrary: valid }, { weight: 1, arbitrary: JUNK });
}

function validOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === 'string')
    return validOf(document.components.schemas[schema.$ref.split('/').at(-1)!]!, depth);
  const options = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (options) return fc.oneof(...options.map((one) => valuesOf(one, depth)));
  if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]));
  if ('const' in schema) return fc.constant(schema.const);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'integer':
      return fc.oneof(fc.integer({ min: 0, max: 50 }), fc.maxSafeInteger());
    case 'number':
      return fc.oneof(fc.double({ min: 0.001, max: 2, noNaN: true }), fc.double({ noNaN: true }));
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf((schema.items as Schema | undefined) ?? {}, depth + 1), {
        maxLength: depth > 2 ? 2 : 6,
      });
    case 'object': {
      const properties = (schema.properties ?? {}) as Record<string, Schema>;
      const required = new Set((schema.required as string[] | undefined) ?? []);
      const shape = Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, valuesOf(one, depth + 1)]),
      );
      return fc.record(shape, { requiredKeys: Object.keys(shape).filter((name) => required.has(name)) });
    }
    case 'string':
      return fc.oneof(
        fc.constantFrom(
          'queries',
          'base',
          'small',
          'loss',
          'first',
          'pca',
          'mine',
          'words',
          'log10_density',
          'A text to ask about.',
          '1',
          '2',
        ),
        fc.string(),
      );
    default:
      return JUNK;
  }
}

interface Sent {
  method: string;
  url: string;
  body: string | undefined;
  type: string;
}

function callsOf({ path, method, parameters = [], requestBody }: Operation): fc.Arbitrary<Sent> {
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const [type, { schema }] = Object.entries(requestBody?.content ?? { 'application/json': {} })[0]! as [
    string,
    { schema?: Schema },
  ];
  return fc
    .record({
      path: fc.tuple(...inPath.map((one) => valuesOf(one.schema))),
      query: fc.record(Object.fromEntries(inQuery.map((one) => [one.name, valuesOf(one.schema)])), {
        requiredKeys: [],
      }),
      body: schema
        ? fc.oneof(
            { weight: 19, arbitrary: valuesOf(schema).map((value) => JSON.stringify(value)) },
            { weight: 1, arbitrary: fc.string() },
          )
        : fc.constant(undefined),
    })
    .map(({ path: values, query, body }) => {
      let place = 0;
      const filled = path.replace(/\{\w+\}/g, () => encodeURIComponent(textOf(values[place++])));
      const search = Object.entries(query).map(
        ([name, value]) => `${name}=${encodeURIComponent(textOf(value).slice(0, 2000))}`,
      );
      return {
        method: method.toUpperCase(),
        url: `/api/v1${filled.slice(0, 4000)}?${search.join('&')}`,
        body,
        type,
      };
    });
}

/** As it stands in a URL; lone surrogates cannot. */
function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

const dir = mkdtempSync(join(tmpdir(), 'densimeter-fuzz-'));
const servers: { process: ChildProcess; url: string }[] = [];
beforeAll(async () => {
  makeStudy(join(dir, 'made'));
  await makeProjectedStudy(join(dir, 'asked'));
  for (const name of ['made', 'asked']) {
    const child = spawn(
      process.execPath,
      [MAIN, 'serve', join(dir, name), '--port', '0', '--json', '--log', 'error'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once('line', (line) =>
        resolve((JSON.parse(line) as { url: string }).url),
      );
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
    });
    servers.push({ process: child, url });
  }
});
afterAll(async () => {
  for (const { process: child } of servers) {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  rmSync(dir, { recursive: true, force: true });
});

/** Most memory that a server with all of its threads at work may take, MB. */
const MOST_RESIDENT = 1000;

/** Memory of a server, MB: what is resident, and the JavaScript heap in use. */
interface Memory {
  resident: number;
  heap: number;
}

async function memoryOf({ process: { pid }, url }: (typeof servers)[number]): Promise<Memory> {
  const resident = /VmRSS:\s+(?<kilobytes>\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  const metrics = await (await fetch(new URL('metrics', url))).text();
  const heap = /^nodejs_heap_size_used_bytes (?<bytes>\S+)$/m.exec(metrics)!;
  return { resident: Number(resident.groups!.kilobytes) / 1000, heap: Number(heap.groups!.bytes) / 1e6 };
}

/** The heap that outlives collections: the smallest that was seen, MB. */
function liveHeap(memory: readonly Memory[]): number {
  return Math.min(...memory.map(({ heap }) => heap));
}

describe(`the API under ${SECONDS} s of calls made from its own document (seed ${SEED})`, () => {
  it('answers every one, none with a 500, and keeps nothing of them', {
    timeout: (SECONDS + 120) * 1000,
  }, async () => {
    const counts = new Map<number, number>();
    const memory = servers.map((): Memory[] => []);
    const end = Date.now() + SECONDS * 1000;
    // A call that never ends is one that hangs.
    const send = async ({ method, url, body, type }: Sent, base: string) => {
      const response = await fetch(new URL(url, base), {
        method,
        headers: body === undefined ? {} : { 'content-type': type },
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(60_000),
      });
      // Events of a job are a stream that ends with the job.
      if (response.headers.get('content-type')?.startsWith('text/event-stream'))
        await response.body?.cancel();
      else await response.arrayBuffer();
      counts.set(response.status, (counts.get(response.status) ?? 0) + 1);
      const isBusy = response.status === 503 && response.headers.has('retry-after');
      expect(
        response.status < 500 || isBusy,
        `${response.status}: ${method} ${url.slice(0, 500)} ${body?.slice(0, 1000) ?? ''}`,
      ).toBe(true);
    };
    for (let round = 0; Date.now() < end; round++) {
      for (const [o, operation] of operations.entries()) {
        if (Date.now() >= end) break;
        const calls = fc.sample(callsOf(operation), {
          numRuns: AT_ONCE,
          seed: SEED + round * operations.length + o,
        });
        for (const { url } of servers) await Promise.all(calls.map((call) => send(call, url)));
      }
      for (const [s, server] of servers.entries()) memory[s]!.push(await memoryOf(server));
    }
    const total = [...counts.values()].reduce((a, b) => a + b, 0);
    const statuses = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    // Garbage stays until there is much of it, and threads start when they are first needed: resident memory has a
    // limit, and what would be a leak is a live heap that grows.
    const seen = memory.map((one) => {
      const third = Math.floor(one.length / 3);
      return {
        resident: Math.max(...one.map(({ resident }) => resident)),
        before: liveHeap(one.slice(third, 2 * third)),
        after: liveHeap(one.slice(2 * third)),
      };
    });
    console.log(
      `fuzz: ${total} calls, ${statuses.join(', ')}; ${seen.map(({ resident, before, after }) => `resident at most ${Math.round(resident)} MB, live heap ${Math.round(before)} MB in the second third, ${Math.round(after)} MB in the last`).join('; ')}`,
    );
    expect(counts.get(200) ?? 0).toBeGreaterThan(total / 20);
    for (const { resident, before, after } of seen) {
      expect(after).toBeLessThan(1.2 * before + 10);
      expect(resident).toBeLessThan(MOST_RESIDENT);
    }
    for (const { process: child, url } of servers) {
      expect(child.exitCode).toBeNull();
      expect((await fetch(new URL('healthz', url))).status).toBe(200);
    }
  });
});
