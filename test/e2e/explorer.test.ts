import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { browserFile, launchBrowser } from '../../scripts/browser.js';
import { tempFolder } from '../support/temp-folder.js';
import { runSmallDemo } from './small-demo.js';
import { type Look, openWatched, type WatchedPage } from './watched-page.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const VIEWS = ['overview', 'explore', 'map', 'coverage', 'interventions', 'runs'];

describe.skipIf(!browserFile)('the explorer of the demo study', () => {
  const folder = tempFolder();
  let server: RunningServer;
  let port: number;
  let browser: Browser;
  let watched: WatchedPage;

  beforeAll(async () => {
    const { out } = runSmallDemo(folder);
    server = await serve({ studyDir: out, port: 0 });
    port = Number(new URL(server.url).port);
    browser = await launchBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(() => watched?.page.context().close());

  async function open(search: string, look: Look = {}): Promise<void> {
    watched = await openWatched(browser, server.url + search, look);
    await settled();
  }
  /** Waits until nothing is on its way. */
  async function settled(): Promise<void> {
    await watched.page.waitForLoadState('networkidle');
    await watched.page.waitForFunction(
      () =>
        !/Loading|Embedding/.test(document.body.textContent ?? '') &&
        !document.querySelector('[aria-busy="true"]'),
    );
  }
  const text = (selector: string) => watched.page.textContent(selector);
  const params = () => new URL(watched.page.url()).searchParams;

  it('answers what a new user asks', async () => {
    await open('');
    const overview = (await text('main'))!;
    // Does density explain loss once length and word frequency are accounted for, and by how much?
    expect(overview).toMatch(/length and word frequency[\d.]+%[−\d.]+ points[−\d.]+ to [−\d.]+ points/);
    // Is any query leaked?
    expect(overview).toMatch(/\d+ of \d+ seen/);
    // Did leaking paraphrases help, by dose, and did it spill over?
    await watched.page.click('text=By arm and dose');
    await settled();
    const interventions = (await text('main'))!;
    expect(interventions).toMatch(/loss fell by [\d.]+ \(/);
    expect(interventions).toContain('Spillover: control queries');
    expect(await watched.page.locator('.estimate').count()).toBe(12);
    // Which held-out texts have the least support?
    await open('');
    await watched.page.click('.by-kind >> text=held-out');
    await settled();
    expect(params().getAll('hide')).toEqual(['out-of-domain', 'seen']);
    const densities = await watched.page.locator('.side .table tbody td:nth-child(2)').allTextContents();
    const values = densities.map((value) => Number(value.replace('−', '-')));
    expect(values.length).toBeGreaterThan(10);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(watched.complaints).toEqual([]);
    expect([...watched.hosts]).toEqual(['127.0.0.1']);
  });

  it('tells what a sentence rests on, wherever it is asked', async () => {
    await open('?view=map');
    const { page } = watched;
    await page.keyboard.press('/');
    await page.keyboard.type('Our navy needs more ships to guard our commerce.');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.asked-one');
    await settled();
    expect(await page.locator('.asked-panel .bars li').count()).toBeGreaterThan(3);
    expect(await text('.asked-panel')).toMatch(
      /exponential, h = 0\.0\d+ \(given\), exact, n = [\d,]+ points of addresses/,
    );
    expect(await page.locator('.asked-panel mark').count()).toBeGreaterThan(0);
    await page.waitForSelector('.map circle.asked');
    await page.reload();
    await page.waitForSelector('.asked-one');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.asked-panel', { state: 'detached' });
    expect(watched.complaints).toEqual([]);
  });

  it('asks about several texts, one a line', async () => {
    await open(`?ask=${encodeURIComponent('The treasury is full.\nCall me Ishmael.')}`);
    await watched.page.waitForSelector('.asked-panel tbody tr');
    expect(await watched.page.locator('.asked-panel tbody tr').count()).toBe(2);
  });

  it('brushes: a selection has statistics and a URL, and a reload gives the same', async () => {
    await open('?view=explore');
    const { page } = watched;
    const all = await text('#selection-n');
    const box = (await page.locator('.scatter').boundingBox())!;
    const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
    await page.mouse.move(...at(0.25, 0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.4, 0.5));
    await page.mouse.move(...at(0.6, 0.8));
    await page.mouse.up();
    await page.waitForFunction((n) => document.querySelector('#selection-n')?.textContent !== n, all);
    await page.waitForSelector('#selection-slope .interval');
    await settled();
    const facts = await text('.statistics dl');
    expect(facts).toMatch(/Slope a tenfold density[−\d.]+ [−\d.]+ to [−\d.]+/);
    expect(params().get('region')).toMatch(/^box:/);
    await page.reload();
    await settled();
    await page.waitForSelector('#selection-slope .interval');
    expect(await text('.statistics dl')).toBe(facts);
    // A lasso as well.
    await page.keyboard.press('Escape');
    await page.click('.segments >> text=Lasso');
    await page.mouse.move(...at(0.2, 0.2));
    await page.mouse.down();
    for (const [x, y] of [
      [0.6, 0.2],
      [0.6, 0.7],
      [0.2, 0.7],
      [0.2, 0.3],
    ] as const)
      await page.mouse.move(...at(x, y), { steps: 4 });
    await page.mouse.up();
    await page.waitForURL('**/*region=lasso*');
    expect(watched.complaints).toEqual([]);
  });

  it('saves a chart and its data', async () => {
    await open('?view=explore');
    const saved = async (button: string) => {
      const [download] = await Promise.all([
        watched.page.waitForEvent('download'),
        watched.page.locator('.plot figcaption').first().getByText(button, { exact: true }).click(),
      ]);
      return readFileSync(await download.path());
    };
    expect((await saved('CSV')).toString()).toMatch(/^id,kind,source,document,log10Density,loss\n\d+,/);
    expect((await saved('SVG')).toString()).toMatch(/^<svg[\s\S]*log₁₀ density/);
    expect((await saved('PNG')).subarray(1, 4).toString()).toBe('PNG');
    expect(watched.complaints).toEqual([]);
  });

  it('makes a map as a job, which outlives the server', async () => {
    await open('?view=map');
    const { page } = watched;
    expect(Number(await page.getAttribute('.map', 'data-queries'))).toBeGreaterThan(100);
    expect(await page.locator('.map-label').count()).toBeGreaterThan(1);
    const box = (await page.locator('.map').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForSelector('.nearby bdi');
    const before = await text('.map-count');
    await page.focus('.map');
    for (let i = 0; i < 3; i++) await page.keyboard.press('+');
    await page.waitForFunction(
      (words) => document.querySelector('.map-count')?.textContent !== words,
      before,
    );
    // Started over the API, as another user would; the page's server dies in the middle.
    const response = await fetch(new URL('api/v1/projections', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method: 'umap', name: 'second' }),
    });
    const { id } = (await response.json()) as { id: string };
    const out = `${folder}/out`;
    await server.close();
    server = await serve({ studyDir: out, port });
    const events = await fetch(new URL(`api/v1/jobs/${id}/events`, server.url));
    expect(await events.text()).toContain('"status":"done"');
    await page.reload();
    await settled();
    expect(await page.locator('#projection option').allTextContents()).toContain('second (umap)');
  });

  it('selects on the map what is selected in the chart, by a lasso in the URL', async () => {
    await open('?view=map');
    const { page } = watched;
    await page.click('.segments >> text=Lasso');
    const box = (await page.locator('.map').boundingBox())!;
    const corners = [
      [0.3, 0.2],
      [0.7, 0.2],
      [0.7, 0.6],
      [0.3, 0.6],
      [0.3, 0.25],
    ] as const;
    const at = ([x, y]: readonly [number, number]): [number, number] => [
      box.x + x * box.width,
      box.y + y * box.height,
    ];
    await page.mouse.move(...at(corners[0]));
    await page.mouse.down();
    for (const corner of corners) await page.mouse.move(...at(corner), { steps: 5 });
    await page.mouse.up();
    const heading = page.getByRole('heading', { name: /selected/ });
    await heading.waitFor();
    const count = /^[\d,]+/.exec((await heading.textContent())!)![0];
    expect(Number(count)).toBeGreaterThan(5);
    await page.click('nav >> text=Explore');
    await page.waitForFunction((n) => document.querySelector('#selection-n')?.textContent === n, count);
    await page.reload();
    await page.waitForFunction((n) => document.querySelector('#selection-n')?.textContent === n, count);
    await page.keyboard.press('Escape');
    await page.waitForFunction((n) => document.querySelector('#selection-n')?.textContent !== n, count);
    expect(watched.complaints).toEqual([]);
  });

  it('opens a query from a point of the intervention', async () => {
    await open('?view=interventions');
    const { page } = watched;
    await page.focus('.picks-points');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.drawer .query-text');
    await settled();
    expect(await text('.drawer')).toContain('Nearest training texts');
    expect(await text('.drawer')).toMatch(/Denser than [\d.]+% of the training texts/);
    expect(await page.locator('.drawer .line').count()).toBe(1);
    // A nearest text in its document.
    await page.locator('.drawer .texts button').first().click();
    await page.waitForSelector('.drawer .context strong');
    expect(watched.complaints).toEqual([]);
  });

  it.each(VIEWS.flatMap((view) => (['light', 'dark'] as const).map((scheme) => [view, scheme] as const)))(
    'has nothing serious that axe-core finds: %s, %s',
    async (view, scheme) => {
      await open(`?view=${view}&query=1`, { scheme });
      await watched.page.waitForSelector('.drawer .query-text');
      // The page's policy allows no script but its own: axe is evaluated by the debugger.
      await watched.page.evaluate(readFileSync(AXE, 'utf8'));
      const found = await watched.page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: {
            run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        };
        return (await axe.run()).violations;
      });
      const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(
        serious.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map(({ html }) => html.slice(0, 160))
              .join(' | ')}`,
        ),
      ).toEqual([]);
    },
  );

  it.each(VIEWS)('fits a telephone: %s', async (view) => {
    await open(`?view=${view}`, { width: 390 });
    expect(await watched.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(watched.complaints).toEqual([]);
  });
});
