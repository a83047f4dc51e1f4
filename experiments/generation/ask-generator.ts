import pLimit from 'p-limit';
import { openModelEndpoint } from '../../indexer/index.js';
import type { OnProgress } from '../../store/index.js';
import { type GeneratorPrompt, questionAndAnswer } from './generator-prompts.js';

/** A language model behind an endpoint that speaks OpenAI's chat completions. */
export interface GeneratorEndpoint {
  /** Up to and without `/chat/completions`. */
  url: string;
  model: string;
  keyEnv?: string | undefined;
  /** Requests under way at once; default 4. */
  concurrency?: number | undefined;
  /** How often a request is sent again after 429, 5xx or a broken connection; default 6. */
  retries?: number | undefined;
}

/** A text that a generator prompt brought. */
export interface GeneratedText {
  id: string;
  topic: string | null;
  text: string;
}

/**
 * Has a language model answer generator prompts; what holds no question and answer is left out.
 *
 * @param onText told of every text as it comes, so that a call that is stopped loses none
 * @returns how many prompts brought no question and answer
 * @throws UsageError for a URL or key variable that is none; DataError where the endpoint fails
 */
export async function askGenerator(
  prompts: readonly GeneratorPrompt[],
  { concurrency = 4, retries = 6, ...choice }: GeneratorEndpoint,
  {
    seed,
    onText,
    onProgress,
    signal,
  }: {
    seed: number;
    onText: (text: GeneratedText) => void;
    onProgress?: OnProgress | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<{ leftOut: number }> {
  const endpoint = await openModelEndpoint(choice, retries);
  const limit = pLimit(concurrency);
  const stop = new AbortController();
  const ended = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let [done, leftOut] = [0, 0];
  const ask = async ({ id, topic, prompt }: GeneratorPrompt) => {
    ended.throwIfAborted();
    const { choices } = await endpoint.client.chat.completions
      .create(
        { model: choice.model, seed, temperature: 1, messages: [{ role: 'user', content: prompt }] },
        { signal: ended },
      )
      .catch((error: unknown) => {
        signal?.throwIfAborted();
        throw endpoint.failure(error);
      });
    const text = questionAndAnswer(choices[0]?.message.content ?? '');
    if (text === null) leftOut++;
    else onText({ id, topic, text });
    onProgress?.({ step: `asking ${choice.model}`, done: ++done, total: prompts.length, unit: 'prompts' });
  };
  try {
    await Promise.all(prompts.map((prompt) => limit(ask, prompt)));
  } catch (error) {
    stop.abort();
    throw error;
  }
  return { leftOut };
}
