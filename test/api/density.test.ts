import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProblemView, type RunningServer, serve } from '../../api/index.js';
import type { AskedDensityView, DensityAnswer } from '../../api/types.js';
import { openUseLite } from '../../indexer/index.js';
import { openStudy } from '../../store/index.js';
import { ask } from '../../study/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { makeAskedStudy, unseenSentences } from './asked-study.js';
import { HOSTILE, RTL_OVERRIDE } from './make-study.js';

const dir = tempFolder();
let server: RunningServer;
beforeAll(async () => {
  await makeAskedStudy(dir);
  server = await serve({ studyDir: dir, port: 0 });
});
afterAll(() => server?.close());

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL(`api/v1/${path}`, server.url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function density(body: object): Promise<DensityAnswer> {
  const response = await post('density', body);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as DensityAnswer;
}

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(new URL('metrics', server.url))).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.split(' ').at(-1));
};

const SETTINGS = { bandwidth: 0.2 };

describe('POST /density', () => {
  const texts = unseenSentences(4);

  it('is what ask says', async () => {
    const study = openStudy(dir);
    const expected = await ask(study, texts, {
      ...{ kernel: 'gaussian', bandwidth: 0.3, neighbours: 2, documents: 3, curve: [0.2, 0.5] },
    });
    study.close();
    const { milliseconds, ...found } = await density({
      ...{ texts, kernel: 'gaussian', bandwidth: 0.3, neighbours: 2, documents: 3, curve: [0.2, 0.5] },
    });
    expect(milliseconds).toBeGreaterThan(0);
    // As JSON, which has no undefined.
    expect(found).toEqual({
      ...expected,
      densities: expected.densities.map((one) => ({ ...one, percentile: null })),
    });
  });

  it('takes vectors, of any length', async () => {
    const embedder = await openUseLite();
    const { vectors } = await embedder.embed(texts, 'query');
    await embedder.close();
    const rows = texts.map((_, i) => [...vectors.subarray(i * 512, (i + 1) * 512)].map((x) => 3 * x));
    const [byText, byVector] = [
      await density({ texts, ...SETTINGS }),
      await density({ vectors: rows, ...SETTINGS }),
    ];
    byVector.densities.forEach(({ text, log10Density, neighbours }, i) => {
      expect(text).toBeNull();
      expect(log10Density).toBeCloseTo(byText.densities[i]!.log10Density!, 5);
      expect(neighbours[0]!.document).toBe(byText.densities[i]!.neighbours[0]!.document);
    });
  });

  it('streams a line for every query when asked', async () => {
    const many = Array.from({ length: 150 }, (_, i) => `${texts[i % 4]} And so it was in year ${i}.`);
    const response = await post('density', { texts: many, ...SETTINGS }, { Accept: 'application/x-ndjson' });
    expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const lines = (await response.text()).trim().split('\n');
    const answers = lines.map((line) => JSON.parse(line) as AskedDensityView & { bandwidth: number });
    expect(answers.map(({ text }) => text)).toEqual(many);
    expect(answers[149]).toMatchObject({ bandwidth: 0.2 });
  });

  it('gives hostile texts back as data', async () => {
    const hostile = [
      HOSTILE,
      RTL_OVERRIDE,
      'a\u0000b \u001b[31mred',
      "=cmd|' /C calc'!A0",
      'x'.repeat(50_000),
    ];
    const { densities } = await density({ texts: hostile, ...SETTINGS });
    expect(densities.map(({ text }) => text)).toEqual(hostile);
    for (const { log10Density } of densities) expect(log10Density).toBeLessThan(0);
  });

  it('answers what was asked before from its cache, until the study changes', async () => {
    const hits = () => metric('densimeter_cache_lookups_total{hit="true"}');
    const body = { texts: ['A sentence that is asked twice.'], ...SETTINGS };
    const [first, before] = [await density(body), await hits()];
    const second = await density(body);
    expect(second.densities).toEqual(first.densities);
    expect(await hits()).toBe(before + 1);
    const study = openStudy(dir, { write: true });
    study.db.prepare("UPDATE corpora SET role = 'finetune' WHERE name = 'second'").run();
    study.close();
    expect((await density(body)).densities).toEqual(first.densities);
    expect(await hits()).toBe(before + 1);
  });

  it('works on concurrent calls together, with the answers that each has alone', async () => {
    const asked = Array.from({ length: 40 }, (_, i) => `${texts[i % 4]} Concurrently, number ${i}.`);
    const counts = async () => [
      await metric('densimeter_batch_queries_count'),
      await metric('densimeter_batch_queries_sum'),
    ];
    const before = await counts();
    const together = await Promise.all(asked.map((text) => density({ texts: [text], ...SETTINGS })));
    const after = await counts();
    expect(after[1]! - before[1]!).toBe(40);
    expect(after[0]! - before[0]!).toBeLessThan(20);
    const { densities } = await density({ texts: asked, ...SETTINGS, seed: 2 });
    together.forEach(({ densities: [one] }, i) => {
      expect(one!.text).toBe(asked[i]);
      expect(one!.log10Density).toBeCloseTo(densities[i]!.log10Density!, 6);
    });
  });

  it('goes on after a client who went away', async () => {
    const gone = new AbortController();
    const body = JSON.stringify({
      texts: Array.from({ length: 2000 }, (_, i) => `Text number ${i}.`),
      ...SETTINGS,
    });
    const left = fetch(new URL('api/v1/density', server.url), {
      ...{ method: 'POST', body, signal: gone.signal, headers: { 'Content-Type': 'application/json' } },
    });
    setTimeout(() => gone.abort(), 50);
    await expect(left).rejects.toThrow();
    await density({ texts: ['Still here.'], ...SETTINGS });
    // What was not begun for the one who left never is.
    const begun = await metric('densimeter_batch_queries_sum');
    await density({ texts: ['Still here after that.'], ...SETTINGS });
    expect((await metric('densimeter_batch_queries_sum')) - begun).toBeLessThan(100);
  });
});

