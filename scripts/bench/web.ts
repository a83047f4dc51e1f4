import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomLcg, randomNormal } from 'd3';
import type { Browser, Page } from 'playwright-core';
import { serve } from '../../api/index.js';
import {
  addDocuments,
  ensureCorpus,
  openStudy,
  queriesOf,
  replaceMeasurement,
  replaceQuerySet,
  replaceRun,
} from '../../store/index.js';
import { browserFile, launchBrowser } from '../browser.js';
import { CACHE } from './embedded-texts.js';
import { type BenchRow, summarise } from './row.js';

const QUERIES = 100_000;
const KINDS = ['arithmetic', 'history', 'law', 'medicine', 'physics'];
const FIRST_VIEWS = 5;
const GOAL_MEDIAN = 17;
const GOAL_P95 = 33;
const GOAL_FIRST = 1500;
/** Steps of each gesture, one a frame. */
const STEPS = 90;
const DEMO = fileURLToPath(new URL('../../../demo', import.meta.url));

/** The page in Chromium: frame times over 100,000 queries while they are zoomed, moved and brushed, and how soon the demo is there. */
export async function benchWeb(): Promise<BenchRow[]> {
  if (!browserFile) throw new Error('No Chromium was found (set CHROMIUM to its path).');
  const browser = await launchBrowser();
  try {
    return [...(await frameRows(browser)), ...(await firstViewRow(browser))];
  } finally {
    await browser.close();
  }
}

async function frameRows(browser: Browser): Promise<BenchRow[]> {
  const dir = join(CACHE, `web-study-${process.pid}`);
  makeStudy(dir);
  const server = await serve({ studyDir: dir, port: 0 });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${server.url}?view=explore`);
    await page.waitForSelector(`.scatter[data-points="${QUERIES}"]`, { timeout: 60_000 });
    const frames = (await framesWhile(page, () => gestures(page))).sort((a, b) => a - b);
    const at = (share: number) => frames[Math.floor(share * (frames.length - 1))]!;
    const about = `${QUERIES.toLocaleString('en')} queries at 1280 × 900, ${frames.length} frames of wheel, pan and brush; Chromium without a GPU on the cores that also serve`;
    return [
      row('frame_ms_median', at(0.5), `≤ ${GOAL_MEDIAN} ms`, at(0.5) <= GOAL_MEDIAN, about, [
        frames[0]!,
        at(1),
      ]),
      row('frame_ms_p95', at(0.95), `≤ ${GOAL_P95} ms`, at(0.95) <= GOAL_P95, about, [frames[0]!, at(1)]),
    ];
  } finally {
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Times between the frames that the page draws, ms. */
async function framesWhile(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    let last = performance.now();
    const frame = (now: number) => {
      times.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { times });
  });
  await work();
  return page.evaluate(() => (window as unknown as { times: number[] }).times.slice(5));
}

async function gestures(page: Page): Promise<void> {
  const box = (await page.locator('.scatter').boundingBox())!;
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.5, 0.5));
  for (let i = 0; i < STEPS; i++) await page.mouse.wheel(0, i < STEPS / 2 ? -60 : 40);
  await page.click('.segments >> text=Pan');
  await page.mouse.move(...at(0.7, 0.5));
  await page.mouse.down();
  for (let i = 0; i < STEPS; i++)
    await page.mouse.move(...at(0.7 - (0.4 * i) / STEPS, 0.5 + 0.1 * Math.sin(i / 9)));
  await page.mouse.up();
  await page.click('.segments >> text=Select');
  await page.mouse.move(...at(0.2, 0.2));
  await page.mouse.down();
  for (let i = 0; i < STEPS; i++)
    await page.mouse.move(...at(0.2 + (0.6 * i) / STEPS, 0.2 + (0.6 * i) / STEPS));
  await page.mouse.up();
}

async function firstViewRow(browser: Browser): Promise<BenchRow[]> {
  if (!existsSync(join(DEMO, 'densimeter.db'))) {
    process.stderr.write(
      'web: first_view_ms is left out, for there is no demo yet: npm run demo -- --no-serve\n',
    );
    return [];
  }
  const server = await serve({ studyDir: DEMO, port: 0 });
  try {
    const times: number[] = [];
    for (let i = 0; i < FIRST_VIEWS; i++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const start = performance.now();
      await page.goto(server.url);
      // The headline's table and the ridgelines.
      await page.waitForSelector('.baselines');
      await page.waitForSelector('.ridge');
      times.push(performance.now() - start);
      await context.close();
    }
    const { median, range } = summarise(times);
    const about = 'the demo’s overview, from the address to its headline and densities, nothing cached';
    return [row('first_view_ms', median, `≤ ${GOAL_FIRST} ms`, median <= GOAL_FIRST, about, range)];
  } finally {
    await server.close();
  }
}

function row(
  name: string,
  value: number,
  goal: string,
  met: boolean,
  note: string,
  range: [number, number],
): BenchRow {
  return { name, value, unit: 'ms', range, against: 'nothing', ratio: null, goal, met, note };
}

/** A study of generated queries whose loss falls with density. */
function makeStudy(dir: string): void {
  const study = openStudy(dir, { write: true });
  const { db } = study;
  const random = randomLcg(1);
  const normal = randomNormal.source(random)();
  const by = { embedder: 'generated', fingerprint: 'f00', dims: 2 };
  try {
    const corpus = ensureCorpus(db, { name: 'texts', role: 'pretrain', ...by });
    const text = 'A training text.';
    addDocuments(db, corpus.id, 0, [
      { key: 'd', source: 's', split: 'train', meta: {}, text, spans: [{ start: 0, end: text.length }] },
    ]);
    const set = replaceQuerySet(
      db,
      { name: 'queries', ...by },
      Array.from({ length: QUERIES }, (_, i) => ({
        ...{ key: `${i}`, kind: KINDS[i % KINDS.length]!, document: `d${i % 997}`, source: `s${i % 43}` },
        text: `Query ${i} asks about what nobody has written down in so many words before.`,
      })),
    );
    const queries = queriesOf(db, set.id).map(({ id }, i) => {
      return { id, density: -9 - (i % KINDS.length) + 1.2 * normal() };
    });
    replaceMeasurement(
      db,
      {
        ...{ querySetId: set.id, name: 'base', corpora: ['texts'], kernel: 'exponential', bandwidth: 0.1 },
        ...{ bandwidthRule: 'given', estimator: 'exact', estimatorRule: 'given', seed: 1, points: 1 },
        ...{ relativeError: null, budget: null },
      },
      queries.map(({ id, density }) => ({
        ...{ queryId: id, log10Density: density, log10Low: density, log10High: density },
        ...{ effectiveSamples: 100, touched: 1, shares: [], neighbours: [], curve: [], controls: {} },
      })),
    );
    replaceRun(
      db,
      { name: 'generated', scorer: 'generated', covariates: {} },
      queries.map(({ id, density }) => ({
        queryId: id,
        nll: 10 * Math.max(0.05, -0.35 * density + 0.5 * normal()),
        tokens: 10,
      })),
    );
  } finally {
    study.close();
  }
}
