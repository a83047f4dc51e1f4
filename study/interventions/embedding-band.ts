import type { Embedder } from '../../indexer/index.js';

/** Of texts those whose embedding has a cosine similarity to that of a query inside the band, ends included, in their order. */
export async function closeEnough(
  embedder: Embedder,
  query: string,
  texts: readonly string[],
  [low, high]: readonly [number, number],
): Promise<string[]> {
  if (texts.length === 0) return [];
  const { vectors } = await embedder.embed([query, ...texts]);
  const { dims } = embedder;
  return texts.filter((_, i) => {
    const at = (i + 1) * dims;
    let cosine = 0;
    for (let j = 0; j < dims; j++) cosine += vectors[j]! * vectors[at + j]!;
    return cosine >= low && cosine <= high + 1e-6;
  });
}
