import { openVectorReader, openVectorWriter, type VectorReader } from '../../../store/index.js';
import { tempFolder } from '../../support/temp-folder.js';

/** A folder of vector files of `(rows, dims)` vectors, and a reader of it. */
export function stored(vectors: Float32Array, dims: number): { folder: string; reader: VectorReader } {
  const folder = tempFolder();
  const writer = openVectorWriter(folder, { dims, keepRows: 0 });
  writer.append(vectors);
  writer.commit();
  writer.close();
  return { folder, reader: openVectorReader(folder, { rows: vectors.length / dims }) };
}
