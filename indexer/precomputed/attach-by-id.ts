import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, openVectorReader, openVectorWriter } from '../../store/index.js';
import type { SourceDocument } from '../sources/document.js';
import type { Attached } from './open-precomputed.js';
import { unitVector, type VectorFileSource } from './vector-blocks.js';

/**
 * Gives every document the vector of its key. Vectors come in an order of their own, so they are written to a temporary
 * file first, from which any row can be read; the ids are held in memory.
 */
export async function* attachById(
  documents: AsyncIterable<SourceDocument>,
  sources: readonly VectorFileSource[],
  attached: Attached,
): AsyncGenerator<SourceDocument> {
  const { dims } = sources[0]!;
  const folder = mkdtempSync(join(tmpdir(), 'densimeter-vectors-'));
  try {
    const rowOf = await writeRows(sources, folder, dims, attached);
    const reader = openVectorReader(folder);
    try {
      for await (const document of documents) {
        const row = rowOf.get(document.key);
        if (row === undefined) {
          throw new DataError(
            `There is no vector of the id "${document.key}" (${document.at ?? 'a text'}) among the ${rowOf.size} in ${sources.map(({ file }) => file).join(', ')}.`,
          );
        }
        const vector = new Float32Array(dims);
        reader.read(row, 1, vector);
        yield { ...document, vector };
      }
    } finally {
      reader.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeRows(
  sources: readonly VectorFileSource[],
  folder: string,
  dims: number,
  attached: Attached,
): Promise<Map<string, number>> {
  const rowOf = new Map<string, number>();
  const writer = openVectorWriter(folder, { dims, keepRows: 0 });
  try {
    for (const { file, blocks } of sources) {
      let row = 0;
      for await (const { vectors, ids } of blocks()) {
        for (const [i, id] of ids!.entries()) {
          const at = `${file}, row ${++row}`;
          if (rowOf.has(id)) throw new DataError(`${at}: the id "${id}" comes twice.`);
          rowOf.set(id, rowOf.size);
          const { unit, rescaled } = unitVector(vectors.subarray(i * dims, (i + 1) * dims), at);
          if (rescaled) attached.notUnit++;
          writer.append(unit);
        }
      }
    }
    writer.commit();
  } finally {
    writer.close();
  }
  return rowOf;
}
