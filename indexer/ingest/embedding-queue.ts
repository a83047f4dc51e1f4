import type { CorpusWriter } from '../../store/index.js';
import type { Embedded, Embedder } from '../embedder/embedder.js';

/** Where the vector of a chunk comes from: a text to embed, a row with the same text, or a vector made elsewhere. */
export type Slot = { text: string } | { row: number } | { vector: Float32Array };

/** Embeds units of chunks, several at once, and appends their vectors in the order in which they were given. */
export interface EmbeddingQueue {
  /** Tokens embedded so far. */
  readonly tokens: number;
  /** Gives a unit of chunks; resolves when there is room for another. */
  push(unit: readonly Slot[]): Promise<void>;
  /** Does something when all units before it are appended. */
  afterwards(work: () => void): void;
  /** Resolves when all is done. */
  drain(): Promise<void>;
}

/**
 * Opens a queue before a writer. While some units are being embedded, the next are read and the ones before are written.
 *
 * @param appended is called after each unit
 */
export function openEmbeddingQueue(
  embedder: Embedder,
  writer: CorpusWriter,
  appended: () => void,
): EmbeddingQueue {
  const { dims } = embedder;
  const underWay: Promise<void>[] = [];
  let last = Promise.resolve();
  let tokens = 0;

  return {
    get tokens() {
      return tokens;
    },
    async push(unit) {
      if (underWay.length >= embedder.parallel) await underWay.shift();
      const texts = unit.flatMap((slot) => ('text' in slot ? [slot.text] : []));
      const embedding = texts.length > 0 ? embedder.embed(texts) : Promise.resolve(NOTHING);
      follow(async () => append(unit, await embedding));
      // Whoever waits for `last` hears of a failure; until then it is not unhandled.
      embedding.catch(() => {});
      underWay.push(last);
    },
    afterwards: (work) => follow(async () => work()),
    drain: () => last,
  };

  function follow(work: () => Promise<void>): void {
    last = last.then(work);
    last.catch(() => {});
  }

  function append(unit: readonly Slot[], embedded: Embedded): void {
    const firstRow = writer.rows;
    const vectors = new Float32Array(unit.length * dims);
    let next = 0;
    unit.forEach((slot, i) => {
      const into = vectors.subarray(i * dims, (i + 1) * dims);
      if ('text' in slot) into.set(embedded.vectors.subarray(next * dims, ++next * dims));
      else if ('vector' in slot) into.set(slot.vector);
      else if (slot.row < firstRow) writer.readRow(slot.row, into);
      else into.set(vectors.subarray((slot.row - firstRow) * dims, (slot.row - firstRow + 1) * dims));
    });
    writer.append(vectors);
    tokens += embedded.tokens;
    appended();
  }
}

const NOTHING: Embedded = { vectors: new Float32Array(), tokens: 0 };
