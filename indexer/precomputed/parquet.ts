import { DuckDBInstance, DuckDBListVector } from '@duckdb/node-api';
import { DataError, UsageError } from '../../store/index.js';
import type { VectorBlock, VectorFileSource } from './vector-blocks.js';

/** Which columns of a Parquet file have the vectors and their ids. */
export interface VectorColumns {
  /** Default: the only column that is a list of numbers. */
  column?: string | undefined;
  /** Without it, vectors follow the rows of the texts. */
  id?: string | undefined;
}

const LIST_OF_NUMBERS = /^(?:FLOAT|DOUBLE|DECIMAL\(.*\))\[\d*\]$/;

/**
 * Opens a Parquet file with a column of vectors, of which nothing else is read.
 *
 * @throws UsageError where it is not clear which column that is
 * @throws DataError where the file is damaged
 */
export async function openParquet(file: string, { column, id }: VectorColumns): Promise<VectorFileSource> {
  return withDuckDb(file, async (connection) => {
    const described = await connection.runAndReadAll('DESCRIBE SELECT * FROM read_parquet(?)', [file]);
    const types = new Map(described.getRows().map(([name, type]) => [String(name), String(type)]));
    const vectors = vectorColumn(file, types, column);
    if (id !== undefined && !types.has(id)) {
      throw new UsageError(`${file} has no column "${id}"; it has: ${[...types.keys()].join(', ')}.`);
    }
    const counted = await connection.runAndReadAll(
      `SELECT count(*), any_value(len(${quoted(vectors)})) FROM read_parquet(?)`,
      [file],
    );
    const [rows, dims] = counted.getRows()[0]!.map(Number);
    if (!rows || !dims) throw new DataError(`${file} has no vectors in its column "${vectors}".`);
    return {
      ...{ file, rows, dims, hasIds: id !== undefined },
      blocks: () => readBlocks(file, { column: vectors, id, rows, dims }),
    };
  });
}

async function* readBlocks(
  file: string,
  { column, id, rows, dims }: { column: string; id: string | undefined; rows: number; dims: number },
): AsyncGenerator<VectorBlock> {
  const instance = await openInstance();
  try {
    const connection = await instance.connect();
    const columns = [`${quoted(column)}::FLOAT[]`, ...(id === undefined ? [] : [`${quoted(id)}::VARCHAR`])];
    const result = await connection.stream(`SELECT ${columns.join(', ')} FROM read_parquet(?)`, [file]);
    let row = 0;
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const lists = chunk.getColumnVector(0);
      if (!(lists instanceof DuckDBListVector)) throw new TypeError('DuckDB gave no list.');
      const vectors = new Float32Array(chunk.rowCount * dims);
      for (let i = 0; i < chunk.rowCount; i++)
        copyList(lists, i, vectors.subarray(i * dims, (i + 1) * dims), row);
      row += chunk.rowCount;
      yield { vectors, ...(id !== undefined && { ids: chunk.getColumnValues(1).map(String) }) };
    }
    // A result of DuckDB's that fails midway ends as if it were done.
    if (row < rows) throw new DataError(`${file} is damaged: of its ${rows} rows only ${row} can be read.`);
  } catch (error) {
    throw damaged(file, error);
  } finally {
    instance.closeSync();
  }

  function copyList(lists: DuckDBListVector, i: number, into: Float32Array, firstRow: number): void {
    const numbers = lists.childVector;
    const at = lists.getEntryOffset(i);
    const length = lists.getItemVector(i) === null ? 0 : lists.getEntryLength(i);
    if (length !== dims) {
      throw new DataError(
        `${file}, row ${firstRow + i + 1}: the vector has ${length} numbers, the first one ${dims}.`,
      );
    }
    for (let d = 0; d < dims; d++) into[d] = (numbers.getItem(at + d) as number | null) ?? Number.NaN;
  }
}

function vectorColumn(file: string, types: Map<string, string>, named: string | undefined): string {
  const lists = [...types].flatMap(([name, type]) => (LIST_OF_NUMBERS.test(type) ? [name] : []));
  if (named !== undefined) {
    if (lists.includes(named)) return named;
    throw new UsageError(
      `${file} has no column "${named}" of vectors; ${lists.length > 0 ? `of vectors are: ${lists.join(', ')}` : `its columns are: ${[...types].map(([name, type]) => `${name} ${type}`).join(', ')}`}.`,
    );
  }
  if (lists.length === 1) return lists[0]!;
  throw new UsageError(
    lists.length === 0
      ? `${file} has no column of vectors (a list of FLOAT or DOUBLE); it has: ${[...types].map(([name, type]) => `${name} ${type}`).join(', ')}.`
      : `${file} has several columns of vectors: ${lists.join(', ')}. Say which with --embeddings-column.`,
  );
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function openInstance(): Promise<DuckDBInstance> {
  return DuckDBInstance.create(':memory:', { memory_limit: '512MB', threads: '1' });
}

async function withDuckDb<T>(
  file: string,
  work: (connection: Awaited<ReturnType<DuckDBInstance['connect']>>) => Promise<T>,
): Promise<T> {
  const instance = await openInstance();
  try {
    return await work(await instance.connect());
  } catch (error) {
    throw damaged(file, error);
  } finally {
    instance.closeSync();
  }
}

function damaged(file: string, error: unknown): Error {
  if (error instanceof DataError || error instanceof UsageError) return error;
  return new DataError(
    `${file} cannot be read as Parquet: ${error instanceof Error ? error.message : error}`,
  );
}
