import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { DataError, UsageError } from '../../store/index.js';
import { ByteStream } from './byte-stream.js';
import { openFaissVectors } from './faiss.js';
import { matrixShape, npyBlocks, readNpyHeader } from './npy.js';
import { openNpz } from './npz.js';
import { openParquet, type VectorColumns } from './parquet.js';
import type { VectorFileSource } from './vector-blocks.js';

/** How a file of vectors is to be read. */
export interface VectorFileOptions extends VectorColumns {
  /** Dimensions of raw float32 files (.bin, .f32), which do not say it themselves. */
  dims?: number | undefined;
}

/**
 * Opens a file of vectors by its ending: .npy, .npz, .parquet, .faiss or .index, and raw float32 as .bin or .f32.
 *
 * @throws UsageError for another ending, or a raw file without dims
 * @throws DataError naming the file where it is damaged
 */
export async function openVectors(file: string, options: VectorFileOptions): Promise<VectorFileSource> {
  switch (extname(file).toLowerCase()) {
    case '.npy':
      return openNpy(file);
    case '.npz':
      return openNpz(file);
    case '.parquet':
      return openParquet(file, options);
    case '.faiss':
    case '.index':
      return openFaissVectors(file);
    case '.bin':
    case '.f32':
      return openRaw(file, options.dims);
    default:
      throw new UsageError(
        `${file} is no file of vectors that this reads; use .npy, .npz, .parquet, .faiss, .index, or raw float32 as .bin or .f32.`,
      );
  }
}

async function openNpy(file: string): Promise<VectorFileSource> {
  const bytes = new ByteStream(createReadStream(file));
  const { rows, dims } = matrixShape(await readNpyHeader(bytes, file), file);
  await bytes.close();
  return {
    ...{ file, rows, dims, hasIds: false },
    async *blocks() {
      const again = new ByteStream(createReadStream(file, { highWaterMark: 1 << 20 }));
      yield* npyBlocks(again, await readNpyHeader(again, file), file);
      await again.close();
    },
  };
}

function openRaw(file: string, dims: number | undefined): VectorFileSource {
  if (dims === undefined)
    throw new UsageError(`${file} is raw float32 and does not say its dims: give --dims.`);
  const { size } = statSync(file);
  const rows = size / (dims * Float32Array.BYTES_PER_ELEMENT);
  if (!Number.isInteger(rows)) {
    throw new DataError(
      `${file} has ${size} bytes, which is not a whole number of ${dims}-dim float32 vectors.`,
    );
  }
  return {
    ...{ file, rows, dims, hasIds: false },
    blocks() {
      const bytes = new ByteStream(createReadStream(file, { highWaterMark: 1 << 20 }));
      return npyBlocks(bytes, { type: '<f4', shape: [rows, dims] }, file);
    },
  };
}
