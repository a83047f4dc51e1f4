import type { VectorReader } from '../store/index.js';
import { distance } from './distance.js';

const SAMPLE = 16;

/**
 * The largest log kernel of every query over a few points spread over the data: a reference for its sum to begin with.
 *
 * @param queries `(queries, dims)` row-major
 */
export function startingReferences(
  queries: Float32Array,
  corpora: readonly { reader: VectorReader; rows: number }[],
  logKernel: (r: number) => number,
): Float64Array {
  const { dims } = corpora[0]!.reader;
  const references = new Float64Array(queries.length / dims).fill(Number.NEGATIVE_INFINITY);
  const vector = new Float32Array(dims);
  for (const { reader, rows } of corpora) {
    const samples = Math.min(SAMPLE, rows);
    for (let s = 0; s < samples; s++) {
      reader.read(Math.floor((s * rows) / samples), 1, vector);
      for (let q = 0; q < references.length; q++) {
        references[q] = Math.max(references[q]!, logKernel(distance(queries, q * dims, vector, 0, dims)));
      }
    }
  }
  return references;
}
