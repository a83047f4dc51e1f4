import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { measure } from '../../density/index.js';
import { openStudy } from '../../store/index.js';
import { addQuerySet } from '../../study/index.js';
import { skipping } from '../support/skipping.js';
import { makeAskedStudy } from './asked-study.js';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const PRINTED = 'http://127.0.0.1:4860';
const PYTHON = '/usr/bin/python3';

/** The fenced examples of a page, by the language that they say. */
function examples(file: string): { language: string; code: string }[] {
  const page = readFileSync(join(PROJECT, file), 'utf8');
  return Array.from(page.matchAll(/^```(sh|ts|python)\n([\s\S]*?)^```$/gm), ([, language, code]) => {
    return { language: language!, code: code! };
  }).filter(({ code }) => code.includes(PRINTED));
}

const dir = mkdtempSync(join(tmpdir(), 'densimeter-docs-'));
let server: RunningServer;
beforeAll(async () => {
  await makeAskedStudy(dir);
  const study = openStudy(dir, { write: true });
  const part = {
    files: ['docs/*.md'],
    kind: 'page',
    meta: [],
    chunk: { by: 'passages' },
    sample: 150,
  } as const;
  await addQuerySet(study, 'queries', { part: part as never, base: PROJECT, seed: 1 });
  await measure(study, {
    ...{
      name: 'base',
      querySet: 'queries',
      corpora: ['first', 'second'],
      kernel: 'exponential',
      neighbours: 1,
    },
    ...{ bandwidth: { effectiveSamples: 5 }, estimator: { name: 'auto' }, documents: 1, seed: 1 },
  });
  study.close();
  server = await serve({ studyDir: dir, port: 0 });
});
afterAll(async () => {
  await server?.close();
  rmSync(dir, { recursive: true });
});

/** Runs a program in the project, so that it finds the package by its name, and gives what it printed. */
function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: command === 'sh' ? dir : PROJECT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => {
      out += part;
    });
    child.stderr.on('data', (part: Buffer) => {
      err += part;
    });
    child.once('exit', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command} ended with ${code}: ${err}`)),
    );
  });
}

const WAYS: Record<string, (code: string) => Promise<string>> = {
  sh: (code) => run('sh', ['-ec', code]),
  ts: (code) => run(process.execPath, ['--input-type=module', '-e', code]),
  python: (code) => run(PYTHON, ['-c', code]),
};
const why: Record<string, string | undefined> = {
  sh: spawnSync('curl', ['--version']).status === 0 ? undefined : 'curl is not there',
  python:
    spawnSync(PYTHON, ['-c', 'import requests']).status === 0
      ? undefined
      : `${PYTHON} has no requests (Debian: python3-requests)`,
};

describe.each(['docs/api.md', 'README.md'])('the examples of %s', (file) => {
  it.each(examples(file).map((one, i) => ({ ...one, i })))(
    'run as printed: $i, $language',
    async ({ language, code }) => {
      if (skipping(`examples in ${language}`, why[language])) return;
      const printed = await WAYS[language]!(code.replaceAll(PRINTED, new URL(server.url).origin));
      if (code.includes('"texts": [""]'))
        expect(JSON.parse(printed)).toMatchObject({ status: 400, field: 'texts.0' });
      else if (code.includes('queries.csv'))
        expect(readFileSync(join(dir, 'queries.csv'), 'utf8')).toMatch(/^id,querySet,key,/);
      else if (code.includes('ndjson'))
        expect(
          printed
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line)),
        ).toHaveLength(3);
      else if (code.includes('/corpora?name='))
        expect(JSON.parse(printed)).toMatchObject({ kind: 'index', request: { name: 'mine' } });
      else if (language === 'sh') expect(Object.keys(JSON.parse(printed))).not.toContain('status');
      else expect(printed.trim()).not.toBe('');
      if (code.includes('page["total"]')) expect(printed).toMatch(/^(\d+) \1\n$/);
    },
  );
});

it('has examples in all three languages', () => {
  const languages = new Set(['docs/api.md', 'README.md'].flatMap(examples).map(({ language }) => language));
  expect(languages).toEqual(new Set(['sh', 'ts', 'python']));
});
