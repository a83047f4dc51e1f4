/** Some queries that wait for the same settings. */
export interface Waiting<Item, Result> {
  items: Item[];
  signal: AbortSignal | undefined;
  resolve(results: Result[]): void;
  reject(error: unknown): void;
}

/** What does the work on a batch: one result an item, in order. */
export type WorkOnBatch<Item, Result> = (key: string, items: Item[]) => Promise<Result[]>;

/** How items are gathered. */
export interface BatchOptions {
  /** Batches that are worked on at a time. */
  lanes: number;
  /** How long a batch waits for more where a lane is free, ms. */
  waitMs: number;
  /** A batch has at most this many items, or those of one caller. */
  most: number;
  /** Items that may wait; beyond that callers are turned away. */
  queue: number;
  onBatch?: ((items: number) => void) | undefined;
}

/** Too many items wait. */
export class QueueFull extends Error {
  override name = 'QueueFull';
}

/**
 * Gathers the items of concurrent callers that share a key into batches, so that they share the work. While all lanes are
 * busy a batch grows; the callers who have waited longest come first.
 */
export class Batches<Item, Result> {
  readonly #groups = new Map<string, Waiting<Item, Result>[]>();
  #busy = 0;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly work: WorkOnBatch<Item, Result>,
    readonly options: BatchOptions,
  ) {}

  /** Items that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * @returns one result an item, in order
   * @throws QueueFull where too many wait; the signal's reason once it is aborted; what the work threw
   */
  run(key: string, items: Item[], signal?: AbortSignal): Promise<Result[]> {
    if (this.#waiting + items.length > this.options.queue) {
      throw new QueueFull(`${this.#waiting} queries wait already.`);
    }
    return new Promise((resolve, reject) => {
      const waiting = { items, signal, resolve, reject };
      const group = this.#groups.get(key);
      if (group) group.push(waiting);
      else this.#groups.set(key, [waiting]);
      this.#waiting += items.length;
      this.#timer ??= setTimeout(() => this.#start(), this.options.waitMs);
    });
  }

  /** Starts batches as long as there are free lanes. */
  #start(): void {
    this.#timer = undefined;
    while (this.#busy < this.options.lanes && this.#groups.size > 0) void this.#work(...this.#take());
  }

  /** The callers of the key that has waited longest, as many as a batch takes. */
  #take(): [key: string, batch: Waiting<Item, Result>[]] {
    const [key, group] = this.#groups.entries().next().value!;
    const batch: Waiting<Item, Result>[] = [];
    for (let size = 0; group.length > 0; ) {
      const next = group[0]!;
      if (batch.length > 0 && size + next.items.length > this.options.most) break;
      batch.push(group.shift()!);
      size += next.items.length;
      this.#waiting -= next.items.length;
    }
    // What is left of the key waits behind the others.
    this.#groups.delete(key);
    if (group.length > 0) this.#groups.set(key, group);
    return [key, batch];
  }

  async #work(key: string, taken: Waiting<Item, Result>[]): Promise<void> {
    const batch = taken.filter(({ signal, reject }) => {
      if (signal?.aborted) reject(signal.reason);
      return !signal?.aborted;
    });
    if (batch.length === 0) return;
    this.#busy++;
    const items = batch.flatMap((one) => one.items);
    this.options.onBatch?.(items.length);
    try {
      const results = await this.work(key, items);
      let from = 0;
      for (const { items: own, resolve } of batch) {
        resolve(results.slice(from, from + own.length));
        from += own.length;
      }
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      this.#busy--;
      // Callers that were just answered may ask again at once, and share the next batch.
      if (this.#groups.size > 0) this.#timer ??= setTimeout(() => this.#start(), this.options.waitMs);
    }
  }
}
