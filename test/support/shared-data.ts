import { fileURLToPath } from 'node:url';

/** A file or folder of the shared data, which is in the folder DENSIMETER_DATA or else beside the project. */
export function sharedData(path: string): string {
  const folder =
    process.env.DENSIMETER_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
  return `${folder}/${path}`;
}
