import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataError, HEADER_BYTES, openVectorReader, openVectorWriter, partName } from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { unitVectors } from '../support/unit-vectors.js';

const DIMS = 8;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

function write(folder: string, vectors: Float32Array, keepRows = 0, rowsPerPart = 4): void {
  const writer = openVectorWriter(folder, { dims: DIMS, keepRows, rowsPerPart });
  writer.append(vectors);
  writer.commit();
  writer.close();
}

function readAll(folder: string, expectedRows?: number): Float32Array {
  const reader = openVectorReader(folder, expectedRows === undefined ? {} : { rows: expectedRows });
  const into = new Float32Array(reader.rows * reader.dims);
  reader.read(0, reader.rows, into);
  reader.close();
  return into;
}

function written(rows: number): { folder: string; vectors: Float32Array } {
  const folder = tempFolder();
  const vectors = unitVectors(rows, DIMS, rows);
  write(folder, vectors);
  return { folder, vectors };
}

function patch(file: string, edit: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  edit(bytes);
  writeFileSync(file, bytes);
}

describe('writing and reading', () => {
  test('any batches in any parts come back bit for bit, from any row', () => {
    const batches = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 });
    const float = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        batches,
        fc.integer({ min: 1, max: 7 }),
        float,
        fc.nat(),
        (sizes, rowsPerPart, first, at) => {
          const folder = tempFolder();
          const rows = sizes.reduce((a, b) => a + b, 0);
          const vectors = unitVectors(rows, DIMS, 1);
          if (rows > 0) vectors[0] = first;
          const writer = openVectorWriter(folder, { dims: DIMS, keepRows: 0, rowsPerPart });
          let done = 0;
          for (const size of sizes) {
            writer.append(vectors.subarray(done * DIMS, (done + size) * DIMS));
            done += size;
            expect(writer.rows).toBe(done);
          }
          writer.commit();
          writer.close();
          expect(readdirSync(folder)).toHaveLength(Math.max(1, Math.ceil(rows / rowsPerPart)));
          expect(readAll(folder)).toEqual(vectors);

          const from = at % (rows + 1);
          const reader = openVectorReader(folder, { rows });
          const rest = new Float32Array((rows - from) * DIMS);
          reader.read(from, rows - from, rest);
          reader.close();
          expect(rest).toEqual(vectors.subarray(from * DIMS));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a subarray of a larger buffer is written from where it starts', () => {
    const folder = tempFolder();
    const vectors = unitVectors(6, DIMS, 3);
    write(folder, vectors.subarray(2 * DIMS, 5 * DIMS));
    expect(readAll(folder)).toEqual(vectors.slice(2 * DIMS, 5 * DIMS));
  });

  test('what is not committed is not seen', () => {
    const folder = tempFolder();
    const writer = openVectorWriter(folder, { dims: DIMS, keepRows: 0 });
    writer.append(unitVectors(2, DIMS, 1));
    writer.commit();
    writer.append(unitVectors(3, DIMS, 2));
    expect(readAll(folder)).toEqual(unitVectors(2, DIMS, 1));
    writer.commit();
    writer.close();
    expect(readAll(folder)).toHaveLength(5 * DIMS);
  });

  test('rows outside, a small target and a broken vector are refused', () => {
    const { folder } = written(6);
    const reader = openVectorReader(folder, { rows: 5 });
    expect(() => reader.read(4, 2, new Float32Array(2 * DIMS))).toThrow(RangeError);
    expect(() => reader.read(-1, 1, new Float32Array(DIMS))).toThrow(RangeError);
    expect(() => reader.read(0, 2, new Float32Array(DIMS))).toThrow(RangeError);
    reader.close();
    const writer = openVectorWriter(folder, { dims: DIMS, keepRows: 6, rowsPerPart: 4 });
    expect(() => writer.append(new Float32Array(DIMS + 1))).toThrow(RangeError);
    writer.close();
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is refused, naming its row and dim', (bad) => {
    const { folder, vectors } = written(6);
    const writer = openVectorWriter(folder, { dims: DIMS, keepRows: 6, rowsPerPart: 4 });
    const more = unitVectors(3, DIMS, 9);
    more[2 * DIMS + 5] = bad;
    expect(() => writer.append(more)).toThrow(new DataError(`Vector 8 has ${bad} in dim 5.`));
    writer.commit();
    writer.close();
    expect(readAll(folder)).toEqual(vectors);
  });
});

