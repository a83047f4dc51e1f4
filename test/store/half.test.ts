import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openVectorReader, openVectorWriter, partName } from '../../store/index.js';
import { decodeHalf, encodeHalf } from '../../store/vectors/half.js';
import { runPython, whyNoPython } from '../support/python.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';
import { unitVectors } from '../support/unit-vectors.js';

const ALL = Uint16Array.from({ length: 1 << 16 }, (_, half) => half);
const reason = whyNoPython('faiss', 'python3-faiss');

function decoded(halves: Uint16Array): Float32Array {
  const into = new Float32Array(halves.length);
  decodeHalf(halves, into);
  return into;
}

function encoded(numbers: Float32Array): Uint16Array {
  const into = new Uint16Array(numbers.length);
  encodeHalf(numbers, into);
  return into;
}

function writeJson(numbers: Float32Array, file = join(tempFolder(), 'numbers.json')): string {
  writeFileSync(file, JSON.stringify([...numbers]));
  return file;
}

describe('half floats', () => {
  test('every half but the signalling NaNs comes back', () => {
    const numbers = decoded(ALL);
    const back = encoded(numbers);
    for (const half of ALL) {
      if (Number.isNaN(numbers[half]!))
        expect(Number.isNaN(decoded(back.subarray(half, half + 1))[0]!)).toBe(true);
      else if (back[half] !== half) expect.fail(`${half} came back as ${back[half]}`);
    }
  });

  test('a number becomes the nearest half', () => {
    const finite = decoded(ALL)
      .filter((x) => Number.isFinite(x))
      .sort();
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65504, max: 65504 }), (x) => {
        const near = decoded(encoded(Float32Array.of(x)))[0]!;
        const nearest = finite.reduce((best, half) =>
          Math.abs(half - x) < Math.abs(best - x) ? half : best,
        );
        return Math.abs(near - x) === Math.abs(nearest - x);
      }),
      { numRuns: 50 },
    );
  });

  test.skipIf(skipping('half floats against numpy', reason))(
    'ties and limits are rounded as numpy does',
    () => {
      const between = decoded(ALL).slice(0, 0x7bff);
      const ties = between.map((x, i) => (x + (between[i + 1] ?? 65504)) / 2);
      const numbers = Float32Array.from([
        ...ties,
        ...ties.map((x) => -x),
        65519.99,
        65520,
        65536,
        1e-8,
        2 ** -25,
      ]);
      const numpy = runPython<number[]>(
        'import json, sys, numpy; print(json.dumps(numpy.array(json.loads(open(sys.argv[1]).read()), "float32").astype("float16").view("uint16").tolist()))',
        writeJson(numbers),
      );
      expect([...encoded(numbers)]).toEqual(numpy);
    },
  );
});

describe('fp16 vector files', () => {
  const DIMS = 24;
  const vectors = unitVectors(50, DIMS, 3);

  function write(): string {
    const folder = tempFolder();
    const writer = openVectorWriter(folder, { dims: DIMS, precision: 'fp16', keepRows: 0 });
    writer.append(vectors.subarray(0, 20 * DIMS));
    writer.append(vectors.subarray(20 * DIMS));
    writer.commit();
    writer.close();
    return folder;
  }

  test('hold every number to 11 bits, in half the bytes', () => {
    const folder = write();
    expect(readFileSync(join(folder, partName(0)))).toHaveLength(81 + 50 * DIMS * 2);
    const reader = openVectorReader(folder);
    const read = new Float32Array(30 * DIMS);
    reader.read(20, 30, read);
    reader.close();
    read.forEach((x, i) => {
      const exact = vectors[20 * DIMS + i]!;
      expect(Math.abs(x - exact)).toBeLessThanOrEqual(Math.abs(exact) * 2 ** -11 + 2 ** -25);
    });
  });

  test('are not taken for another precision', () => {
    const folder = write();
    expect(() => openVectorWriter(folder, { dims: DIMS, keepRows: 50 })).toThrow('is not of fp32 numbers');
  });

  describe.skipIf(skipping('fp16 files read by FAISS', reason))('and FAISS', () => {
    test('FAISS reads the same numbers from them', () => {
      const folder = write();
      const numbers = runPython<number[][]>(
        'import json, sys, faiss; index = faiss.read_index(sys.argv[1]); print(json.dumps(index.reconstruct_n(0, index.ntotal).tolist()))',
        join(folder, partName(0)),
      );
      const reader = openVectorReader(folder);
      const read = new Float32Array(50 * DIMS);
      reader.read(0, 50, read);
      reader.close();
      expect(Float32Array.from(numbers.flat())).toEqual(read);
    });

    test('they are, byte for byte, what FAISS writes', () => {
      const [raw, theirs] = [join(tempFolder(), 'raw'), join(tempFolder(), 'theirs')];
      runPython(
        `import sys, json, numpy, faiss
x = numpy.array(json.loads(open(sys.argv[1]).read()), 'float32').reshape(-1, ${DIMS})
index = faiss.IndexScalarQuantizer(${DIMS}, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
index.train(x); index.add(x); faiss.write_index(index, sys.argv[2]); print('null')`,
        writeJson(vectors, raw),
        theirs,
      );
      expect(readFileSync(join(write(), partName(0))).equals(readFileSync(theirs))).toBe(true);
    });
  });
});
