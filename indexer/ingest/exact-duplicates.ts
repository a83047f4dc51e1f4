import { rowOfText, type Study } from '../../store/index.js';

/** Finds the row of an earlier chunk with the same text, committed or not. */
export interface ExactDuplicates {
  /** The row of the first chunk of that text; or undefined, and then `row` is remembered as it. */
  rowOf(textHash: bigint, row: number): number | undefined;
  /** The catalogue knows the rows before `row` now. */
  committed(row: number): void;
}

/** Looks for exact duplicates within a corpus. */
export function openExactDuplicates({ db }: Study, corpusId: number): ExactDuplicates {
  const inCatalogue = rowOfText(db, corpusId);
  const waiting = new Map<bigint, number>();
  return {
    rowOf(textHash, row) {
      const found = waiting.get(textHash) ?? inCatalogue(textHash);
      if (found === undefined) waiting.set(textHash, row);
      return found;
    },
    committed(row) {
      // A map keeps the order of insertion, which is that of the rows.
      for (const [textHash, first] of waiting) {
        if (first >= row) break;
        waiting.delete(textHash);
      }
    },
  };
}
