import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, type IvfHeader, ivfName, readIvfHeaderOf, UNFINISHED } from '../../store/index.js';

const SAMPLE = `ivf-sample${UNFINISHED}`;

/** Where the sample is written that does not fit into memory. */
export function sampleFile(folder: string): string {
  return join(folder, SAMPLE);
}

/** The clustered files of a folder, in order, with what their headers say. */
export function clusteredFiles(folder: string): { file: string; header: IvfHeader }[] {
  const files: { file: string; header: IvfHeader }[] = [];
  for (let number = 0; ; number++) {
    const file = join(folder, ivfName(number));
    if (!existsSync(file)) return files;
    const header = readIvfHeaderOf(file);
    const first = files[0]?.header;
    if (first && (first.dims !== header.dims || !sameNumbers(first.centroids, header.centroids))) {
      throw new DataError(`${file} has other centroids than ${files[0]!.file}. Cluster the corpus again.`);
    }
    files.push({ file, header });
  }
}

/** Removes what a killed process left unfinished. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/^ivf-.*\.tmp$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

/** Removes all clustered files, the last first: those left by a killed process are still the first rows of the corpus. */
export function removeClusteredFiles(folder: string): void {
  const names = readdirSync(folder).filter((name) => /^ivf-\d{5,}\.faiss$/.test(name));
  for (const name of names.sort().reverse()) rmSync(join(folder, name));
}

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  );
}
