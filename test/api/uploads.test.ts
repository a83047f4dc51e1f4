import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import type { Job, Problem } from '../../client/index.js';
import { openClient } from '../../client/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { makeAskedStudy, unseenSentences } from './asked-study.js';
import { endOf } from './job-events.js';

const dir = tempFolder();
let server: RunningServer;
beforeAll(async () => {
  await makeAskedStudy(dir);
  server = await serve({ studyDir: dir, port: 0 });
});
afterAll(() => server?.close());

function upload(query: Record<string, string>, body: string, type = 'application/octet-stream') {
  const url = new URL('api/v1/corpora', server.url);
  url.search = new URLSearchParams(query).toString();
  return fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
}

const lines = unseenSentences(8).map((text, i) => JSON.stringify({ id: `s${i}`, from: 'unseen', text }));

describe('an uploaded file', () => {
  it('becomes a corpus that can be asked about, and is gone then', async () => {
    const query = { name: 'mine', format: 'jsonl', chunk: 'document', id: 'id', source: 'from' };
    const response = await upload(query, lines.join('\n'));
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as Job;
    expect(response.headers.get('location')).toBe(`/api/v1/jobs/${id}`);
    expect(await endOf(server, id)).toMatchObject({
      ...{ status: 'done', kind: 'index', error: null },
      result: { documents: 8, chunks: 8, duplicates: 0, skipped: [] },
    });
    expect(readdirSync(join(dir, 'uploads'))).toEqual([]);
    const text = unseenSentences(8)[3]!;
    const body = { texts: [text], corpora: ['mine'], neighbours: 1 };
    const { data } = await openClient(server.url).POST('/density', { body });
    expect(data!.densities[0]!.neighbours[0]).toMatchObject({
      ...{ corpus: 'mine', source: 'unseen', document: 's3', text },
      distance: expect.closeTo(0, 2),
    });
  });

  it('says what it left out', async () => {
    const query = { name: 'holes', format: 'jsonl', chunk: 'document' };
    const response = await upload(query, [...lines.slice(0, 3), '{"id": "s9", "text": ""}'].join('\n'));
    const { id } = (await response.json()) as Job;
    const job = await endOf(server, id);
    expect(job).toMatchObject({ status: 'done', result: { documents: 3 } });
    expect((job.result as { skipped: string[] }).skipped).toHaveLength(1);
  });

  it('fails with the reason where it holds no texts', async () => {
    const response = await upload({ name: 'broken', format: 'parquet' }, 'this is no Parquet file');
    const { id } = (await response.json()) as Job;
    const job = await endOf(server, id);
    expect(job).toMatchObject({ status: 'failed', error: expect.stringMatching(/parquet/i) });
  });

  it.each([
    [{ name: 'first', format: 'jsonl' }, 409, 'name'],
    [{ name: '../x', format: 'jsonl' }, 400, 'name'],
    [{ name: 'x', format: 'exe' }, 400, 'format'],
    [{ name: 'x', format: 'jsonl', where: '1=1' }, 400, 'where'],
  ])('is refused: %j', async (query, status, field) => {
    const response = await upload(query, lines[0]!);
    expect(response.status).toBe(status);
    expect((await response.json()) as Problem).toMatchObject({ status, field });
  });

  it('is refused where it is empty, or sent as something else', async () => {
    expect((await upload({ name: 'x', format: 'jsonl' }, '')).status).toBe(400);
    expect((await upload({ name: 'x', format: 'jsonl' }, lines[0]!, 'text/plain')).status).toBe(415);
  });

  it('leaves nothing behind where the client goes away', async () => {
    const gone = new AbortController();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(lines[0]!));
        setTimeout(() => gone.abort(), 100);
      },
    });
    const url = new URL('api/v1/corpora?name=late&format=jsonl', server.url);
    const headers = { 'content-type': 'application/octet-stream' };
    const init = { method: 'POST', body, headers, duplex: 'half', signal: gone.signal } as RequestInit;
    await expect(fetch(url, init)).rejects.toThrow();
    // Only that of the failed job above, which can be looked at.
    await expect.poll(() => readdirSync(join(dir, 'uploads')).length).toBe(1);
  });
});
