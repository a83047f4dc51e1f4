import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { openPrecomputed, precomputedEmbedder, type SourceDocument } from '../../../indexer/index.js';
import { runPython, whyNoPython } from '../../support/python.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { tempFolder } from '../../support/temp-folder.js';
import { unitVectors } from '../../support/unit-vectors.js';

const ROWS = 40;
const DIMS = 12;
const vectors = unitVectors(ROWS, DIMS, 1);

/** Documents of the records given, with keys k0, k1 … */
async function* documents(records: readonly number[]): AsyncGenerator<SourceDocument> {
  for (const record of records) {
    yield {
      key: `k${record}`,
      text: `text ${record}`,
      source: 's',
      meta: {},
      record,
      at: `t.jsonl:${record + 1}`,
    };
  }
}

const all = Array.from({ length: ROWS }, (_, i) => i);

type Options = Partial<Parameters<typeof openPrecomputed>[0]>;

async function attached(
  file: string,
  records = all,
  options: Options = {},
  total: number | undefined = ROWS,
) {
  const opened = await openPrecomputed({ files: [file], base: '/', ...options });
  const found: SourceDocument[] = [];
  for await (const document of opened.attach(documents(records), () => total)) found.push(document);
  return { found, opened };
}

function expectVectors(found: readonly SourceDocument[], records = all, digits = 6): void {
  expect(found.map(({ key }) => key)).toEqual(records.map((record) => `k${record}`));
  found.forEach(({ vector }, i) => {
    const expected = vectors.subarray(records[i]! * DIMS, (records[i]! + 1) * DIMS);
    vector!.forEach((x, d) => {
      expect(x).toBeCloseTo(expected[d]!, digits);
    });
  });
}

/** A NumPy file, written by hand as numpy/lib/format.py describes it. */
function npy(file: string, bytes: Uint8Array, type: string, shape: string): string {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  start.writeUInt16LE(padded.length, 8);
  writeFileSync(file, Buffer.concat([start, Buffer.from(padded), bytes]));
  return file;
}

const npyOf = (values: Float32Array, name = 'vectors.npy') =>
  npy(
    join(tempFolder(), name),
    new Uint8Array(values.slice().buffer),
    '<f4',
    `(${values.length / DIMS}, ${DIMS})`,
  );

