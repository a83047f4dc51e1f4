import {
  type EstimatorChoice,
  estimateBy,
  type KernelName,
  openPoints,
  type Points,
} from '../../density/index.js';
import type { OnProgress, Study } from '../../store/index.js';

/** Whose density is taken at the documents of a corpus. */
export interface DensityAtOptions {
  corpora: readonly string[];
  fingerprint: string;
  kernel: KernelName;
  bandwidth: number;
  estimator: EstimatorChoice;
  seed: number;
  onProgress?: OnProgress | undefined;
}

/** Chunks that are asked about at a time. */
const BLOCK = 4096;

/**
 * The mean log density, nats, of corpora at the chunks of every document of a corpus. A chunk of a corpus that is
 * among these does not count itself.
 */
export async function logDensitiesAt(
  study: Study,
  corpus: string,
  options: DensityAtOptions,
): Promise<{ documents: Points['documents']; logDensities: Float64Array }> {
  const { corpora, fingerprint, kernel, bandwidth, estimator, seed, onProgress } = options;
  const [own] = openPoints(study, [corpus], { fingerprint }) as [Points];
  const points = openPoints(study, corpora, { fingerprint });
  try {
    const { reader, documents, documentOfRow } = own;
    const n = points.reduce((sum, one) => sum + one.documentOfRow.length, 0);
    const isAmong = corpora.includes(corpus);
    const sums = new Float64Array(documents.length);
    const counts = new Float64Array(documents.length);
    const block = new Float32Array(BLOCK * reader.dims);
    for (let first = 0; first < documentOfRow.length; first += BLOCK) {
      const rows = Math.min(BLOCK, documentOfRow.length - first);
      const vectors = block.subarray(0, rows * reader.dims);
      reader.read(first, rows, vectors);
      const { estimates } = await estimateBy(estimator, vectors.slice(), points, {
        ...{ kernel, bandwidth, neighbours: 0, documents: 0, attribution: false, seed },
      });
      for (let i = 0; i < rows; i++) {
        const { logDensity } = estimates[i]!;
        const document = documentOfRow[first + i]!;
        sums[document]! += isAmong ? withoutItself(logDensity, n) : logDensity;
        counts[document]!++;
      }
      onProgress?.({
        step: `density at ${corpus}`,
        done: first + rows,
        total: documentOfRow.length,
        unit: 'chunks',
      });
    }
    return { documents, logDensities: sums.map((sum, d) => sum / counts[d]!) };
  } finally {
    for (const one of [own, ...points]) one.reader.close();
  }
}

/** The density of the other n − 1 points: K(0) = 1 is taken out. A point alone is left with a thousandth of what it counts. */
function withoutItself(logDensity: number, n: number): number {
  const others = Math.max(1e-3, Math.exp(logDensity) * n - 1);
  return Math.log(others / (n - 1));
}
