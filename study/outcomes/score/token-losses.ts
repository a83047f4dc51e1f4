/**
 * Negative log likelihood (nats) of the tokens `from` to tokens.length − 1, each given those before it.
 *
 * @param logits `(tokens, vocabulary)` row-major; row i predicts token i + 1
 * @throws RangeError for a token outside of the vocabulary
 */
export function tokenLosses(
  logits: Float32Array,
  vocabulary: number,
  tokens: readonly number[],
  from: number,
): Float64Array {
  const losses = new Float64Array(tokens.length - from);
  for (let i = from; i < tokens.length; i++) {
    const row = logits.subarray((i - 1) * vocabulary, i * vocabulary);
    const logit = row[tokens[i]!];
    if (logit === undefined) throw new RangeError(`token ${tokens[i]} of ${vocabulary} that the model has`);
    losses[i - from] = logSumExp(row) - logit;
  }
  return losses;
}

/** log Σ exp(x), shifted by the largest so that it does not overflow. */
function logSumExp(values: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i]! > largest) largest = values[i]!;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - largest);
  return largest + Math.log(sum);
}
