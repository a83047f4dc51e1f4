import type { Browser, Page } from 'playwright-core';

/** A page, what it complained of, and where it asked. */
export interface WatchedPage {
  page: Page;
  complaints: string[];
  hosts: Set<string>;
}

/** How a page is looked at. */
export interface Look {
  width?: number;
  scheme?: 'light' | 'dark';
}

/** Opens a page and notes every error, warning and host. */
export async function openWatched(
  browser: Browser,
  url: string,
  { width = 1280, scheme = 'light' }: Look = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const watched: WatchedPage = { page, complaints: [], hosts: new Set() };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') watched.complaints.push(message.text());
  });
  page.on('pageerror', (error) => watched.complaints.push(error.message));
  page.on('request', (request) => {
    // What the page made itself, such as an image of a chart, is asked of nobody.
    if (!request.url().startsWith('blob:')) watched.hosts.add(new URL(request.url()).hostname);
  });
  await page.goto(url);
  return watched;
}