async function parquet(sql: string): Promise<string> {
  const file = join(tempFolder(), 'vectors.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  instance.closeSync();
  return file;
}

/** SQL of a table of the vectors: id, embedding, text. */
const TABLE = `SELECT 'k' || i AS id, 'text ' || i AS text, [${Array.from({ length: DIMS }, (_, d) => `sin(i * ${DIMS} + ${d})`).join(', ')}]::FLOAT[] AS embedding FROM range(${ROWS}) t(i)`;

describe('vectors aligned by row', () => {
  it('are given to the records that they belong to, whichever are left out', async () => {
    const file = npyOf(vectors);
    expectVectors((await attached(file)).found);
    const some = [0, 3, 4, 17, 38];
    expectVectors((await attached(file, some)).found, some);
  });

  it('are made unit vectors, and counted', async () => {
    const file = npyOf(vectors.map((x, i) => (i < 3 * DIMS ? 5 * x : x)));
    const { found, opened } = await attached(file);
    expectVectors(found);
    expect(opened).toMatchObject({ dims: DIMS, alignedBy: 'row', notUnit: 3 });
  });

  it('may lie in several files', async () => {
    const folder = tempFolder();
    for (const [i, part] of [vectors.subarray(0, 7 * DIMS), vectors.subarray(7 * DIMS)].entries()) {
      copyFileSync(npyOf(part), join(folder, `part-${i}.npy`));
    }
    expectVectors((await attached('part-*.npy', all, { base: folder })).found);
  });

  it('of raw float32 need their dims', async () => {
    const file = join(tempFolder(), 'vectors.bin');
    writeFileSync(file, new Uint8Array(vectors.slice().buffer));
    expectVectors((await attached(file, all, { dims: DIMS })).found);
    await expect(attached(file)).rejects.toThrow('does not say its dims: give --dims');
    await expect(attached(file, all, { dims: 13 })).rejects.toThrow('not a whole number of 13-dim');
  });

  it.each([
    ['too few', all.slice(0, 38), 39, /have 38 of them, but there is a text 39 \(t\.jsonl:39\)/],
    ['too many', all, 38, /have 40 of them, the texts 38 records/],
  ])('must not be %s', async (_, rows, total, message) => {
    const records = total === 39 ? all.slice(0, 39) : all.slice(0, 38);
    const file = npyOf(vectors.subarray(0, rows.length * DIMS));
    await expect(attached(file, records, {}, total)).rejects.toThrow(message);
  });

  it.each([
    ['NaN', Number.NaN, /row 5: the vector has NaN in dim 2/],
    ['infinity', Number.POSITIVE_INFINITY, /row 5: the vector has Infinity in dim 2/],
  ])('must not hold %s', async (_, bad, message) => {
    const broken = vectors.slice();
    broken[4 * DIMS + 2] = bad;
    await expect(attached(npyOf(broken))).rejects.toThrow(message);
    // A record that is left out needs no good vector.
    await attached(npyOf(broken), [0, 1, 2, 3, 5]);
  });

  it('must not be zero', async () => {
    const broken = vectors.slice().fill(0, 2 * DIMS, 3 * DIMS);
    await expect(attached(npyOf(broken))).rejects.toThrow(/row 3: the vector is zero/);
  });
});

describe('files that cannot be used', () => {
  it.each([
    ['no array', 'not numpy', /is not a NumPy array/],
    ['no header', '\x93NUMPY\x01\x00', /has no header that can be read/],
  ])('%s', async (_, content, message) => {
    const file = join(tempFolder(), 'x.npy');
    writeFileSync(file, Buffer.from(content, 'latin1'));
    await expect(attached(file)).rejects.toThrow(message);
  });

  it('a truncated array', async () => {
    const file = npyOf(vectors);
    truncateSync(file, readFileSync(file).length - 1);
    await expect(attached(file)).rejects.toThrow(/is truncated: it ends before row 40 of 40/);
  });

  it('an array of other numbers or another shape', async () => {
    const bytes = new Uint8Array(64);
    const folder = tempFolder();
    await expect(attached(npy(join(folder, 'a.npy'), bytes, '<i4', '(2, 8)'))).rejects.toThrow('type "<i4"');
    await expect(attached(npy(join(folder, 'b.npy'), bytes, '<f4', '(16,)'))).rejects.toThrow('shape (16)');
    await expect(attached(npy(join(folder, 'c.npy'), bytes, '<f4', '(0, 8)'))).rejects.toThrow(
      'shape (0, 8)',
    );
  });

  it('files of different dims, an unknown ending, no file', async () => {
    const folder = tempFolder();
    copyFileSync(npyOf(vectors), join(folder, 'a.npy'));
    npy(join(folder, 'b.npy'), new Uint8Array(16), '<f4', '(2, 2)');
    await expect(attached('*.npy', all, { base: folder })).rejects.toThrow('b.npy has vectors of 2 dims');
    writeFileSync(join(folder, 'c.pt'), '');
    await expect(attached('c.pt', all, { base: folder })).rejects.toThrow(
      'is no file of vectors that this reads',
    );
    await expect(attached('d.npy', all, { base: folder })).rejects.toThrow('No file matches');
  });

  it('another FAISS index, and a zip that is none', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'x.faiss'), Buffer.alloc(100, 'IwFl'));
    await expect(attached('x.faiss', all, { base: folder })).rejects.toThrow(
      'is not a FAISS IndexFlatIP file',
    );
    writeFileSync(join(folder, 'x.npz'), 'no zip');
    await expect(attached('x.npz', all, { base: folder })).rejects.toThrow('cannot be read as .npz');
  });
});

