/** Lets work that can share run together, and other work alone; in the order in which they came. */
export class Turns {
  /** When all work that was begun is done. */
  #all: Promise<unknown> = Promise.resolve();
  /** When the last work that runs alone is done. */
  #alone: Promise<unknown> = Promise.resolve();

  /** Runs work behind what runs alone. */
  share<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#alone.then(work);
    this.#all = Promise.all([this.#all, settled(done)]);
    return done;
  }

  /** Runs work behind all that came before, and before all that comes after. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#all.then(work);
    this.#alone = settled(done);
    this.#all = this.#alone;
    return done;
  }
}

function settled(work: Promise<unknown>): Promise<unknown> {
  return work.catch(() => {});
}
