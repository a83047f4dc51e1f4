import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESTIMATORS, type Points } from '../../density/index.js';
import { float32Tensor, Graph, openSession } from '../../onnx/index.js';
import { openVectorReader, openVectorWriter } from '../../store/index.js';
import { benchInt8 } from './int8.js';
import { pythonPeer } from './python-peer.js';
import { minilmEmbeddings, type RealEmbeddings, realEmbeddings } from './real-embeddings.js';
import { type BenchRow, type Median, summarise } from './row.js';
import { benchSweep } from './sweep.js';

const RUNS = 5;
/** As many as there are texts, so that none is a noisy copy. */
const POINTS = 100_000;
const BANDWIDTH = 0.1;
const BLOCK_QUERIES = 256;
const TILE_ROWS = 2048;

/** How much there is to do, and on what. */
interface Work {
  dims: number;
  queries: number;
  points: number;
  note: string;
}

/** Exact KDE of two models' embeddings against this machine's own Gemm, numpy and scikit-learn, all in one run. */
export async function benchDensity(): Promise<BenchRow[]> {
  const rows = await benchExact(await realEmbeddings(POINTS));
  const other = await minilmEmbeddings(POINTS);
  if (!other) return rows;
  return [
    ...rows,
    ...(await benchExact(other)).map((row) => ({ ...row, name: `${row.name}_${other.dims}` })),
  ];
}

async function benchExact(real: RealEmbeddings): Promise<BenchRow[]> {
  const { queries, dims } = real;
  const points = readAll(real);
  const work = {
    ...{ dims, points: real.rows, queries: queries.length / dims },
    note: `${real.note}; exponential, h = ${BANDWIDTH}`,
  };
  const folder = mkdtempSync(join(tmpdir(), 'densimeter-bench-'));
  const stored = storePoints(folder, points, dims);
  try {
    const gemm = await gemmOnly(queries, points, dims);
    const options = { kernel: 'exponential' as const, bandwidth: BANDWIDTH };
    const works = {
      alone: () => ESTIMATORS.exact(queries, [stored], { ...options, attribution: false }),
      attributed: () => ESTIMATORS.exact(queries, [stored], { ...options, neighbours: 10, documents: 10 }),
      gemm,
    };
    const times = { alone: [] as number[], attributed: [] as number[], gemm: [] as number[] };
    for (const run of Object.values(works)) await run();
    for (let run = 0; run < RUNS; run++) {
      for (const name of ['alone', 'attributed', 'gemm'] as const)
        times[name].push(await seconds(works[name]));
    }
    writeFileSync(join(folder, 'points.f32'), points);
    writeFileSync(join(folder, 'queries.f32'), queries);
    return [
      againstGemm(work, 'exact_fp32_vs_gemm', times.alone, times.gemm, 'densities alone'),
      againstGemm(
        work,
        'exact_fp32_attributed_vs_gemm',
        times.attributed,
        times.gemm,
        'with shares, documents and 10 neighbours',
      ),
      await benchSweep(queries, stored),
      ...(await benchInt8(queries, stored)),
      ...againstPython(work, folder, summarise(times.alone)),
    ];
  } finally {
    stored.reader.close();
    rmSync(folder, { recursive: true });
  }
}

/** 2·queries·points·dims floating-point operations, as the Gemm alone has them. */
function gigaflops({ queries, points, dims }: Work, time: number): number {
  return (2 * queries * points * dims) / time / 1e9;
}

function againstGemm(
  work: Work,
  name: string,
  ours: readonly number[],
  alone: readonly number[],
  what: string,
): BenchRow {
  const { median, range } = summarise(ours);
  const ratio = summarise(alone).median / median;
  return {
    name,
    value: gigaflops(work, median),
    unit: 'GFLOP/s',
    range: [gigaflops(work, range[1]), gigaflops(work, range[0])],
    against: `Gemm alone, ${gigaflops(work, summarise(alone).median).toFixed(0)} GFLOP/s`,
    ratio,
    goal: '>= 0.7x',
    met: ratio >= 0.7,
    note: `${what}; ${work.note}`,
  };
}

