import { openModelEndpoint } from '../../../indexer/index.js';
import { DataError } from '../../../store/index.js';
import { ADDED_TOKENS, type PromptLogprobs, type PromptToken, promptTokens } from './endpoint-answer.js';
import type { Scorer } from './scorer.js';

/** A language model behind an endpoint that speaks OpenAI's completions API and tells log likelihoods of prompts. */
export interface EndpointModel {
  /** The endpoint up to and without `/completions`: `http://127.0.0.1:8000/v1`. */
  url: string;
  model: string;
  /** The environment variable that holds the API key; default OPENAI_API_KEY. */
  keyEnv?: string | undefined;
  /** Requests under way at once; default 4. */
  concurrency?: number | undefined;
  /** How often a request is sent again after 429, 5xx or a broken connection; default 6. */
  retries?: number | undefined;
}

const CONCURRENCY = 4;
const RETRIES = 6;
/** A server that has just been started is not waited for. */
const PROBE_RETRIES = 2;
const PROBE = 'The sky is blue.';
const WAYS: Record<PromptLogprobs, object> = {
  echo: { echo: true, logprobs: 1 },
  // 0 asks for the prompt's own tokens and no others.
  prompt_logprobs: { prompt_logprobs: 0 },
};

/**
 * Opens a model behind an endpoint, and finds out by a first text how it tells log likelihoods. A first token without
 * one is not scored. A text behind a context takes two requests, one for where its tokens begin.
 *
 * @throws UsageError for a URL or key variable that is none
 * @throws DataError where the endpoint does not answer, or tells no log likelihoods of a prompt
 */
export async function openEndpointScorer({
  concurrency = CONCURRENCY,
  retries = RETRIES,
  ...choice
}: EndpointModel): Promise<Scorer> {
  const endpoint = await openModelEndpoint(choice, retries);
  const closing = new AbortController();
  const how = await findWay();
  return {
    name: 'endpoint',
    settings: { url: endpoint.url, model: choice.model, logprobs: how },
    covariates: {},
    parallel: concurrency,
    async score({ context, text }) {
      const before = context.trimEnd();
      const from = before === '' ? 0 : (await tokensOf(before)).length;
      const tokens = (await tokensOf(context + text)).slice(from);
      const scored = tokens.flatMap(({ logprob }) => logprob ?? []);
      if (scored.length === 0)
        throw new DataError(`${endpoint.url} gives no log likelihood for any of its tokens.`);
      const nll = 0 - scored.reduce((sum, logprob) => sum + logprob, 0);
      return { nll, tokens: scored.length, bytes: Buffer.byteLength(text) - unscoredBytes(tokens, text) };
    },
    async close() {
      closing.abort();
    },
  };

  async function findWay(): Promise<PromptLogprobs> {
    let refused: unknown;
    for (const way of Object.keys(WAYS) as PromptLogprobs[]) {
      try {
        const tokens = promptTokens(await ask(PROBE, way, Math.min(retries, PROBE_RETRIES)), way);
        if (tokens?.some(({ logprob }) => logprob !== null)) return way;
      } catch (error) {
        refused ??= error;
        if (!isRefusal(error)) throw endpoint.failure(error);
      }
    }
    if (refused !== undefined) throw endpoint.failure(refused);
    throw new DataError(
      `${endpoint.url} tells no log likelihoods of a prompt, neither with echo and logprobs nor with prompt_logprobs. vLLM does; chat models behind hosted APIs mostly do not.`,
    );
  }

  async function tokensOf(prompt: string): Promise<PromptToken[]> {
    let body: unknown;
    try {
      body = await ask(prompt, how, retries);
    } catch (error) {
      throw endpoint.failure(error);
    }
    const tokens = promptTokens(body, how);
    if (tokens) return tokens;
    throw new DataError(`${endpoint.url} gives no log likelihoods of this prompt, though it did of another.`);
  }

  function ask(prompt: string, way: PromptLogprobs, maxRetries: number): Promise<unknown> {
    const body = { model: choice.model, prompt, max_tokens: ADDED_TOKENS, temperature: 0, ...WAYS[way] };
    // A signal of its own: the client leaves listeners on it.
    return endpoint.client.post('/completions', {
      body,
      maxRetries,
      signal: AbortSignal.any([closing.signal]),
    });
  }
}

/** Whether a server does not know what it was asked, as it may what it is asked next. */
function isRefusal(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return status === 400 || status === 422 || status === 501;
}

/** The bytes of a first token that has no log likelihood: what of the text the others leave. */
function unscoredBytes(tokens: readonly PromptToken[], text: string): number {
  if (tokens[0]?.logprob !== null) return 0;
  const rest = tokens
    .slice(1)
    .map((token) => token.text)
    .join('');
  return text.endsWith(rest) ? Buffer.byteLength(text) - Buffer.byteLength(rest) : 0;
}
