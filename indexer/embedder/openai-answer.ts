import { z } from 'zod';
import { DataError } from '../../store/index.js';
import { unitVector } from './pooling.js';

/** The vectors of one request. */
export interface Answer {
  /** In the order of the texts: unit vectors, all of one size. */
  vectors: Float32Array[];
  /** Where the server tells. */
  tokens: number | undefined;
}

const answer = z.object({
  // The numbers are looked at one by one below, which zod would take long for.
  data: z.array(
    z.object({ index: z.number().nullish(), embedding: z.union([z.string(), z.array(z.unknown())]) }),
  ),
  usage: z.object({ prompt_tokens: z.number().nullish() }).nullish(),
});

/**
 * Checks what an endpoint answered for some texts.
 *
 * @param body the parsed answer, with vectors as numbers or as base64 of float32
 * @param texts the texts' numbers, in the order in which they were sent
 * @param where the endpoint, for the message
 * @throws DataError for an answer that does not give each text one vector with a direction
 */
export function readAnswer(body: unknown, texts: readonly number[], where: string): Answer {
  const checked = answer.safeParse(body);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    throw new DataError(`${where} gives no embeddings: ${path.join('.') || 'the answer'}: ${message}.`);
  }
  const { data, usage } = checked.data;
  if (data.length !== texts.length)
    throw new DataError(`${where} answers ${texts.length} texts with ${data.length} vectors.`);
  const vectors: Float32Array[] = new Array(texts.length);
  data.forEach(({ index, embedding }, at) => {
    const place = index ?? at;
    if (!(place in texts) || place in vectors)
      throw new DataError(
        `${where} answers ${texts.length} texts with two or more vectors of index ${place}.`,
      );
    vectors[place] = unitVector(numbersOf(embedding), texts[place]!);
  });
  return { vectors, tokens: usage?.prompt_tokens || undefined };
}

/** The numbers of a vector; NaN for what is none. */
function numbersOf(embedding: string | unknown[]): number[] | Float32Array {
  if (typeof embedding !== 'string') return embedding.map((x) => (typeof x === 'number' ? x : Number.NaN));
  const bytes = Buffer.from(embedding, 'base64');
  const size = Math.floor(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  return Float32Array.from({ length: size }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
