import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = process.env.DENSIMETER_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** A file or folder of the data that is no part of the project; `DENSIMETER_DATA` says where else it may be. */
export function sharedData(...path: string[]): string {
  return join(ROOT, ...path);
}

/** Why data that is no part of the project cannot be used, or undefined where it can. */
export function whyNoData(...path: string[]): string | undefined {
  const file = sharedData(...path);
  return existsSync(file) ? undefined : `${file} is not there`;
}
