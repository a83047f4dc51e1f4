import type { DataError } from '../../store/index.js';
import type { OpenAiChoice } from './embedder-choice.js';
import type { Endpoint } from './openai-endpoint.js';

/** An endpoint, and its failures in words. */
export interface ModelEndpoint extends Endpoint {
  /** What went wrong in asking for a model, where, and what to do. */
  failure(error: unknown): DataError;
}

/**
 * A client of an endpoint that speaks OpenAI's API, whose library is loaded only now.
 *
 * @param retries how often a request is sent again after 429, 5xx or a broken connection
 * @throws UsageError for a URL that is none, or a named variable that is not set
 */
export async function openModelEndpoint(
  choice: Pick<OpenAiChoice, 'url' | 'keyEnv' | 'model'>,
  retries: number,
): Promise<ModelEndpoint> {
  const { openEndpoint } = await import('./openai-endpoint.js');
  const { endpointError } = await import('./openai-errors.js');
  const endpoint = openEndpoint(choice, retries);
  return { ...endpoint, failure: (error) => endpointError(error, choice.model, endpoint) };
}
