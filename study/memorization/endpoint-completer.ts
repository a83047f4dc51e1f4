import { openModelEndpoint } from '../../indexer/index.js';
import type { Completer } from './completer.js';
import { lastWords, wordsIn } from './last-words.js';

/** A language model behind an endpoint that speaks OpenAI's completions API. */
export interface EndpointCompleter {
  url: string;
  model: string;
  keyEnv?: string | undefined;
  concurrency?: number | undefined;
  retries?: number | undefined;
}

const CONCURRENCY = 4;
const RETRIES = 6;
/** Tokens of a word, at most, in most texts. */
const TOKENS_A_WORD = 3;

/**
 * Opens a model behind an endpoint that completes texts at temperature 0. As tokens are the server's own, texts are compared in words.
 *
 * @throws UsageError for a URL or key variable that is none
 */
export async function openEndpointCompleter({
  concurrency = CONCURRENCY,
  retries = RETRIES,
  ...choice
}: EndpointCompleter): Promise<Completer> {
  const endpoint = await openModelEndpoint(choice, retries);
  const closing = new AbortController();
  return {
    settings: { url: endpoint.url, model: choice.model },
    unit: 'words',
    parallel: concurrency,
    split: lastWords,
    async complete(prefix, count) {
      try {
        const { choices } = await endpoint.client.completions.create(
          { model: choice.model, prompt: prefix, max_tokens: count * TOKENS_A_WORD, temperature: 0 },
          { signal: closing.signal },
        );
        return wordsIn(choices[0]?.text ?? '').slice(0, count);
      } catch (error) {
        throw endpoint.failure(error);
      }
    },
    async close() {
      closing.abort();
    },
  };
}
