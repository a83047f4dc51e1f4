import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The built file of a source, for child processes and worker threads, which cannot run TypeScript.
 *
 * @param source the path in `dist/`, such as `store/index.js`
 * @throws Error where it has not been built
 */
export function built(source: string): string {
  const file = fileURLToPath(new URL(`../../dist/${source}`, import.meta.url));
  if (!existsSync(file)) throw new Error(`${file} is not built; run: npm run build:server`);
  return pathToFileURL(file).href;
}