describe('POST /neighbours', () => {
  it('names the nearest training texts', async () => {
    const study = openStudy(dir);
    const text = study.db.prepare<[], string>("SELECT text FROM documents WHERE key = 'b3'").pluck().get()!;
    study.close();
    const response = await post('neighbours', {
      texts: [text],
      neighbours: 3,
      corpora: ['second'],
      ...SETTINGS,
    });
    const { queries, points } = (await response.json()) as {
      points: number;
      queries: { neighbours: AskedDensityView['neighbours'] }[];
    };
    expect(points).toBe(20);
    expect(queries[0]!.neighbours).toHaveLength(3);
    expect(queries[0]!.neighbours[0]).toMatchObject({ corpus: 'second', document: 'b3', text: text.trim() });
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['neither texts nor vectors', {}, 400, 'texts'],
    ['both', { texts: ['a'], vectors: [[1]] }, 400, 'texts'],
    ['no texts', { texts: [] }, 400, 'texts'],
    ['an empty text', { texts: ['a', ' \n'] }, 400, 'texts.1'],
    ['a text that is none', { texts: [1] }, 400, 'texts.0'],
    ['too many', { texts: Array.from({ length: 10_001 }, () => 'a') }, 400, 'texts'],
    ['a text that is too long', { texts: ['a'.repeat(100_001)] }, 400, 'texts.0'],
    ['a vector without direction', { vectors: [[0, 0]] }, 400, 'vectors.0'],
    ['vectors of two lengths', { vectors: [[1, 0], [1]] }, 400, 'vectors.1'],
    ['a bandwidth of 0', { texts: ['a'], bandwidth: 0 }, 400, 'bandwidth'],
    ['a kernel that is none', { texts: ['a'], kernel: 'box' }, 400, 'kernel'],
    ['an estimator that is none', { texts: ['a'], estimator: 'guess' }, 400, 'estimator'],
    ['a field that is none', { texts: ['a'], bandwith: 1 }, 400, 'bandwith'],
    ['too many neighbours', { texts: ['a'], neighbours: 101 }, 400, 'neighbours'],
    ['a list', [], 400, 'body'],
  ])('refuses %s', async (_, body, status, field) => {
    const response = await post('density', body);
    const view = (await response.json()) as ProblemView;
    expect(view).toMatchObject({ status, field });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each([
    ['a corpus that is not there', { texts: ['a'], corpora: ['third'] }, 'There is no corpus "third"'],
    ['vectors of other dims', { vectors: [[1, 0]] }, 'The vectors have 2 dims'],
    ['drawing without clusters', { texts: ['a'], estimator: 'stratified' }, 'densimeter cluster'],
    ['a budget for the exact estimator', { texts: ['a'], estimator: 'exact', budget: 0.5 }, 'budget'],
  ])('says why it does not answer %s', async (_, body, detail) => {
    const response = await post('density', { ...SETTINGS, ...body });
    const view = (await response.json()) as ProblemView;
    expect(view).toMatchObject({ status: 422, type: 'urn:densimeter:problem:cannot-answer' });
    expect(view.detail).toContain(detail);
  });

  it('refuses what is not JSON, and JSON that is broken or of another type', async () => {
    expect((await post('density', '{"texts": [')).status).toBe(400);
    expect(
      (await post('density', 'texts=a', { 'Content-Type': 'application/x-www-form-urlencoded' })).status,
    ).toBe(415);
    expect((await post('density', `{"texts": ["${'a'.repeat(65 << 20)}"]}`)).status).toBe(413);
  });

  it('refuses pages from elsewhere', async () => {
    const body = { texts: ['a'], ...SETTINGS };
    expect((await post('density', body, { Origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post('density', body, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await post('density', body, { Origin: 'null' })).status).toBe(403);
    expect((await post('density', body, { Origin: new URL(server.url).origin })).status).toBe(200);
  });

  it('answers other methods with 405', async () => {
    const response = await fetch(new URL('api/v1/density', server.url));
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });
});
