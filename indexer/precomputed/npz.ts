import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { DataError } from '../../store/index.js';
import { ByteStream } from './byte-stream.js';
import { matrixShape, type NpyHeader, npyBlocks, readNpyHeader, readNpyStrings } from './npy.js';
import { blockRows, type VectorFileSource } from './vector-blocks.js';

interface Member {
  entry: Entry;
  name: string;
  header: NpyHeader;
}

/**
 * Opens a `.npz` file with one matrix and, where the vectors are known by ids, one array of them: by name (`ids` or
 * `id`), or the only one of one dimension.
 *
 * @throws DataError naming the file where it is no zip, or holds other arrays
 */
export async function openNpz(file: string): Promise<VectorFileSource> {
  const members = await withZip(file, readMembers);
  const matrices = members.filter(({ header }) => header.shape.length === 2);
  const lists = members.filter(({ header }) => header.shape.length === 1);
  if (matrices.length !== 1) {
    const found = members.map(({ name, header }) => `${name} (${header.shape.join(', ')})`).join(', ');
    throw new DataError(`${file} must hold one array of two dimensions; it holds: ${found || 'none'}.`);
  }
  const [matrix] = matrices;
  const ids =
    lists.find(({ name }) => name === 'ids' || name === 'id') ?? (lists.length === 1 ? lists[0] : undefined);
  const at = `${file}:${matrix!.name}`;
  const { rows, dims } = matrixShape(matrix!.header, at);
  return {
    ...{ file, dims, rows, hasIds: ids !== undefined },
    async *blocks() {
      const values = ids && (await withZip(file, (zip) => readIds(zip, ids, file)));
      if (values && values.length !== rows) {
        throw new DataError(`${file} has ${values.length} ids for ${rows} vectors.`);
      }
      const zip = await openPromise(file, ZIP_OPTIONS);
      try {
        const bytes = await streamOf(zip, matrix!.entry);
        const header = await readNpyHeader(bytes, at);
        let row = 0;
        for await (const block of npyBlocks(bytes, header, at)) {
          const count = Math.min(rows - row, blockRows(dims));
          yield { ...block, ...(values && { ids: values.slice(row, row + count) }) };
          row += count;
        }
      } catch (error) {
        throw damaged(file, error);
      } finally {
        zip.close();
      }
    },
  };
}

const ZIP_OPTIONS = { lazyEntries: true, autoClose: false };

async function withZip<T>(file: string, work: (zip: ZipFile, file: string) => Promise<T>): Promise<T> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(file, ZIP_OPTIONS);
    return await work(zip, file);
  } catch (error) {
    throw damaged(file, error);
  } finally {
    zip?.close();
  }
}

function damaged(file: string, error: unknown): Error {
  if (error instanceof DataError) return error;
  return new DataError(
    `${file} cannot be read as .npz: ${error instanceof Error ? error.message : error}. Is it whole?`,
  );
}

async function readMembers(zip: ZipFile, file: string): Promise<Member[]> {
  const members: Member[] = [];
  for await (const entry of zip.eachEntry()) {
    const bytes = await streamOf(zip, entry);
    const header = await readNpyHeader(bytes, `${file}:${entry.fileName}`);
    await bytes.close();
    members.push({ entry, name: entry.fileName.replace(/\.npy$/, ''), header });
  }
  return members;
}

async function readIds(zip: ZipFile, { entry, name }: Member, file: string): Promise<string[]> {
  return readNpyStrings(await streamOf(zip, entry), `${file}:${name}`);
}

async function streamOf(zip: ZipFile, entry: Entry): Promise<ByteStream> {
  return new ByteStream(await zip.openReadStreamPromise(entry));
}
