import { createHash } from 'node:crypto';
import { group } from 'd3';
import { int32Tensor, openSession } from '../../onnx/index.js';
import { DataError } from '../../store/index.js';
import type { Embedder } from './embedder.js';
import type { OpenOptions } from './embedder-choice.js';
import { type Tokenizer, unigramTokenizer } from './tokenizer.js';
import { DIMS, MAX_TOKENS, useLiteGraph } from './use-lite-graph.js';
import { readUseLite, readVocabulary } from './use-lite-weights.js';

/** Tokens of one run: enough to fill the Gemms, few enough to stay in the cache. */
const BATCH_TOKENS = 2048;
/** Raised when graph or tokenizer change in a way that moves the vectors. */
const VERSION = 3;

/**
 * Opens the embedded default embedder, the English Universal Sentence Encoder (lite), 512 dims.
 *
 * Texts of the same number of tokens are run together: nothing is padded.
 */
export async function openUseLite({ threads }: OpenOptions = {}): Promise<Embedder> {
  const model = readUseLite();
  const tokenizer = unigramTokenizer(model.vocabulary);
  const session = await openSession(useLiteGraph(model), threads === undefined ? {} : { threads });
  return {
    name: 'use-lite',
    dims: DIMS,
    maxTokens: MAX_TOKENS,
    fingerprint: createHash('sha256').update(`${model.hash} ${VERSION}`).digest('hex'),
    choice: { kind: 'use-lite' },
    parallel: 1,
    countTokens: (text) => tokenizer.encode(text).length,
    async embed(texts) {
      const ids = texts.map((text, index) => {
        const encoded = tokenizer.encode(text).subarray(0, MAX_TOKENS);
        if (encoded.length === 0) throw new DataError(`Text ${index} is empty and cannot be embedded.`);
        return encoded;
      });
      const vectors = new Float32Array(texts.length * DIMS);
      for (const batch of batchesOfEqualLength(ids)) {
        const tokens = ids[batch[0]!]!.length;
        const packed = new Int32Array(batch.length * tokens);
        batch.forEach((text, row) => {
          packed.set(ids[text]!, row * tokens);
        });
        const output = await session.run({ ids: int32Tensor(packed, [batch.length, tokens]) });
        const rows = output.vectors!.data as Float32Array;
        batch.forEach((text, row) => {
          vectors.set(rows.subarray(row * DIMS, (row + 1) * DIMS), text * DIMS);
        });
      }
      return { vectors, tokens: ids.reduce((sum, { length }) => sum + length, 0) };
    },
    close: () => session.release(),
  };
}

/** Opens the tokenizer of the embedded default embedder: 8,000 SentencePiece pieces of English. */
export function openTokenizer(): Tokenizer {
  return unigramTokenizer(readVocabulary());
}

/** Text numbers grouped by token count, each group cut into batches of about `BATCH_TOKENS`. */
function batchesOfEqualLength(ids: readonly Int32Array[]): number[][] {
  const byLength = group(ids.keys(), (text) => ids[text]!.length);
  return [...byLength].flatMap(([tokens, texts]) => {
    const size = Math.max(1, Math.floor(BATCH_TOKENS / tokens));
    return Array.from({ length: Math.ceil(texts.length / size) }, (_, i) =>
      texts.slice(i * size, (i + 1) * size),
    );
  });
}