describe('vectors in Parquet', () => {
  it('are found in the only column of them, and read by row or by id', async () => {
    const file = await parquet(TABLE);
    const byRow = await attached(file);
    const shuffled = await parquet(`SELECT * FROM (${TABLE}) ORDER BY hash(id)`);
    const byId = await attached(shuffled, all, { id: 'id' });
    expect(byId.opened.alignedBy).toBe('id');
    expect(byRow.found).toHaveLength(ROWS);
    expect(byId.found.map(({ vector }) => vector)).toEqual(byRow.found.map(({ vector }) => vector));
    const raw = Array.from({ length: DIMS }, (_, d) => Math.sin(7 * DIMS + d));
    const norm = Math.hypot(...raw);
    byRow.found[7]!.vector!.forEach((x, d) => {
      expect(x).toBeCloseTo(raw[d]! / norm, 5);
    });
  });

  it('may be arrays of doubles', async () => {
    const file = await parquet(`SELECT [1, 2, 2]::DOUBLE[3] AS v FROM range(${ROWS})`);
    const { found } = await attached(file);
    expect([...found[0]!.vector!].map((x) => Math.round(3 * x))).toEqual([1, 2, 2]);
  });

  it('must be named where there are several, and be there', async () => {
    const several = await parquet('SELECT [1.0::FLOAT] AS a, [2.0::DOUBLE] AS b, 1 AS c');
    await expect(attached(several)).rejects.toThrow('several columns of vectors: a, b. Say which');
    await expect(attached(several, [0], { column: 'c' })).rejects.toThrow(
      'no column "c" of vectors; of vectors are: a, b',
    );
    await expect(attached(await parquet('SELECT 1 AS c'))).rejects.toThrow('has no column of vectors');
    await expect(attached(several, [0], { column: 'a', id: 'x' })).rejects.toThrow('has no column "x"');
  });

  it('must be of one length and not null', async () => {
    const lengths = await parquet(
      'SELECT CASE WHEN i = 5 THEN [1.0::FLOAT] ELSE [1.0::FLOAT, 2] END AS v FROM range(40) t(i)',
    );
    await expect(attached(lengths)).rejects.toThrow(/row 6: the vector has 1 numbers, the first one 2/);
    const nulls = await parquet(
      'SELECT CASE WHEN i = 5 THEN NULL ELSE [1.0::FLOAT, 2] END AS v FROM range(40) t(i)',
    );
    await expect(attached(nulls)).rejects.toThrow(/row 6: the vector has 0 numbers/);
  });

  it('must have every id, and each once', async () => {
    const missing = await parquet(`SELECT * FROM (${TABLE}) WHERE id <> 'k9'`);
    await expect(attached(missing, all, { id: 'id' })).rejects.toThrow(
      'no vector of the id "k9" (t.jsonl:10)',
    );
    const twice = await parquet(`SELECT 'k' || (i // 2) AS id, [1.0::FLOAT, 2] AS v FROM range(40) t(i)`);
    await expect(attached(twice, all, { id: 'id' })).rejects.toThrow(/row 2: the id "k0" comes twice/);
  });

  it('must not be damaged in the middle', async () => {
    const file = await parquet(
      `SELECT list_transform(range(${DIMS}), d -> sin(i * 31 + d)::FLOAT) AS v FROM range(60000) t(i)`,
    );
    const bytes = readFileSync(file);
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 4000);
    writeFileSync(file, bytes);
    const records = Array.from({ length: 60_000 }, (_, i) => i);
    await expect(attached(file, records, {}, 60_000)).rejects.toThrow(
      /damaged|cannot be read as Parquet|the vector has/,
    );
  });

  it('must be in a whole file', async () => {
    const file = await parquet(TABLE);
    truncateSync(file, readFileSync(file).length - 20);
    await expect(attached(file)).rejects.toThrow('cannot be read as Parquet');
  });
});

const noNumpy = whyNoPython('numpy, faiss', 'python3-faiss');

