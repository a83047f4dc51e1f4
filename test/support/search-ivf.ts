import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPython } from './python.js';
import { tempFolder } from './temp-folder.js';

/** What python3-faiss finds in clustered files when it looks into all lists. */
export interface Found {
  neighbours: number[];
  scores: number[];
  /** Vectors in each file. */
  rows: number[];
  /** For each file, whether FAISS writes the same bytes that it read. */
  same: boolean[];
}

/**
 * Searches clustered files with python3-faiss, each by itself and the results put together.
 *
 * @param queries `(queries, dims)` row-major
 */
export function searchIvf(files: readonly string[], queries: Float32Array, k: number): Found {
  const asked = join(tempFolder(), 'queries.f32');
  writeFileSync(asked, queries);
  return runPython<Found>(
    `
import faiss, json, numpy, sys
asked, k, *files = sys.argv[1:]
indexes = [faiss.read_index(file) for file in files]
queries = numpy.fromfile(asked, 'float32').reshape(-1, indexes[0].d)
found = []
for index in indexes:
    assert isinstance(index, faiss.IndexIVFFlat) and index.metric_type == faiss.METRIC_INNER_PRODUCT
    index.nprobe = index.nlist
    found.append(index.search(queries, min(int(k), index.ntotal)))
    index.nprobe = 1
scores, rows = (numpy.concatenate(all, axis=1) for all in zip(*found))
best = numpy.argsort(-scores, axis=1, kind='stable')[:, :int(k)]
same = []
for file, index in zip(files, indexes):
    faiss.write_index(index, asked)
    same.append(open(file, 'rb').read() == open(asked, 'rb').read())
print(json.dumps(dict(neighbours=numpy.take_along_axis(rows, best, 1).ravel().tolist(),
                      scores=numpy.take_along_axis(scores, best, 1).ravel().tolist(),
                      rows=[index.ntotal for index in indexes], same=same)))`,
    ...[asked, String(k), ...files],
  );
}
