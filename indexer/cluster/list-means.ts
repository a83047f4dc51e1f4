import { join } from 'node:path';
import { ivfName, openIvfReader, writeListMeans } from '../../store/index.js';

/** Computes the mean vector of every list over all clustered files of a folder, and writes it beside them. */
export function storeListMeans(folder: string, files: number): void {
  let means = new Float64Array(0);
  let rows = new Float64Array(0);
  let dims = 0;
  for (let number = 0; number < files; number++) {
    const reader = openIvfReader(join(folder, ivfName(number)));
    try {
      if (number === 0) {
        dims = reader.dims;
        means = new Float64Array(reader.lists * dims);
        rows = new Float64Array(reader.lists);
      }
      const longest = reader.sizes.reduce((most, size) => Math.max(most, size), 0);
      const vectors = new Float32Array(longest * dims);
      const ids = new Int32Array(longest);
      reader.sizes.forEach((size, list) => {
        reader.readList(list, vectors, ids);
        addRows(means.subarray(list * dims, (list + 1) * dims), vectors, size);
        rows[list]! += size;
      });
    } finally {
      reader.close();
    }
  }
  const whole = new Float32Array(means.length);
  for (let i = 0; i < means.length; i++) whole[i] = means[i]! / Math.max(1, rows[Math.floor(i / dims)]!);
  writeListMeans(folder, whole, dims);
}

function addRows(sum: Float64Array, vectors: Float32Array, rows: number): void {
  const dims = sum.length;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < dims; j++, at++) sum[j]! += vectors[at]!;
  }
}