describe.skipIf(skipping('vectors written by NumPy and FAISS', noNumpy))('written by NumPy and FAISS', () => {
  const folder = tempFolder();
  const write = (program: string) =>
    runPython(
      `import sys, numpy as np, faiss
x = np.fromfile(sys.argv[1], 'float32').reshape(-1, ${DIMS})
ids = np.array(['k%d' % i for i in range(len(x))])
${program}
print('null')`,
      raw(),
      folder,
    );
  function raw(): string {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'raw.bin');
    writeFileSync(file, new Uint8Array(vectors.slice().buffer));
    return file;
  }

  it.each([
    ['float32 .npy', 'a.npy', "np.save(sys.argv[2] + '/a.npy', x)", 6],
    ['float16 .npy', 'b.npy', "np.save(sys.argv[2] + '/b.npy', x.astype('float16'))", 2],
    ['float64 .npy', 'c.npy', "np.save(sys.argv[2] + '/c.npy', x.astype('float64'))", 6],
    ['.npz', 'd.npz', "np.savez(sys.argv[2] + '/d.npz', x)", 6],
    ['compressed .npz', 'e.npz', "np.savez_compressed(sys.argv[2] + '/e.npz', emb=x.astype('float16'))", 2],
    [
      'flat FAISS index',
      'f.index',
      "i = faiss.IndexFlatL2(x.shape[1]); i.add(x); faiss.write_index(i, sys.argv[2] + '/f.index')",
      6,
    ],
    [
      'inner-product FAISS index',
      'g.faiss',
      "i = faiss.IndexFlatIP(x.shape[1]); i.add(x); faiss.write_index(i, sys.argv[2] + '/g.faiss')",
      6,
    ],
    [
      'half-float FAISS index',
      'h.faiss',
      "i = faiss.IndexScalarQuantizer(x.shape[1], 4, 0); i.train(x); i.add(x); faiss.write_index(i, sys.argv[2] + '/h.faiss')",
      2,
    ],
  ])('%s', async (_, name, program, digits) => {
    write(program);
    expectVectors((await attached(join(folder, name))).found, all, digits);
  });

  it.each([
    ['strings', 'ids'],
    ['bytes', "ids.astype('S')"],
  ])('.npz with ids of %s, in another order', async (_, ids) => {
    write(
      `order = np.random.default_rng(1).permutation(len(x)); np.savez(sys.argv[2] + '/i.npz', ids=(${ids})[order], vectors=x[order])`,
    );
    const { found, opened } = await attached(join(folder, 'i.npz'));
    expectVectors(found);
    expect(opened.alignedBy).toBe('id');
  });

  it('.npz with whole numbers for ids', async () => {
    write("np.savez(sys.argv[2] + '/j.npz', id=np.arange(len(x))[::-1], vectors=x[::-1])");
    const opened = await openPrecomputed({ files: [join(folder, 'j.npz')], base: '/' });
    const found: SourceDocument[] = [];
    const numbered = (async function* () {
      for await (const document of documents(all)) yield { ...document, key: document.key.slice(1) };
    })();
    for await (const document of opened.attach(numbered, () => ROWS))
      found.push({ ...document, key: `k${document.key}` });
    expectVectors(found);
  });

  it('a Fortran array, and a .npz of several matrices, are refused', async () => {
    write(
      "np.save(sys.argv[2] + '/k.npy', np.asfortranarray(x)); np.savez(sys.argv[2] + '/l.npz', a=x, b=x)",
    );
    await expect(attached(join(folder, 'k.npy'))).rejects.toThrow('is in Fortran order');
    await expect(attached(join(folder, 'l.npz'))).rejects.toThrow(
      /one array of two dimensions; it holds: a \(40, 12\), b/,
    );
  });
});

const MINILM = ['minilm-embeddings', 'embeddings.bin'];

describe.skipIf(skipping('real MiniLM vectors', whyNoData(...MINILM)))('real MiniLM vectors', () => {
  it('are 778 unit vectors', async () => {
    const records = Array.from({ length: 778 }, (_, i) => i);
    const { found, opened } = await attached(sharedData(...MINILM), records, { dims: 384 }, 778);
    expect(found).toHaveLength(778);
    expect(opened.notUnit).toBe(0);
    expect(Math.hypot(...found[400]!.vector!)).toBeCloseTo(1, 6);
  });
});

describe('the embedder of precomputed vectors', () => {
  it('has a fingerprint of its name and dims, and embeds nothing', async () => {
    const embedder = precomputedEmbedder('MiniLM', 384);
    expect(embedder.fingerprint).not.toBe(precomputedEmbedder('MiniLM', 768).fingerprint);
    expect(embedder.fingerprint).not.toBe(precomputedEmbedder('other', 384).fingerprint);
    await expect(embedder.embed(['text'])).rejects.toThrow('cannot be embedded by "MiniLM"');
  });
});
