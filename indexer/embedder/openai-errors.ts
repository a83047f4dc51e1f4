import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { DataError } from '../../store/index.js';
import type { Endpoint } from './openai-endpoint.js';

const SHORT = 200;
const AGAIN = 'Run the same command again: it goes on where it was.';

/** Whether an answer says that a request has too many texts, or too long ones. */
export function isTooLarge(status: number | undefined, message: string): boolean {
  if (status === 413) return true;
  if (status === 400 || status === 422) return /length|batch|maximum|too (long|large|many)/i.test(message);
  // llama.cpp's server, of a text longer than its physical batch.
  return status === 500 && /too large to process/i.test(message);
}

/** Whether a failed request is one that fewer or shorter texts would mend. */
export function isTooLargeError(error: unknown): error is APIError {
  return error instanceof APIError && isTooLarge(error.status as number | undefined, error.message);
}

/** What went wrong at an endpoint, where, and what to do. */
export function endpointError(error: unknown, model: string, endpoint: Endpoint): DataError {
  if (error instanceof DataError) return error;
  return new DataError(endpoint.withoutSecrets(wordsFor(error, model, endpoint)));
}

function wordsFor(error: unknown, model: string, { url, keyEnv, hasKey }: Endpoint): string {
  if (error instanceof APIConnectionTimeoutError) return `${url} takes too long to answer. ${AGAIN}`;
  if (error instanceof APIConnectionError) {
    const code = codeOf(error);
    return code === 'ECONNREFUSED' || code === 'ENOTFOUND'
      ? `No server answers at ${url} (${code}): start it, or correct the url. ${AGAIN}`
      : `${url} breaks off the connection (${code ?? error.message}): see the server's log. ${AGAIN}`;
  }
  if (!(error instanceof APIError)) return `${url} gives an answer that is not JSON: ${messageOf(error)}`;
  if (error instanceof APIUserAbortError) return `${url} was asked, but the model has been closed.`;
  const status = error.status as number | undefined;
  const said = `${url} answers ${status}: ${serverWords(error)}`;
  if (status === 401 || status === 403) {
    return `${said} ${hasKey ? `The key in ${keyEnv} is refused` : `It wants a key: set ${keyEnv}`}.`;
  }
  if (status === 404) return `${said} Check the url, which mostly ends with /v1, and the model "${model}".`;
  if (status === 429) return `${said} Set a lower concurrency, or wait. ${AGAIN}`;
  if (status !== undefined && status >= 500) return `${said} See the server's log. ${AGAIN}`;
  return `${said} Check the model "${model}" and its options.`;
}

/** The code of the innermost cause that has one, as ECONNREFUSED. */
function codeOf(error: Error): string | undefined {
  let code: string | undefined;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') code = cause.code;
  }
  return code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a server said of a failure, in one line, shortened, and with a full stop. */
export function serverWords(error: APIError): string {
  const line = error.message
    .replace(/^\d{3} /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const cut = line.length > SHORT ? `${line.slice(0, SHORT)}…` : line;
  return /[.…!?]$/.test(cut) ? cut : `${cut}.`;
}
