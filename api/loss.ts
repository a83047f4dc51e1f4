/** What a run scored on a query, per token: loss in nats a token and perplexity, null where not scored. */
export interface PerToken {
  nll: number | null;
  tokens: number | null;
  loss: number | null;
  perplexity: number | null;
}

/** Loss (nll/tokens) and perplexity (exp of it) of an outcome; all null without one. */
export function perToken(outcome: { nll: number | null; tokens: number | null } | undefined): PerToken {
  const nll = outcome?.nll ?? null;
  const tokens = outcome?.tokens ?? null;
  if (nll === null || !tokens) return { nll, tokens, loss: null, perplexity: null };
  const loss = nll / tokens;
  return { nll, tokens, loss, perplexity: Math.exp(loss) };
}
