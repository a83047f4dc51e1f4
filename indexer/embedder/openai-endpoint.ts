import OpenAI from 'openai';
import { UsageError } from '../../store/index.js';
import type { OpenAiChoice } from './embedder-choice.js';
import { isTooLarge } from './openai-errors.js';

/** An endpoint, and what may be told of it. */
export interface Endpoint {
  client: OpenAI;
  /** The URL without credentials and query. */
  url: string;
  keyEnv: string;
  hasKey: boolean;
  /** A text with the key and other secrets taken out. */
  withoutSecrets(text: string): string;
}

const KEY_ENV = 'OPENAI_API_KEY';
/** What a server that needs no key is sent. */
const NO_KEY = 'none';

/**
 * A client of an endpoint, with the key that the environment has for it.
 *
 * @throws UsageError for a URL that is none, or a named variable that is not set
 */
export function openEndpoint(
  { url, keyEnv }: Pick<OpenAiChoice, 'url' | 'keyEnv'>,
  retries: number,
): Endpoint {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new UsageError("The endpoint's url is not one: use http://host:port/v1.");
  const key = process.env[keyEnv ?? KEY_ENV] || undefined;
  if (keyEnv !== undefined && key === undefined) {
    throw new UsageError(
      `The endpoint's key is to be in the variable ${keyEnv}, which is not set: export it.`,
    );
  }
  const { username, password, search, searchParams } = parsed;
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    'base64',
  );
  const shown = `${parsed.origin}${parsed.pathname}`.replace(/\/((embeddings|completions)\/?)?$/, '');
  const secrets = [key, password, decodeURIComponent(password), username && basic, search].filter(Boolean);
  return {
    client: new OpenAI({
      apiKey: key ?? NO_KEY,
      baseURL: shown,
      defaultQuery: Object.fromEntries(searchParams),
      // Fetch takes no credentials in a URL.
      defaultHeaders: username && key === undefined ? { Authorization: `Basic ${basic}` } : {},
      maxRetries: retries,
      organization: null,
      project: null,
      logLevel: 'off',
      fetch: fetchWhole,
    }),
    url: shown,
    keyEnv: keyEnv ?? KEY_ENV,
    hasKey: key !== undefined,
    withoutSecrets: (text) => secrets.reduce<string>((rest, secret) => rest.replaceAll(secret!, '…'), text),
  };
}

/**
 * Fetches an answer with its body, so that the client's retries are of answers that break off too; tells it not to
 * retry a request that is too large.
 */
async function fetchWhole(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { status, statusText, headers, body } = await fetch(input, init).then(async (response) => ({
    status: response.status,
    statusText: response.statusText,
    headers: new Headers(response.headers),
    body: await response.arrayBuffer(),
  }));
  if (status >= 400 && isTooLarge(status, Buffer.from(body).toString('utf8')))
    headers.set('x-should-retry', 'false');
  return new Response(body, { status, statusText, headers });
}
