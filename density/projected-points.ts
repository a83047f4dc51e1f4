import { randomLcg, randomNormal } from 'd3';
import type { Points } from './points.js';

/** Vectors seen through one random projection. */
export interface Projection {
  points: Points[];
  /** Projects `(rows, from)` row-major vectors to `(rows, dims)` unit vectors. */
  project(vectors: Float32Array): Float32Array;
}

/**
 * Points under a Gaussian random projection to a few dims, on the unit sphere again: of what an embedder knows, so few directions leave little
 * but chance, which makes their density a negative control. Readers are those of the points given, and close with them.
 *
 * @param dims of the projection
 */
export function projectPoints(points: readonly Points[], dims: number, seed: number): Projection {
  const from = points[0]!.reader.dims;
  const normal = randomNormal.source(randomLcg(seed))();
  const matrix = Float32Array.from({ length: dims * from }, () => normal());
  const projectInto = (vectors: Float32Array, into: Float32Array) => {
    for (let row = 0; row * from < vectors.length; row++) {
      let square = 0;
      for (let j = 0; j < dims; j++) {
        let sum = 0;
        for (let i = 0; i < from; i++) sum += matrix[j * from + i]! * vectors[row * from + i]!;
        into[row * dims + j] = sum;
        square += sum * sum;
      }
      const length = Math.sqrt(square);
      for (let j = 0; j < dims; j++) into[row * dims + j]! /= length;
    }
  };
  return {
    points: points.map(({ reader, folder: _, ...rest }) => ({
      ...rest,
      reader: {
        dims,
        rows: reader.rows,
        read(firstRow, count, into) {
          const vectors = new Float32Array(count * from);
          reader.read(firstRow, count, vectors);
          projectInto(vectors, into);
        },
        close: () => reader.close(),
      },
    })),
    project(vectors) {
      const into = new Float32Array((vectors.length / from) * dims);
      projectInto(vectors, into);
      return into;
    },
  };
}
