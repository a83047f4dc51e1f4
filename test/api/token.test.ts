import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { openClient } from '../../client/index.js';
import { UsageError } from '../../store/index.js';
import { makeStudy } from './make-study.js';

const TOKEN = 'a-token-of-many-characters';
let dir: string;
let server: RunningServer;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'densimeter-token-'));
  makeStudy(join(dir, 'study'));
  server = await serve({ studyDir: join(dir, 'study'), port: 0, token: TOKEN });
});
afterAll(async () => {
  await server?.close();
  rmSync(dir, { recursive: true });
});

const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, server.url), { headers, redirect: 'manual' });

describe('a server with a token', () => {
  it.each(['api/v1/study', 'api/v1/openapi.json', '', 'metrics', 'api/docs'])(
    'does not show /%s without it',
    async (path) => {
      const response = await ask(path);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.text()).not.toContain(TOKEN);
    },
  );

  it.each([`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, 'Bearer ', `Basic ${TOKEN}`, TOKEN])(
    'refuses "%s"',
    async (authorization) => {
      expect((await ask('api/v1/study', { authorization })).status).toBe(401);
    },
  );

  it('answers with it', async () => {
    const { data } = await openClient(server.url, { token: TOKEN }).GET('/study');
    expect(data!.corpora).toHaveLength(1);
  });

  it('keeps it as a cookie once the page was opened with it', async () => {
    expect((await ask(`?token=${TOKEN}x`)).status).toBe(401);
    const opened = await ask(`?token=${TOKEN}`);
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
    const cookie = opened.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect((await ask('api/v1/study', { cookie: cookie.split(';')[0]! })).status).toBe(200);
    expect((await ask('api/v1/study', { cookie: 'densimeter-token=%E0%A4%A' })).status).toBe(401);
    expect((await ask(`api/v1/study?token=${TOKEN}`)).status).toBe(401);
  });

  it('says that it lives, and that it is ready, to anybody', async () => {
    expect(await (await ask('healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await ask('readyz')).json()).toEqual({ status: 'ready' });
  });

  it('is needed where other machines can reach the server', async () => {
    await expect(serve({ studyDir: join(dir, 'study'), host: '0.0.0.0', port: 0 })).rejects.toThrow(
      UsageError,
    );
    const open = await serve({ studyDir: join(dir, 'study'), host: '0.0.0.0', port: 0, token: TOKEN });
    await open.close();
  });
});
