import { type ChildProcess, spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '../../client/index.js';
import { densitiesOf, listMeasurements, openStudy } from '../../store/index.js';
import { makeProjectedStudy } from '../api/asked-study.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const dir = tempFolder();
let server: ChildProcess;
let url: string;
const sockets: Socket[] = [];

beforeAll(() => makeProjectedStudy(dir));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
});

async function start(level = 'error', stderr: 'inherit' | 'pipe' = 'inherit'): Promise<void> {
  server = spawn(process.execPath, [MAIN, 'serve', dir, '--port', '0', '--json', '--log', level], {
    stdio: ['ignore', 'pipe', stderr],
  });
  url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stdout! }).once('line', (line) =>
      resolve((JSON.parse(line) as { url: string }).url),
    );
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
  });
}

/** A connection that has sent some text, and when it was closed. */
async function opened(text: string): Promise<{ socket: Socket; closed: Promise<string> }> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  socket.on('data', (data) => {
    heard += data;
  });
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(text);
  return { socket, closed };
}

/** The median time of a few answers, ms. */
async function answersIn(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const start = performance.now();
    expect((await fetch(new URL('api/v1/study', url))).status).toBe(200);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[4]!;
}

describe('a server under attack', () => {
  it('cuts off headers that never end, and serves others meanwhile', async () => {
    await start();
    const slow = await Promise.all(
      Array.from({ length: 50 }, () => opened('GET /api/v1/study HTTP/1.1\r\nHost: 127')),
    );
    const drip = setInterval(() => {
      for (const { socket } of slow) if (!socket.destroyed) socket.write('.');
    }, 500);
    const asked = await openClient(url).POST('/density', { body: { texts: ['A text.'] } });
    expect(asked.response.status).toBe(200);
    expect(await answersIn()).toBeLessThan(1000);
    const heard = await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(drip);
    for (const answer of heard) expect(answer).toMatch(/^HTTP\/1.1 408/);
  });

  it('cuts off a body that never ends, and serves others meanwhile', async () => {
    await start();
    const { host } = new URL(url);
    const head = `POST /api/v1/density HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"texts": ["`;
    const slow = await Promise.all(Array.from({ length: 20 }, () => opened(head)));
    const drip = setInterval(() => {
      for (const { socket } of slow) if (!socket.destroyed) socket.write('a');
    }, 500);
    expect(await answersIn()).toBeLessThan(1000);
    await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(drip);
    expect(await answersIn()).toBeLessThan(1000);
  });

  it('turns away more connections than it holds, and goes on when they are gone', async () => {
    await start();
    const idle = await Promise.all(Array.from({ length: 511 }, () => opened('')));
    // The last of 512; the next is closed at once.
    expect((await opened('')).socket.destroyed).toBe(false);
    await (await opened('GET /healthz HTTP/1.1\r\n')).closed;
    for (const { socket } of idle) socket.destroy();
    await expect
      .poll(() =>
        fetch(new URL('healthz', url)).then(
          (answer) => answer.status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it('ends what it is answering when it is asked to end', async () => {
    await start();
    const texts = Array.from({ length: 1500 }, (_, i) => `Text ${i} of many.`);
    const response = await fetch(new URL('api/v1/density', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
      body: JSON.stringify({ texts, neighbours: 0 }),
    });
    server.kill('SIGTERM');
    const lines = (await response.text()).trim().split('\n');
    expect(lines).toHaveLength(1500);
    if (server.exitCode === null) await new Promise((resolve) => server.once('exit', resolve));
    expect(server.exitCode).toBe(0);
  });

  it('serves and ends while nobody reads its log', async () => {
    await start('info', 'pipe');
    // A line each: more than pipes hold.
    for (let round = 0; round < 100; round++)
      await Promise.all(Array.from({ length: 100 }, () => fetch(new URL('healthz', url))));
    expect(await answersIn()).toBeLessThan(1000);
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    expect(server.exitCode).toBe(0);
  });

  it('loses no job when it is killed in the middle of one', async () => {
    for (let kill = 0; kill < 4; kill++) {
      await start();
      const name = `killed-${kill}`;
      const { data } = await openClient(url).POST('/measurements', {
        body: { querySet: 'mine', name, bandwidth: 0.2, sweep: true },
      });
      await new Promise((resolve) => setTimeout(resolve, 250 * kill));
      server.kill('SIGKILL');
      await new Promise((resolve) => server.once('exit', resolve));
      await start();
      const events = await fetch(new URL(`api/v1/jobs/${data!.id}/events`, url));
      expect(await events.text()).toContain('"status":"done"');
      const study = openStudy(dir);
      const measured = listMeasurements(study.db).find((one) => one.name === name)!;
      expect(densitiesOf(study.db, measured.id).size).toBe(6);
      study.close();
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
    }
  });
});
