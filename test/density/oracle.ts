import { type Kernel, type KernelName, kernelNamed, type Points } from '../../density/index.js';

/** Points held in memory, with documents of `documentRows` rows and a source for every third document. */
export function pointsInMemory(
  corpus: string,
  vectors: Float32Array,
  dims: number,
  documentRows = 7,
): Points {
  const rows = vectors.length / dims;
  const documents = Array.from({ length: Math.ceil(rows / documentRows) }, (_, d) => ({
    key: `${corpus}-${d}`,
    source: `source ${d % 3}`,
  }));
  return {
    corpusId: 1,
    corpus,
    documents,
    documentOfRow: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / documentRows)),
    reader: {
      dims,
      rows,
      read: (first, count, into) => into.set(vectors.subarray(first * dims, (first + count) * dims)),
      close: () => {},
    },
  };
}

/** What the density of one query is, by float64 sums over distances taken by differences. */
export interface OracleDensity {
  log10Density: number;
  effectiveSamples: number;
  sources: Map<string, number>;
  documents: Map<string, number>;
  /** All distances with their rows, nearest first. */
  neighbours: { corpus: string; row: number; distance: number }[];
}

/** The slow, plain density of `query` over all points. */
export function oracle(
  query: Float32Array,
  points: readonly { points: Points; vectors: Float32Array }[],
  kernelName: KernelName,
  bandwidth: number,
): OracleDensity {
  const kernel: Kernel = kernelNamed(kernelName);
  const dims = query.length;
  const found = points.flatMap(({ points: { corpus, documents, documentOfRow }, vectors }) =>
    Array.from(documentOfRow, (document, row) => {
      let squares = 0;
      for (let j = 0; j < dims; j++) squares += (query[j]! - vectors[row * dims + j]!) ** 2;
      const distance = Math.sqrt(squares);
      return { corpus, row, distance, log: kernel.log(distance, bandwidth), ...documents[document]! };
    }),
  );
  const largest = Math.max(...found.map(({ log }) => log));
  const values = found.map((point) => ({ ...point, k: Math.exp(point.log - largest) }));
  const total = values.reduce((sum, { k }) => sum + k, 0);
  const squares = values.reduce((sum, { k }) => sum + k * k, 0);
  const shares = (label: (point: (typeof values)[number]) => string) => {
    const sums = new Map<string, number>();
    for (const point of values) sums.set(label(point), (sums.get(label(point)) ?? 0) + point.k / total);
    return sums;
  };
  return {
    log10Density: (largest + Math.log(total / values.length)) / Math.LN10,
    effectiveSamples: total ** 2 / squares,
    sources: shares(({ corpus, source }) => `${corpus}/${source}`),
    documents: shares(({ corpus, key }) => `${corpus}/${key}`),
    neighbours: values.sort((a, b) => a.distance - b.distance),
  };
}
