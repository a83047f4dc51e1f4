import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomLcg } from 'd3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corpusNamed, openCorpusVectors, openStudy } from '../../store/index.js';
import { stateOfTheUnion } from '../indexer/texts.js';
import { built } from '../support/built.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();
const corpus = join(folder, 'addresses.jsonl');
/** What every run of these tests is: small commits, so that there is much to resume. */
const INDEX = ['index', 'mine', corpus, '--commit-every', '250', '--hold-out', '0.05'];

beforeAll(() => {
  const lines = stateOfTheUnion()
    .slice(0, 60)
    .flatMap((text, i) => [
      { id: `a${i}`, text: text.slice(0, 9000) },
      // Texts that come again, which a run copies that resumes as well as one that does not.
      { id: `b${i}`, text: `${text.slice(0, 700)} Said again in address ${i % 7}.` },
    ])
    .map((record) => JSON.stringify(record));
  writeFileSync(corpus, `${lines.slice(0, 50).join('\n')}\n{"id": "broken\n${lines.slice(50).join('\n')}\n`);
});

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
}

interface Ended {
  code: number | null;
  signal: string | null;
  stderr: string;
  stdout: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout, stderr };
}

function finish(dir: string, ...more: string[]): Promise<Ended> {
  return ended(start([...INDEX, '--study', dir, ...more]));
}

/** Everything that an index run leaves, but times. */
function contents(dir: string, name = 'mine') {
  const study = openStudy(dir);
  const all = (sql: string) => study.db.prepare(sql).raw().all();
  const found = corpusNamed(study.db, name);
  openCorpusVectors(study, found).close();
  const vectors = study.vectorFolder('corpus', found.folder);
  const tables = {
    documents: all('SELECT id, key, source, split, meta, text FROM documents ORDER BY id'),
    chunks: all('SELECT corpus_id, row, document_id, start, end, text_hash FROM chunks ORDER BY row'),
    files: all('SELECT * FROM vector_files ORDER BY file'),
    ingests: all('SELECT key, settings, documents_before, finished IS NULL FROM ingests'),
  };
  study.close();
  const bytes = readdirSync(vectors).map((file) => [
    file,
    readFileSync(join(vectors, file)).toString('base64'),
  ]);
  return { ...tables, bytes };
}

describe('an index run', () => {
  const whole = join(folder, 'whole');

  test('that is not interrupted says what it did', async () => {
    const { code, stdout, stderr } = await finish(whole, '--json');
    expect(code, stderr).toBe(0);
    const said = JSON.parse(stdout);
    expect(said.documents).toBe(120);
    expect(said.heldOut).toBeGreaterThan(0);
    expect(said.chunks).toBeGreaterThan(2000);
    expect(said.duplicates).toBeGreaterThan(50);
    expect(said.skipped).toEqual([expect.stringMatching(/^1 not a JSON object \(.*addresses\.jsonl:51\)$/)]);
  });

  test('killed at ten random moments ends the same to the last bit', async () => {
    const dir = join(folder, 'killed');
    const random = randomLcg(0.7);
    const kept = [0];
    for (let kill = 0; kill < 10; kill++) {
      const child = start([...INDEX, '--study', dir]);
      const result = ended(child);
      // Every other time at any moment from the start on, else at one behind the next commit.
      await (kill % 2 === 0 ? locked(dir, child) : committed(dir, child, kept.at(-1)!));
      const timer = setTimeout(() => child.kill('SIGKILL'), (kill % 2 === 0 ? 2000 : 400) * random());
      const { signal, code, stderr } = await result;
      clearTimeout(timer);
      expect(signal === 'SIGKILL' || code === 0, stderr).toBe(true);
      kept.push(chunks(dir));
    }
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect(new Set(kept).size).toBeGreaterThan(3);
    const { code, stderr } = await finish(dir);
    expect(code, stderr).toBe(0);
    expect(contents(dir)).toEqual(contents(whole));
  });

  test('stopped with Ctrl-C keeps what it has, says how to go on, and goes on', async () => {
    const dir = join(folder, 'stopped');
    const child = start([...INDEX, '--study', dir]);
    const result = ended(child);
    await committed(dir, child);
    child.kill('SIGINT');
    const { code, stderr } = await result;
    expect(code).toBe(130);
    expect(stderr).toContain('Stopping behind what is under way');
    expect(stderr).toMatch(/Stopped: \d+ documents of corpus "mine" are kept\. Run the same command again/);
    expect(chunks(dir)).toBeGreaterThan(0);
    expect((await finish(dir)).code).toBe(0);
    expect(contents(dir)).toEqual(contents(whole));
  });

  test('refuses a second one in the same study, and names the first', async () => {
    const dir = join(folder, 'two');
    const child = start([...INDEX, '--study', dir]);
    const result = ended(child);
    await committed(dir, child);
    const second = await finish(dir);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`is being written by process ${child.pid}`);
    expect((await result).code).toBe(0);
    expect(contents(dir)).toEqual(contents(whole));
  });

  test('stops at the first bad record with --strict', async () => {
    const { code, stderr } = await finish(join(folder, 'strict'), '--strict');
    expect(code).toBe(1);
    expect(stderr).toMatch(/addresses\.jsonl:51/);
  });
});

