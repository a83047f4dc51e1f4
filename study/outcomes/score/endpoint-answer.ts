import { z } from 'zod';

/** The two ways in which servers tell the log likelihoods of a prompt's tokens. */
export type PromptLogprobs = 'echo' | 'prompt_logprobs';

/** A token of a prompt, with its log likelihood (nats) given those before it; null for the first, mostly. */
export interface PromptToken {
  text: string;
  logprob: number | null;
}

const choices = z.object({
  choices: z
    .array(z.looseObject({ logprobs: z.unknown().optional(), prompt_logprobs: z.unknown().optional() }))
    .min(1),
  prompt_logprobs: z.unknown().optional(),
  usage: z.looseObject({ completion_tokens: z.number().nullish() }).nullish(),
});

const echoed = z.object({
  tokens: z.array(z.string()).min(1),
  token_logprobs: z.array(z.number().nullable()).min(1),
});

/** vLLM's: token id → its log likelihood, of the prompt's own token and of likelier ones where they were asked for. */
const byTokenId = z.array(
  z
    .record(
      z.string(),
      z.object({
        logprob: z.number(),
        rank: z.number().nullish(),
        decoded_token: z.string().nullish(),
      }),
    )
    .nullable(),
);

/** Tokens that a server is asked to add: some refuse to add none. */
export const ADDED_TOKENS = 1;

/**
 * The tokens of a prompt with their log likelihoods, as `/v1/completions` answers with `echo` and `logprobs`, or with
 * vLLM's `prompt_logprobs`; undefined where the answer has none.
 */
export function promptTokens(body: unknown, how: PromptLogprobs): PromptToken[] | undefined {
  const parsed = choices.safeParse(body);
  if (!parsed.success) return undefined;
  const [choice] = parsed.data.choices;
  return how === 'echo'
    ? fromEcho(choice!.logprobs, parsed.data.usage?.completion_tokens ?? ADDED_TOKENS)
    : fromPromptLogprobs(choice!.prompt_logprobs ?? parsed.data.prompt_logprobs);
}

function fromEcho(logprobs: unknown, added: number): PromptToken[] | undefined {
  const found = echoed.safeParse(logprobs);
  if (!found.success) return undefined;
  const { tokens, token_logprobs: values } = found.data;
  // As many as were added, or fewer: the prompt was not echoed.
  if (tokens.length !== values.length || tokens.length <= added) return undefined;
  return tokens.slice(0, tokens.length - added).map((text, i) => ({ text, logprob: values[i]! }));
}

function fromPromptLogprobs(logprobs: unknown): PromptToken[] | undefined {
  const found = byTokenId.safeParse(logprobs);
  if (!found.success || found.data.length === 0) return undefined;
  return found.data.map((entry) => {
    // The prompt's own token is the only one, or ranks behind the likelier ones.
    const [own] = Object.values(entry ?? {}).sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0));
    return own ? { text: own.decoded_token ?? '', logprob: own.logprob } : { text: '', logprob: null };
  });
}
