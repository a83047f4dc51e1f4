import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { openStudy } from '../../store/index.js';
import { HOSTILE, makeStudy } from '../api/make-study.js';
import { browserFile, launchBrowser } from './browser.js';

if (!browserFile) console.log('The page is not tested: no Chromium found (set CHROMIUM to its path).');

describe.skipIf(!browserFile)('the explorer page', () => {
  let dir: string;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  /** What the pages of a test complained of, and where they asked. */
  let complaints: string[] = [];
  let hosts = new Set<string>();

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'densimeter-web-'));
    makeStudy(join(dir, 'study'));
    server = await serve({ studyDir: join(dir, 'study'), port: 0 });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  afterEach(async () => {
    await page?.context().close();
  });

  async function open(search = '', width = 1280, url = server.url): Promise<void> {
    complaints = [];
    hosts = new Set();
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
    await page.goto(url + search);
  }

  /** Waits until the chart has drawn that many points. */
  async function drawn(points: number): Promise<void> {
    await page.waitForSelector(`.scatter[data-points="${points}"]`);
  }

  function search(): URLSearchParams {
    return new URL(page.url()).searchParams;
  }

  function panelText(): Locator {
    return page.locator('.query-text');
  }

  it('loads and draws the points, without complaint and without asking elsewhere', async () => {
    await open();
    // The last of the 30 queries has no outcome.
    await drawn(29);
    expect(await page.title()).toBe('unions · densimeter');
    expect(await page.textContent('#study-contents')).toBe(
      'speeches: 6 chunks from 3 sources · 30 queries · scored by small (ngram)',
    );
    expect(await page.textContent('.lead')).toContain('Density explains the loss. <b>Surely</b>');
    const caption = await page.textContent('#caption');
    expect(caption).toContain('r = −1.00, n = 29');
    expect(caption).toContain('−1.00 nats a token per tenfold density');
    expect(caption).toContain('1 query without density or loss not drawn');
    const inked = await page.evaluate(() => {
      const canvas = document.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
    expect(inked).toBeGreaterThan(500);
    expect(await page.textContent('#scatter-summary')).toContain('held-out: 10 queries');
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual(['127.0.0.1']);
  });

  it('opens the report from its words', async () => {
    await open();
    await page.click('text=Read the report');
    await page.waitForURL('**/api/v1/reports/main/report.html');
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('p')!).color)).toBe(
      'rgb(255, 0, 0)',
    );
    expect(complaints).toEqual([]);
  });

  it('opens a clicked point in the panel, hostile text as text', async () => {
    await open();
    await drawn(29);
    await page.focus('.scatter');
    await page.keyboard.press('Home');
    // The least supported point is now ringed; it is query 1.
    const ring = (await page.locator('.ring').boundingBox())!;
    await page.mouse.click(ring.x + ring.width / 2, ring.y + ring.height / 2);
    await panelText().waitFor();
    expect(await panelText().textContent()).toBe(HOSTILE);
    expect(await page.textContent('.tooltip')).toContain('<script>');
    expect(search().get('query')).toBe('1');
    const panel = (await page.textContent('#panel'))!.replaceAll('\u00A0', ' ');
    expect(panel).toContain('exponential, h = 0.11 (median query at 1e-5), stratified, n = 6');
    expect(panel).toContain('Interval −6.10 to −5.90.');
    expect(panel).toContain('0 of the 30 queries have less.');
    expect(panel).toContain('Abraham Lincoln, 1861');
    expect(panel).toContain('distance 0.42');
    expect(await page.locator('.bars').first().locator('li').allTextContents()).toEqual([
      'Abraham Lincoln60.0%',
      'Herbert Hoover30.0%',
      '<b>Nobody</b>10.0%',
    ]);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await page.locator('#panel :is(script, img, b)').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is worked with the keyboard', async () => {
    await open();
    await drawn(29);
    await page.focus('.scatter');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await page.textContent('[aria-live]')).toContain('Query 27');
    await page.keyboard.press('Enter');
    await panelText().waitFor();
    expect(await panelText().textContent()).toContain('Query 27');
    await page.keyboard.press('Escape');
    await panelText().waitFor({ state: 'detached' });
    expect(search().has('query')).toBe(false);
    await page.getByRole('button', { name: 'seen' }).focus();
    await page.keyboard.press('Space');
    await drawn(19);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('seen');
    expect(complaints).toEqual([]);
  });

  it('keeps its state in the URL over reload, back and forward', async () => {
    await open();
    await drawn(29);
    await page.selectOption('#run', 'large');
    await page.getByRole('button', { name: 'held-out' }).click();
    await drawn(19);
    await page.getByText('Perplexity', { exact: true }).first().click();
    await page.selectOption('#measurement', '2');
    await page.locator('.picks button').first().click();
    await panelText().waitFor();
    const seen = async () => ({
      url: page.url(),
      run: await page.inputValue('#run'),
      measurement: await page.inputValue('#measurement'),
      perplexity: await page.isChecked('#y-perplexity'),
      heldOut: await page.getByRole('button', { name: 'held-out' }).getAttribute('aria-pressed'),
      text: await panelText().textContent(),
      axis: await page.locator('.axis .title').last().textContent(),
    });
    const before = await seen();
    expect(before).toMatchObject({ run: 'large', measurement: '2', perplexity: true, heldOut: 'false' });
    expect(before.axis).toContain('Perplexity');
    expect(search().toString()).toBe('measurement=2&run=large&y=perplexity&hide=held-out&query=2');

    await page.reload();
    await drawn(19);
    await panelText().waitFor();
    expect(await seen()).toEqual(before);

    await page.goBack();
    await panelText().waitFor({ state: 'detached' });
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('select')?.value === '1');
    await page.goForward();
    await page.goForward();
    await panelText().waitFor();
    expect(await seen()).toEqual(before);
    expect(complaints).toEqual([]);
  });

  it('switches between light and dark, and remembers', async () => {
    await open();
    await drawn(29);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await drawn(29);
    expect(await background()).toBe(dark);
    expect(complaints).toEqual([]);
  });

  it('fits a telephone', async () => {
    await open('?query=1', 390);
    await panelText().waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('says that nothing answers, and tries again', async () => {
    await open();
    await drawn(29);
    await page.route('**/api/v1/points*', (route) => route.abort());
    await page.selectOption('#run', 'large');
    await page.getByText('densimeter serve').waitFor();
    await page.unroute('**/api/v1/points*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await drawn(29);
    expect(await page.inputValue('#run')).toBe('large');
  });

  it('says what is wrong with a URL', async () => {
    await open('?measurement=99');
    await page.getByText('There is no measurement "99"').waitFor();
    await page.getByText('Start from the defaults').click();
    await drawn(29);
    await page.goto(`${server.url}?query=99`);
    await page.getByText('There is no query "99"').waitFor();
    await drawn(29);
  });

  it('says what an empty study lacks', async () => {
    openStudy(join(dir, 'empty'), { write: true }).close();
    const empty = await serve({ studyDir: join(dir, 'empty'), port: 0 });
    try {
      await open('', 1280, empty.url);
      await page.getByText('The study is empty').waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await page.close();
      await empty.close();
    }
  });
});
