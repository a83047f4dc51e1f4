import { openVectorFile } from '../../store/index.js';
import { blockRows, type VectorFileSource } from './vector-blocks.js';

/**
 * Opens a FAISS flat or half-float scalar-quantizer index, of inner product or L2.
 *
 * @throws DataError naming the file where it is another index, or truncated
 */
export function openFaissVectors(file: string): VectorFileSource {
  const { dims, rows, close } = openVectorFile(file);
  close();
  return {
    ...{ file, dims, rows, hasIds: false },
    async *blocks() {
      const opened = openVectorFile(file);
      try {
        for (let row = 0; row < rows; row += blockRows(dims)) {
          const count = Math.min(blockRows(dims), rows - row);
          const vectors = new Float32Array(count * dims);
          opened.read(row, count, vectors);
          yield { vectors };
        }
      } finally {
        opened.close();
      }
    },
  };
}