describe('resuming after an interruption', () => {
  test.each([0, 3, 4, 6, 8, 9])('%i rows are kept, whatever lies behind them is cut off', (keep) => {
    const { folder, vectors } = written(10);
    appendFileSync(join(folder, partName(2)), 'half a row');
    const more = unitVectors(5, DIMS, 77);
    write(folder, more, keep);
    expect(readAll(folder, keep + 5)).toEqual(Float32Array.from([...vectors.slice(0, keep * DIMS), ...more]));
    expect(readdirSync(folder)).toHaveLength(Math.ceil((keep + 5) / 4));
  });

  test('a part that was begun and never committed does not hinder reading', () => {
    const { folder, vectors } = written(8);
    writeFileSync(join(folder, partName(2)), '');
    expect(readAll(folder, 8)).toEqual(vectors);
  });

  test('a part whose first bytes never came is begun anew', () => {
    const { folder } = written(8);
    writeFileSync(join(folder, partName(2)), Buffer.alloc(20));
    write(folder, unitVectors(2, DIMS, 5), 8);
    expect(readAll(folder)).toHaveLength(10 * DIMS);
  });

  test('files that hold fewer rows than the catalogue, or other dims, are refused', () => {
    const { folder } = written(6);
    const open = (keepRows: number, dims = DIMS) =>
      openVectorWriter(folder, { dims, keepRows, rowsPerPart: 4 });
    expect(() => open(7)).toThrow(/part-00001\.faiss has 2 vectors; the catalogue has 3/);
    expect(() => open(6, DIMS + 1)).toThrow(/part-00000\.faiss has 8 dims; the corpus has 9/);
    rmSync(join(folder, partName(0)));
    expect(() => open(4)).toThrow(/part-00000\.faiss is missing/);
    expect(() => open(6)).toThrow(DataError);
    expect(readdirSync(folder)).toEqual([partName(1)]);
  });
});

describe('files that cannot be used', () => {
  test('a truncated file', () => {
    const { folder } = written(6);
    truncateSync(join(folder, partName(1)), HEADER_BYTES + 2 * DIMS * FLOAT_BYTES - 1);
    expect(() => openVectorReader(folder, { rows: 6 })).toThrow(
      /part-00001\.faiss is truncated: 2 vectors of 8 dims need 109/,
    );
  });

  test('an empty file, another magic, another metric, a number count that does not fit', () => {
    const { folder } = written(3);
    const file = join(folder, partName(0));
    const good = readFileSync(file);
    const refusal = (edit: (bytes: Buffer) => void) => {
      writeFileSync(file, good);
      patch(file, edit);
      return expect(() => openVectorReader(folder));
    };
    refusal((bytes) => bytes.write('IxF2', 0, 'latin1')).toThrow(/is not a FAISS IndexFlatIP file/);
    refusal((bytes) => bytes.writeInt32LE(1, 33)).toThrow(
      /has FAISS metric 1; inner product \(0\) is needed/,
    );
    refusal((bytes) => bytes.writeBigUInt64LE(25n, 37)).toThrow(
      /is damaged: 3 vectors of 8 dims are not 25 numbers/,
    );
    refusal((bytes) => bytes.writeBigInt64LE(1n << 60n, 8)).toThrow(/is truncated/);
    refusal((bytes) => bytes.writeInt32LE(-8, 4)).toThrow(DataError);
    truncateSync(file, 0);
    expect(() => openVectorReader(folder)).toThrow(/is not a FAISS IndexFlatIP file/);
  });

  test('a part of other dims', () => {
    const { folder } = written(8);
    const other = tempFolder();
    const writer = openVectorWriter(other, { dims: DIMS + 1, keepRows: 0 });
    writer.append(unitVectors(4, DIMS + 1, 1));
    writer.commit();
    writer.close();
    writeFileSync(join(folder, partName(1)), readFileSync(join(other, partName(0))));
    expect(() => openVectorReader(folder, { rows: 8 })).toThrow(
      /part-00001\.faiss has 9 dims; the parts before it have 8/,
    );
  });

  test('a missing part, and fewer rows than the catalogue has', () => {
    const { folder } = written(10);
    expect(() => openVectorReader(folder, { rows: 11 })).toThrow(
      /holds 10 vectors in 3 parts; the catalogue has 11/,
    );
    rmSync(join(folder, partName(1)));
    expect(() => openVectorReader(folder, { rows: 10 })).toThrow(
      /holds 4 vectors in 1 parts; the catalogue has 10/,
    );
    rmSync(join(folder, partName(0)));
    expect(() => openVectorReader(folder, { rows: 10 })).toThrow(/has no vector files/);
    expect(() => openVectorReader(join(folder, 'none'), { rows: 0 })).toThrow(/has no vector files/);
  });

  test('files of other names are left alone', () => {
    const { folder, vectors } = written(6);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    mkdirSync(join(folder, 'part-x.faiss'));
    write(folder, new Float32Array(), 2);
    expect(readAll(folder)).toEqual(vectors.slice(0, 2 * DIMS));
    expect(readdirSync(folder)).toEqual(['notes.txt', 'part-00000.faiss', 'part-x.faiss']);
  });
});
