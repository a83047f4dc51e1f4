import type { WantedBlocks } from './blocks.js';

/** Pairs of blocks and queries that want them. */
export class Pairs {
  #blocks = new Int32Array(1 << 14);
  #queries = new Int32Array(1 << 14);
  #count = 0;

  add(block: number, query: number): void {
    if (this.#count === this.#blocks.length) {
      this.#blocks = doubled(this.#blocks);
      this.#queries = doubled(this.#queries);
    }
    this.#blocks[this.#count] = block;
    this.#queries[this.#count++] = query;
  }

  /** All of them. */
  get wanted(): WantedBlocks {
    return {
      blocks: this.#blocks.subarray(0, this.#count),
      queries: this.#queries.subarray(0, this.#count),
    };
  }
}

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * numbers.length);
  more.set(numbers);
  return more;
}
