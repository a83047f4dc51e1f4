import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serve } from '../../api/index.js';
import { browserFile, launchBrowser } from '../../scripts/browser.js';
import { openStudy } from '../../store/index.js';
import { HOSTILE, makeStudy } from '../api/make-study.js';
import { tempFolder } from '../support/temp-folder.js';
import { type Look, openWatched, type WatchedPage } from './watched-page.js';

if (!browserFile) console.log('The page is not tested: no Chromium found (set CHROMIUM to its path).');

describe.skipIf(!browserFile)('the page of a study with hostile texts', () => {
  const dir = tempFolder();
  let server: RunningServer;
  let browser: Browser;
  let watched: WatchedPage;

  beforeAll(async () => {
    makeStudy(join(dir, 'study'));
    server = await serve({ studyDir: join(dir, 'study'), port: 0 });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(() => watched?.page.context().close());

  async function open(search: string, look: Look = {}, url = server.url): Promise<void> {
    watched = await openWatched(browser, url + search, look);
  }
  const drawn = (points: number) => watched.page.waitForSelector(`.scatter[data-points="${points}"]`);
  const params = () => new URL(watched.page.url()).searchParams;

  it('shows them as text, everywhere, and asks nobody else', async () => {
    await open('');
    await watched.page.getByText('Density explains the loss. <b>Surely</b>').waitFor();
    for (const view of ['explore', 'map', 'coverage', 'interventions', 'runs']) {
      await watched.page.click(`nav a[href*="view=${view}"]`);
      await watched.page.waitForURL(`**/*view=${view}*`);
      await watched.page.waitForFunction(
        () => !document.querySelector('main')?.textContent?.includes('Loading'),
      );
    }
    await open('?view=explore&query=1');
    await watched.page.waitForSelector('.query-text');
    expect(await watched.page.textContent('.query-text')).toBe(HOSTILE);
    expect(await watched.page.evaluate(() => (window as { hacked?: boolean }).hacked)).toBeUndefined();
    expect(await watched.page.locator('bdi').filter({ hasText: '<b>Nobody</b>' }).count()).toBeGreaterThan(0);
    expect(watched.complaints).toEqual([]);
    expect([...watched.hosts]).toEqual(['127.0.0.1']);
  });

  it('is worked with the keyboard: points, a selection, its end', async () => {
    await open('?view=explore');
    // The last of the 30 queries has no outcome.
    await drawn(29);
    const { page } = watched;
    await page.focus('.scatter');
    await page.keyboard.press('Home');
    expect(await page.textContent('.tooltip')).toContain('<script>');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.drawer');
    expect(params().get('query')).toBe('1');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.drawer', { state: 'detached' });
    await page.focus('.scatter');
    await page.keyboard.press('Home');
    await page.keyboard.press('b');
    await page.waitForFunction(() => document.querySelector('#selection-n')?.textContent !== '29');
    const before = Number(await page.textContent('#selection-n'));
    expect(before).toBeGreaterThan(1);
    // Its right edge, back to the point that it is around.
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForFunction(
      (n) => Number(document.querySelector('#selection-n')?.textContent) < n,
      before,
    );
    expect(params().get('region')).toMatch(/^box:/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('#selection-n')?.textContent === '29');
    expect(params().has('region')).toBe(false);
  });

  it('keeps its state in the URL over reload, back and forward', async () => {
    await open('?view=explore');
    await drawn(29);
    const { page } = watched;
    await page.selectOption('#outcome', 'perplexity');
    await page.click('.legend button:has-text("seen")');
    await drawn(19);
    expect([params().get('y'), params().get('hide')]).toEqual(['perplexity', 'seen']);
    await page.reload();
    await drawn(19);
    expect(await page.inputValue('#outcome')).toBe('perplexity');
    await page.goBack();
    await drawn(29);
    await page.goForward();
    await drawn(19);
  });

  it('says that nothing answers, and tries again', async () => {
    await open('?view=explore');
    await drawn(29);
    const { page } = watched;
    await page.route('**/api/v1/points*', (route) => route.abort());
    await page.selectOption('#run', 'large');
    await page.getByText('Is densimeter serve still running?').waitFor();
    await page.unroute('**/api/v1/points*');
    await page.click('text=Try again');
    await page.waitForSelector('.scatter');
  });

  it('says what is wrong with a URL', async () => {
    await open('?view=explore&run=nobody&measurement=99');
    await watched.page.getByText('There is no measurement "99"').waitFor();
    await watched.page.click('text=Start from the defaults');
    await watched.page.waitForSelector('nav a[aria-current="page"]');
  });

  it('says what an empty study lacks', async () => {
    openStudy(join(dir, 'empty'), { write: true }).close();
    const empty = await serve({ studyDir: join(dir, 'empty'), port: 0 });
    try {
      await open('', {}, empty.url);
      await watched.page.getByText('The study is empty').waitFor();
      expect(watched.complaints).toEqual([]);
    } finally {
      await empty.close();
    }
  });

  it('switches between light and dark, and remembers', async () => {
    await open('');
    const { page } = watched;
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.waitForSelector('header');
    const light = await ground();
    await page.click('header >> text=Dark');
    expect(await ground()).not.toBe(light);
    await page.reload();
    await page.waitForSelector('header >> text=Light');
    expect(await ground()).not.toBe(light);
  });
});
