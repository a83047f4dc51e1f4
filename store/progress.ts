/** One report of how far a long step has come. `total` is absent while it is not known. */
export interface Progress {
  /** What is being done, in the present participle: "embedding sotu". */
  step: string;
  done: number;
  total?: number;
  /** The plural noun `done` counts: "chunks", "queries". */
  unit: string;
  /** What else is worth knowing: "1,204 documents, 31,000 tokens/s". */
  also?: string;
}

/** Receives progress; cheap enough to be called for every batch. */
export type OnProgress = (progress: Progress) => void;
