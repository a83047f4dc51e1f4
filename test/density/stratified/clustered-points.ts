import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Points } from '../../../density/index.js';
import { type ClusterOptions, clusterVectors } from '../../../indexer/index.js';
import { openVectorReader, openVectorWriter } from '../../../store/index.js';
import { pointsInMemory } from '../oracle.js';

/** Points on disk, clustered into lists; the caller closes the reader. */
export async function clusteredPoints(
  parent: string,
  corpus: string,
  vectors: Float32Array,
  dims: number,
  options: Partial<ClusterOptions> = {},
): Promise<Points> {
  const points = storedPoints(parent, corpus, vectors, dims);
  await clusterVectors(points.reader, points.folder, { seed: 1, ...options });
  return points;
}

/** Points on disk that are not clustered. */
export function storedPoints(parent: string, corpus: string, vectors: Float32Array, dims: number) {
  const folder = join(parent, corpus);
  mkdirSync(folder, { recursive: true });
  const writer = openVectorWriter(folder, { dims, keepRows: 0 });
  writer.append(vectors);
  writer.commit();
  writer.close();
  return { ...pointsInMemory(corpus, vectors, dims), folder, reader: openVectorReader(folder) };
}
