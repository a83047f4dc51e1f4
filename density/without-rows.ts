import type { Points } from './points.js';

/**
 * The same points but for some rows of a corpus, so that the left-out ones can be asked about as texts that are not in it.
 *
 * @param left rows, ascending
 */
export function withoutRows(points: Points, left: readonly number[]): Points {
  const { reader, documentOfRow, folder: _, ...rest } = points;
  const { dims } = reader;
  const gone = new Set(left);
  const kept = Int32Array.from(documentOfRow.keys()).filter((row) => !gone.has(row));
  return {
    ...rest,
    documentOfRow: kept.map((row) => documentOfRow[row]!),
    reader: {
      dims,
      rows: kept.length,
      read(firstRow, count, into) {
        // Runs of rows that follow one another on disk are read at once.
        for (let from = firstRow; from < firstRow + count; ) {
          let to = from + 1;
          while (to < firstRow + count && kept[to] === kept[to - 1]! + 1) to++;
          const at = (from - firstRow) * dims;
          reader.read(kept[from]!, to - from, into.subarray(at, at + (to - from) * dims));
          from = to;
        }
      },
      close: reader.close,
    },
  };
}
