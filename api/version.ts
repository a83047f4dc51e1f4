import { readFileSync } from 'node:fs';

/** The version of densimeter, from its package.json: beside the sources, and above dist. */
export const version = (
  JSON.parse(
    readFileSync(
      new URL(import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json', import.meta.url),
      'utf8',
    ),
  ) as { version: string }
).version;
