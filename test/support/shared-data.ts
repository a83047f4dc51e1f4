import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SHARED = process.env.DENSIMETER_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** A path in the shared data, and why it cannot be used: undefined where it is there. */
export function sharedData(name: string): { path: string; absent: string | undefined } {
  const path = join(SHARED, name);
  return { path, absent: existsSync(path) ? undefined : `${path} is not there (set DENSIMETER_DATA)` };
}
