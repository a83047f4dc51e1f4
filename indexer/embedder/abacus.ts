import { createHash } from 'node:crypto';
import { UsageError } from '../../store/index.js';
import { blockOf, DIGIT_DIMS } from './abacus-codes.js';
import type { Embedder } from './embedder.js';

/** Raised when the codes change in a way that moves the vectors. */
const VERSION = 1;

/**
 * An embedder whose vectors also tell the digits of a text, each by its place in its number, after Abacus embeddings
 * (McLeish et al. 2024, arXiv 2405.17399): text embeddings tell lengths and digits of numbers only roughly.
 *
 * A vector is √(1 − weight)·embedding ⊕ √weight·block, of which the block has 128 dims and length 1. So the cosine of two
 * texts is (1 − weight)·(that of their embeddings) + weight·(that of their blocks), and the latter is, half and half:
 *
 * - how alike the lengths of their numbers are: 1 for the same lengths whatever the digits, and about √(a/b) for long
 *   numbers of a < b digits; lengths up to 180 all differ;
 * - how many digits they have in common at the same places: 1 for the same digits, about 0.3 for random ones of one
 *   length, where two equal digits Δ places apart count by exp(−Δ²/18).
 *
 * A number is a run of the ASCII digits 0 to 9, and its places are counted from its first digit as written: "007" has
 * three places, "3.14" is the numbers 3 and 14, "1,000" is 1 and 000, and "−5" is 5. Places behind 180 count as the
 * 180th. Each digit of a text counts alike, also those behind `maxTokens`; which number of the text it is in does not
 * matter. The blocks of texts without digits are all the same and orthogonal to those of all others, so distances between
 * such texts are √(1 − weight) times what they were.
 *
 * @throws UsageError where the weight is not between 0 and 1, both excluded
 */
export function withAbacusDigits(embedder: Embedder, { weight }: { weight: number }): Embedder {
  if (!(weight > 0 && weight < 1))
    throw new UsageError(`The weight of digits must be between 0 and 1, both excluded, not ${weight}.`);
  const dims = embedder.dims + DIGIT_DIMS;
  const [ofEmbedding, ofBlock] = [Math.sqrt(1 - weight), Math.sqrt(weight)];
  return {
    name: `${embedder.name}+abacus(${weight})`,
    dims,
    maxTokens: embedder.maxTokens,
    fingerprint: createHash('sha256')
      .update(JSON.stringify([embedder.fingerprint, 'abacus', VERSION, weight]))
      .digest('hex'),
    parallel: embedder.parallel,
    countTokens: (text) => embedder.countTokens(text),
    async embed(texts, role) {
      const { vectors: embeddings, tokens } = await embedder.embed(texts, role);
      const vectors = new Float32Array(texts.length * dims);
      texts.forEach((text, row) => {
        const embedding = embeddings.subarray(row * embedder.dims, (row + 1) * embedder.dims);
        vectors.set(
          embedding.map((x) => x * ofEmbedding),
          row * dims,
        );
        vectors.set(
          blockOf(text).map((x) => x * ofBlock),
          row * dims + embedder.dims,
        );
      });
      return { vectors, tokens };
    },
    ...(embedder.waiting && { waiting: () => embedder.waiting!() }),
    close: () => embedder.close(),
  };
}
