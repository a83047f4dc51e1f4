import {
  type EstimatorChoice,
  estimateBy,
  type KernelName,
  kernelNamed,
  openPoints,
  type Points,
} from '../../density/index.js';
import type { OnProgress, Study } from '../../store/index.js';

/** A document that could be added: what each of the queries would get from it. */
export interface Candidate {
  document: string;
  source: string;
  /** Query → the sum of kernels of the document's chunks at it. Queries that it is far from are left out. */
  support: Map<number, number>;
  /** Distance of its nearest chunk to any of the queries; infinite where it is among the nearest of none. */
  distance: number;
}

/** How kernels of candidates are taken. */
export interface SupportOptions {
  corpus: string;
  /** Of the embedder of the queries. */
  fingerprint: string;
  kernel: KernelName;
  bandwidth: number;
  estimator: EstimatorChoice;
  seed: number;
  onProgress?: OnProgress | undefined;
}

/** Chunks nearest to each query whose kernels are kept; those farther away add next to nothing. */
const NEAREST = 500;

/** Every document of a corpus, with what it would add to the kernel sums of queries: `(queries, dims)` row-major. */
export async function candidatesFor(
  study: Study,
  vectors: Float32Array,
  { corpus, fingerprint, kernel: name, bandwidth, estimator, seed, onProgress }: SupportOptions,
): Promise<Candidate[]> {
  const points = openPoints(study, [corpus], { fingerprint });
  try {
    const [{ documents, documentOfRow }] = points as [Points];
    const candidates = documents.map(({ key, source }): Candidate => {
      return { document: key, source, support: new Map(), distance: Number.POSITIVE_INFINITY };
    });
    const { estimates } = await estimateBy(estimator, vectors, points, {
      ...{ kernel: name, bandwidth, neighbours: NEAREST, documents: 0, seed },
      ...(onProgress && { onProgress }),
    });
    const kernel = kernelNamed(name);
    for (const [query, { neighbours }] of estimates.entries()) {
      for (const { row, distance } of neighbours) {
        const candidate = candidates[documentOfRow[row]!]!;
        const added = Math.exp(kernel.log(distance, bandwidth));
        candidate.support.set(query, (candidate.support.get(query) ?? 0) + added);
        candidate.distance = Math.min(candidate.distance, distance);
      }
    }
    return candidates;
  } finally {
    for (const { reader } of points) reader.close();
  }
}
