import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { DataError } from '../../store/index.js';
import type { Embedder, Prefixes } from './embedder.js';
import type { OpenAiChoice } from './embedder-choice.js';
import { type Answer, readAnswer } from './openai-answer.js';
import { openEndpoint } from './openai-endpoint.js';
import { endpointError, isTooLargeError, serverWords } from './openai-errors.js';
import { openTokenizer } from './use-lite.js';

/** How hard an endpoint is asked. */
export interface OpenAiOptions {
  /** How often a request is sent again after 429, 5xx or a broken connection; default 6, some 25 seconds in all. */
  retries?: number | undefined;
}

const BATCH = 64;
const CONCURRENCY = 4;
const RETRIES = 6;
/** A server that has just been started is not waited for. */
const PROBE_RETRIES = 2;
const PROBE = 'a';
const MAX_TOKENS = 8192;
const NO_PREFIX: Prefixes = { query: '', passage: '' };

/**
 * Opens a model behind an endpoint that speaks OpenAI's embeddings API. Tokens are those that the server tells, or an
 * estimate by the embedded tokenizer, as `countTokens` is.
 *
 * @throws UsageError for a URL or key variable that is none
 * @throws DataError where the endpoint does not answer a first text with a vector
 */
export async function openOpenAi(choice: OpenAiChoice, options: OpenAiOptions = {}): Promise<Embedder> {
  const { model, batch = BATCH, concurrency = CONCURRENCY, prefix = NO_PREFIX } = choice;
  const { retries = RETRIES } = options;
  const endpoint = openEndpoint(choice, retries);
  const tokenizer = openTokenizer();
  const countTokens = (text: string) => tokenizer.encode(text).length;
  const limit = pLimit(concurrency);
  const closing = new AbortController();
  let largest = batch;

  const probe = await ask([PROBE], [0], [closing.signal], Math.min(retries, PROBE_RETRIES));
  const dims = probe.vectors[0]!.length;
  if (choice.dims !== undefined && choice.dims !== dims) {
    throw new DataError(
      `${endpoint.url}: "${model}" gives vectors of ${dims} dims, not ${choice.dims}: leave dims out.`,
    );
  }

  return {
    name: `openai:${model}`,
    dims,
    maxTokens: MAX_TOKENS,
    fingerprint: createHash('sha256')
      .update(JSON.stringify(['openai', model, dims, prefix]))
      .digest('hex'),
    parallel: 2,
    countTokens,
    async embed(texts, role = 'passage') {
      const empty = texts.findIndex((text) => text.trim() === '');
      if (empty >= 0) throw new DataError(`Text ${empty} is empty and cannot be embedded.`);
      const sent = texts.map((text) => prefix[role] + text);
      const vectors = new Float32Array(texts.length * dims);
      const failing = new AbortController();
      const work: Promise<number>[] = [];
      for (let from = 0, size = largest; from < sent.length; from += size) {
        const numbers = Array.from({ length: Math.min(size, sent.length - from) }, (_, i) => from + i);
        work.push(
          limit(() => embedSome(numbers)).catch((error: unknown) => {
            // The others' vectors have nowhere to go.
            failing.abort();
            throw error;
          }),
        );
      }
      const tokens = await Promise.all(work);
      return { vectors, tokens: tokens.reduce((sum, count) => sum + count, 0) };

      /** Embeds some texts, in two halves where they are too many; answers how many tokens they have. */
      async function embedSome(numbers: number[]): Promise<number> {
        const some = numbers.map((number) => sent[number]!);
        try {
          const answer = await ask(some, numbers, [closing.signal, failing.signal], retries);
          place(answer, numbers);
          return answer.tokens ?? some.reduce((sum, text) => sum + countTokens(text), 0);
        } catch (error) {
          if (!isTooLargeError(error) || numbers.length === 1) throw error;
        }
        const half = Math.ceil(numbers.length / 2);
        const tokens = (await embedSome(numbers.slice(0, half))) + (await embedSome(numbers.slice(half)));
        // What was too much once is not sent again.
        largest = Math.min(largest, half);
        return tokens;
      }

      function place(answer: Answer, numbers: readonly number[]): void {
        answer.vectors.forEach((vector, i) => {
          const number = numbers[i]!;
          if (vector.length !== dims) {
            throw new DataError(
              `${endpoint.url} gives text ${number} a vector of ${vector.length} dims, others of ${dims}.`,
            );
          }
          vectors.set(vector, number * dims);
        });
      }
    },
    close() {
      closing.abort();
      return Promise.resolve();
    },
  };

  /** One request; an error of a size that halving may mend comes as it is. */
  async function ask(
    input: string[],
    numbers: readonly number[],
    signals: AbortSignal[],
    maxRetries: number,
  ): Promise<Answer> {
    try {
      const body: unknown = await endpoint.client.embeddings.create(
        // Named, or the client takes floats for base64 where the server answers with floats.
        { model, input, encoding_format: 'base64', ...(choice.dims && { dimensions: choice.dims }) },
        // A signal of its own: the client leaves listeners on it.
        { signal: AbortSignal.any(signals), maxRetries },
      );
      return readAnswer(body, numbers, endpoint.url);
    } catch (error) {
      // A first text that is too large is a sign of wrong options.
      if (!isTooLargeError(error) || input[0] === PROBE) throw endpointError(error, model, endpoint);
      if (numbers.length > 1) throw error;
      throw new DataError(
        endpoint.withoutSecrets(
          `Text ${numbers[0]} is too long for "${model}" at ${endpoint.url}, which answers ${error.status}: ${serverWords(error)} Cut smaller chunks.`,
        ),
      );
    }
  }
}