function chunks(dir: string): number {
  try {
    const study = openStudy(dir);
    const count = study.db.prepare('SELECT count(*) FROM chunks').pluck().get() as number;
    study.close();
    return count;
  } catch {
    return 0;
  }
}

/** Waits until a run has the lock, whoever had it before. */
async function locked(dir: string, child: ChildProcess): Promise<void> {
  const holder = join(dir, '.writer');
  while (
    child.exitCode === null &&
    !(existsSync(holder) && readFileSync(holder, 'utf8') === String(child.pid))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until a run has made more durable than there was. */
async function committed(dir: string, child: ChildProcess, before = 0): Promise<void> {
  while (child.exitCode === null && chunks(dir) <= before)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A shell that has a small file system of its own at a folder. */
function withSmallDisk(disk: string, script: string): { status: number | null; output: string } {
  mkdirSync(disk, { recursive: true });
  const mount = `mount -t tmpfs -o size=6m densimeter-test '${disk}' || exit 99`;
  const { status, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', `${mount}\n${script}`], {
    encoding: 'utf8',
  });
  return { status, output: `${stdout}\n${stderr}` };
}

const noSmallDisk =
  withSmallDisk(join(folder, 'try'), 'true').status === 0
    ? undefined
    : 'a small file system cannot be mounted here (unshare -rm, mount -t tmpfs)';

describe.skipIf(skipping('a full disk', noSmallDisk))('a full disk', () => {
  test('ends the run with words, and the study still opens', () => {
    const disk = join(folder, 'disk');
    const index = [process.execPath, MAIN, ...INDEX, '--study', `${disk}/study`]
      .map((word) => `'${word}'`)
      .join(' ');
    const status = `'${process.execPath}' '${MAIN}' corpus list --json --study '${disk}/study'`;
    const { status: code, output } = withSmallDisk(
      disk,
      `${index}; echo "index ended with $?"; ${status}; echo "list ended with $?"
mount -o remount,size=60m '${disk}'; ${index}; echo "again ended with $?"
cp -r '${disk}/study' '${disk}-copy'`,
    );
    expect(code, output).toBe(0);
    expect(output).toContain('index ended with 1');
    expect(output).toContain('the disk is full. Make room and run the same command again');
    expect(output).toContain('list ended with 0');
    expect(output).toContain('again ended with 0');
    expect(contents(`${disk}-copy`)).toEqual(contents(join(folder, 'whole')));
  });
});

describe('an embedding endpoint', () => {
  let server: Server;
  let answered = 0;
  /** Requests after which the endpoint dies. */
  let lives = Number.POSITIVE_INFINITY;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      if (answered++ >= lives) return request.socket.destroy();
      let body = '';
      for await (const part of request) body += part;
      const { input } = JSON.parse(body) as { input: string[] };
      const data = input.map((text, index) => ({ index, embedding: vectorOf(text) }));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data, usage: { prompt_tokens: input.length } }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  /** A vector of a text's own: eight letters' frequencies. */
  const vectorOf = (text: string) => [...'etaoinsh'].map((letter) => 0.5 + text.split(letter).length);

  const through = (dir: string, ...more: string[]) => {
    const { port } = server.address() as AddressInfo;
    const endpoint = ['--embedder', 'openai', '--url', `http://127.0.0.1:${port}/v1`, '--model', 'letters'];
    return ended(
      start([...INDEX, ...endpoint, '--study', dir, ...more], { OPENAI_API_KEY: 'sk-very-secret' }),
    );
  };

  test('that dies half-way ends the run with words, and the next run goes on', async () => {
    const whole = join(folder, 'endpoint-whole');
    expect((await through(whole)).code).toBe(0);
    const dir = join(folder, 'endpoint');
    lives = answered + 30;
    const died = await through(dir);
    expect(died.code, died.stderr).toBe(1);
    expect(died.stderr).toMatch(/127\.0\.0\.1:\d+.*run the same command again/is);
    expect(died.stderr).not.toContain('sk-very-secret');
    lives = Number.POSITIVE_INFINITY;
    const again = await through(dir);
    expect(again.code, again.stderr).toBe(0);
    expect(contents(dir)).toEqual(contents(whole));
    expect(readFileSync(join(dir, 'densimeter.db')).includes('sk-very-secret')).toBe(false);
  });
});
