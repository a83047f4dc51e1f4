import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serve } from '../api/index.js';
import { browserFile, launchBrowser } from './browser.js';

// This file runs from dist/scripts; the project is two folders up.
const DEMO = fileURLToPath(new URL('../../demo', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
const VIEWS: Record<string, string> = {
  overview: '',
  explore: '?view=explore&region=box:-12.5,-10,3,5',
  map: '?view=map',
  coverage: '?view=coverage',
  interventions: '?view=interventions',
  runs: '?view=runs',
  query: '?view=explore&query=3',
  ask: '?view=map&ask=Our+navy+needs+more+ships+to+guard+our+commerce.',
};

/** Takes pictures of every view of the demo, light and dark, wide and narrow, into docs/screenshots. */
async function takeScreenshots(): Promise<void> {
  if (!browserFile) throw new Error('No Chromium was found (set CHROMIUM to its path).');
  mkdirSync(FOLDER, { recursive: true });
  const server = await serve({ studyDir: DEMO, port: 0, readOnly: true });
  const browser = await launchBrowser();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 390]) {
        const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme });
        const page = await context.newPage();
        for (const [name, search] of Object.entries(VIEWS)) {
          await page.goto(server.url + search);
          await page.waitForLoadState('networkidle');
          await page.waitForFunction(() => !/Loading|Embedding/.test(document.body.textContent ?? ''));
          const file = `${FOLDER}/${name}-${colorScheme}-${width}.png`;
          await page.screenshot({ path: file });
          process.stderr.write(`${file}\n`);
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

await takeScreenshots();
