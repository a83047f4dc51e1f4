import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { sum } from 'd3';
import { LRUCache } from 'lru-cache';
import { listCorpora, type Study } from '../../store/index.js';
import type { AnswerOptions, Answers, Asked, AskedDensity } from '../../study/index.js';
import { Batches } from './batches.js';
import { EngineThread } from './engine-thread.js';

/** A text, or a vector of length 1. */
export type Asked1 = string | Float32Array;

/** The settings of a question. */
export interface Question extends AnswerOptions {
  corpora: readonly string[] | undefined;
}

/** A density, and the settings that it holds for. */
export interface EngineAnswer {
  density: AskedDensity;
  settings: Omit<Answers, 'densities'>;
}

/** What happens in the engine, for metrics. */
export interface EngineEvents {
  onBatch?: (queries: number) => void;
  onCache?: (hit: boolean) => void;
  onTouched?: (share: number) => void;
}

/** Answers density queries off the event loop. */
export interface Engine {
  /** Queries that wait. */
  readonly waiting: number;
  /**
   * @returns one answer a query, in order
   * @throws QueueFull, UsageError, DataError
   */
  ask(asked: readonly Asked1[], question: Question, signal?: AbortSignal): Promise<EngineAnswer[]>;
  close(): Promise<void>;
}

const WAIT_MS = 5;
const MOST_IN_BATCH = 64;
/** Batches that share one scan at a time. */
const RIDING_BATCHES = 64;
/** Numbers of vectors that are scanned within the time that `auto` takes the exact estimator for. */
const SCANNED = 2e9;
const QUEUE = 20_000;
const CACHED = 20_000;

/** Opens an engine of threads that open the study themselves. */
export function openEngine(study: Study, events: EngineEvents = {}): Engine {
  // One scans for all questions that can share a scan; the others work on one batch at a time.
  const scanner = new EngineThread(study.dir);
  const others = Array.from(
    { length: Math.max(1, availableParallelism() - 1) },
    () => new EngineThread(study.dir),
  );
  const free = [...others];
  const cache = new LRUCache<string, EngineAnswer>({ max: CACHED });
  const version = versionOf(study);
  let cachedVersion = 0;
  const gathered = { waitMs: WAIT_MS, most: MOST_IN_BATCH, queue: QUEUE, onBatch: events.onBatch };
  const riding = new Batches<Asked1, EngineAnswer>((key, items) => answersOf(scanner, key, items, true), {
    ...gathered,
    lanes: RIDING_BATCHES,
  });
  const alone = new Batches<Asked1, EngineAnswer>(onFreeThread, { ...gathered, lanes: others.length });
  return {
    get waiting() {
      return riding.waiting + alone.waiting;
    },
    ask,
    async close() {
      await Promise.all([scanner, ...others].map((thread) => thread.close()));
    },
  };

  async function ask(
    asked: readonly Asked1[],
    question: Question,
    signal?: AbortSignal,
  ): Promise<EngineAnswer[]> {
    const now = version();
    // Answers of a study that has changed will not be asked for again.
    if (now !== cachedVersion) cache.clear();
    cachedVersion = now;
    const key = JSON.stringify([kindOf(asked[0]), now, question]);
    const hashes = asked.map((one) => hashOf(key, one));
    const answers = hashes.map((hash) => cache.get(hash));
    const missing = [...answers.keys()].filter((i) => answers[i] === undefined);
    for (const answer of answers) events.onCache?.(answer !== undefined);
    if (missing.length > 0) {
      const batches = canRide(question) ? riding : alone;
      const found = await batches.run(
        key,
        missing.map((i) => asked[i]!),
        signal,
      );
      missing.forEach((i, at) => {
        answers[i] = found[at]!;
        cache.set(hashes[i]!, found[at]!);
      });
    }
    return answers as EngineAnswer[];
  }

  async function onFreeThread(key: string, items: Asked1[]): Promise<EngineAnswer[]> {
    const thread = free.pop()!;
    try {
      return await answersOf(thread, key, items, false);
    } finally {
      free.push(thread);
    }
  }

  async function answersOf(
    thread: EngineThread,
    key: string,
    items: Asked1[],
    shares: boolean,
  ): Promise<EngineAnswer[]> {
    const [, studyVersion, { corpora, ...options }] = JSON.parse(key) as [string, number, Question];
    const task = { corpora, asked: askedOf(items), options, version: studyVersion, shares };
    const { densities, ...settings } = await thread.run(task);
    for (const { touched } of densities) events.onTouched?.(touched);
    return densities.map((density) => ({ density, settings }));
  }

  /** Whether the answer is one scan over points that are few enough for it, without what needs passes of its own. */
  function canRide({ corpora, estimator, documents = 0, curve = [], attribution = true }: Question): boolean {
    if (documents > 0 || curve.length > 0 || !attribution) return false;
    if (estimator?.name === 'exact') return true;
    const asked = listCorpora(study.db).filter(({ name }) => corpora?.includes(name) ?? true);
    return estimator?.name === 'auto' && sum(asked, ({ chunks, dims }) => chunks * dims) < SCANNED;
  }
}

/** Counts up whenever another connection has changed the catalogue. */
function versionOf(study: Study): () => number {
  let known = study.db.pragma('data_version', { simple: true });
  let version = 0;
  return () => {
    const now = study.db.pragma('data_version', { simple: true });
    if (now !== known) version++;
    known = now;
    return version;
  };
}

function hashOf(key: string, asked: Asked1): string {
  const hash = createHash('sha256').update(key).update('\0');
  if (typeof asked === 'string') hash.update(asked.trim());
  else hash.update(new Uint8Array(asked.buffer, asked.byteOffset, asked.byteLength));
  return hash.digest('base64');
}

/** The items of a batch, which are all texts or all vectors of the same dims. */
function askedOf(items: readonly Asked1[]): Asked {
  const texts = items.filter((item) => typeof item === 'string');
  if (texts.length > 0) return { texts };
  const vectors = items.filter((item) => typeof item !== 'string');
  const dims = vectors[0]!.length;
  const block = new Float32Array(vectors.length * dims);
  for (const [i, vector] of vectors.entries()) block.set(vector, i * dims);
  return { vectors: block, dims };
}

function kindOf(asked: Asked1 | undefined): string {
  return typeof asked === 'string' ? 'text' : `${asked?.length} dims`;
}
