import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env } from '@xenova/transformers';
import { UsageError } from '../../store/index.js';

/**
 * Reads a JSON file that a model may have, from its folder or from the hub, by way of the library's cache.
 *
 * @returns null where the model has no such file
 * @throws UsageError where the file is not JSON, or the hub cannot be asked
 */
export async function readModelJson(model: string, file: string): Promise<unknown> {
  const local = join(model, file);
  if (existsSync(model)) return existsSync(local) ? parseJson(readFileSync(local, 'utf8'), local) : null;
  const cached = env.cacheDir && env.useFSCache ? join(env.cacheDir, model, file) : undefined;
  if (cached && existsSync(cached)) return parseJson(readFileSync(cached, 'utf8'), cached);
  if (!env.allowRemoteModels) return null;
  const path = env.remotePathTemplate.replaceAll('{model}', model).replaceAll('{revision}', 'main');
  const url = `${env.remoteHost}${path}${file}`;
  const text = await fetchText(url);
  const parsed = text === null ? null : parseJson(text, url);
  if (cached) {
    mkdirSync(dirname(cached), { recursive: true });
    // That the model has no such file is worth keeping too: the next run may be offline.
    writeFileSync(cached, JSON.stringify(parsed));
  }
  return parsed;
}

async function fetchText(url: string): Promise<string | null> {
  let response: Response;
  try {
    response = (await env.fetch(url)) as Response;
  } catch (error) {
    throw new UsageError(
      `${url} cannot be asked for: ${error instanceof Error ? error.message : error}. It says how the model's vectors are made; use a folder with the model's files where there is no network.`,
    );
  }
  if (response.status === 404) return null;
  if (!response.ok) throw new UsageError(`${url} cannot be read: the hub answers ${response.status}.`);
  return response.text();
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${where} is not JSON.`);
  }
}