function againstPython(work: Work, folder: string, { median: ours, range }: Median): BenchRow[] {
  const peers = [
    { name: 'exact_fp32_vs_numpy', module: 'numpy', program: NUMPY, label: 'numpy', goal: 1.15 },
    {
      name: 'exact_fp32_vs_sklearn',
      module: 'sklearn',
      program: SKLEARN,
      label: 'scikit-learn KernelDensity',
      goal: 100,
    },
  ];
  return peers.map(({ name, module, program, label, goal }): BenchRow => {
    const peer = pythonPeer<{ seconds: number[]; how: string }>(
      module,
      program,
      folder,
      String(work.dims),
      String(BANDWIDTH),
    );
    const row = {
      name,
      value: ours * 1000,
      unit: 'ms',
      range: [range[0] * 1000, range[1] * 1000] as [number, number],
    };
    if ('absent' in peer)
      return {
        ...row,
        against: `${label}: absent, ${peer.absent}`,
        ratio: null,
        goal: `>= ${goal}x`,
        met: null,
      };
    const { median } = summarise(peer.result.seconds);
    const ratio = median / ours;
    return {
      ...row,
      against: `${label}, ${(median * 1000).toFixed(0)} ms (${peer.result.how})`,
      ratio,
      goal: `>= ${goal}x`,
      met: ratio >= goal,
      note: `densities alone; ${work.note}`,
    };
  });
}

const LOAD = `
import sys, json, time, numpy as np
folder, dims, h = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
x, q = (np.fromfile(f'{folder}/{name}.f32', np.float32).reshape(-1, dims) for name in ('points', 'queries'))
`;

const NUMPY = `${LOAD}
def kde(tile):
    sums = np.zeros(len(q))
    for start in range(0, len(x), tile):
        k = q @ x[start:start + tile].T
        k *= -2; k += 2; np.maximum(k, 0, out=k); np.sqrt(k, out=k); k *= -1 / h; np.exp(k, out=k)
        sums += k.sum(axis=1)
    return sums / len(x)
def timed(tile):
    start = time.perf_counter(); kde(tile); return time.perf_counter() - start
best = min((256, 1024, 4096, 16384), key=lambda tile: min(timed(tile) for _ in range(2)))
print(json.dumps({'seconds': [timed(best) for _ in range(${RUNS})], 'how': f'in place, tiles of {best} points, without shares or neighbours'}))
`;

// A few queries are enough to tell the time of one: its cost does not depend on how many are asked.
const SKLEARN = `${LOAD}
from sklearn.neighbors import KernelDensity
few = q[:4]
def timed(algorithm):
    model = KernelDensity(kernel='exponential', bandwidth=h, algorithm=algorithm).fit(x)
    start = time.perf_counter(); model.score_samples(few); return (time.perf_counter() - start) * len(q) / len(few)
best = min(('ball_tree', 'kd_tree'), key=timed)
print(json.dumps({'seconds': [timed(best) for _ in range(${RUNS})], 'how': f'{best}, scaled up from {len(few)} queries'}))
`;

/** The same tiles through a graph that is a Gemm and nothing else. */
async function gemmOnly(
  queries: Float32Array,
  points: Float32Array,
  dims: number,
): Promise<() => Promise<void>> {
  const graph = new Graph('gemm');
  const q = graph.input('queries', 'float32', ['queries', dims]);
  const x = graph.input('points', 'float32', ['points', dims]);
  graph.output('products', graph.op('Gemm', [q, x], { transB: 1 }), 'float32', ['queries', 'points']);
  const session = await openSession(graph.serialize());
  const products = new Float32Array(BLOCK_QUERIES * TILE_ROWS);
  return async () => {
    for (const tile of blocks(points, TILE_ROWS, dims)) {
      for (const block of blocks(queries, BLOCK_QUERIES, dims)) {
        const [rows, columns] = [block.length / dims, tile.length / dims];
        await session.run(
          { queries: float32Tensor(block, [rows, dims]), points: float32Tensor(tile, [columns, dims]) },
          { products: float32Tensor(products.subarray(0, rows * columns), [rows, columns]) },
        );
      }
    }
  };
}

function* blocks(vectors: Float32Array, rows: number, dims: number): Generator<Float32Array> {
  for (let from = 0; from < vectors.length; from += rows * dims)
    yield vectors.subarray(from, from + rows * dims);
}

/** Writes the points as a corpus is written, in documents of 250 chunks and 43 sources. */
function storePoints(folder: string, vectors: Float32Array, dims: number): Points {
  const rows = vectors.length / dims;
  const writer = openVectorWriter(folder, { dims, keepRows: 0 });
  writer.append(vectors);
  const files = writer.commit();
  writer.close();
  return {
    corpusId: 1,
    corpus: 'texts',
    folder,
    reader: openVectorReader(folder, { files }),
    documents: Array.from({ length: Math.ceil(rows / 250) }, (_, d) => ({
      key: `${d}`,
      source: `${d % 43}`,
    })),
    documentOfRow: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 250)),
  };
}

function readAll({ folder, rows, dims }: RealEmbeddings): Float32Array {
  const reader = openVectorReader(folder);
  const vectors = new Float32Array(rows * dims);
  reader.read(0, rows, vectors);
  reader.close();
  return vectors;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
