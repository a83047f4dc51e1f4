import { DataError } from '../../store/index.js';
import type { SourceDocument } from '../sources/document.js';
import type { Attached } from './open-precomputed.js';
import { unitVector, type VectorFileSource } from './vector-blocks.js';

/** Gives every document the vector of its record; vectors of records that were left out are passed over. */
export async function* attachByRow(
  documents: AsyncIterable<SourceDocument>,
  sources: readonly VectorFileSource[],
  records: () => number | undefined,
  attached: Attached,
): AsyncGenerator<SourceDocument> {
  const rows = rowsOf(sources);
  let next = 0;
  try {
    for await (const document of documents) {
      const record = document.record!;
      let row = await rows.next();
      for (next++; next <= record && !row.done; next++) row = await rows.next();
      if (row.done) {
        throw new DataError(
          `The files of vectors have ${next - 1} of them, but there is a text ${record + 1} (${document.at ?? document.key}).`,
        );
      }
      const { unit, rescaled } = unitVector(row.value.vector, row.value.at);
      if (rescaled) attached.notUnit++;
      yield { ...document, vector: unit };
    }
    const expected = records();
    if (expected === undefined) return;
    while (!(await rows.next()).done) next++;
    if (next > expected) {
      throw new DataError(
        `The files of vectors have ${next} of them, the texts ${expected} records: they do not belong together.`,
      );
    }
  } finally {
    await rows.return(undefined);
  }
}

async function* rowsOf(sources: readonly VectorFileSource[]) {
  for (const { file, dims, blocks } of sources) {
    let row = 0;
    for await (const { vectors } of blocks()) {
      for (let i = 0; i < vectors.length; i += dims) {
        row++;
        yield { vector: vectors.subarray(i, i + dims), at: `${file}, row ${row}` };
      }
    }
  }
}
