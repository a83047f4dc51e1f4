import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomLcg, randomNormal } from 'd3';
import { clusterVectors } from '../../indexer/index.js';
import { openVectorReader, openVectorWriter, partName } from '../../store/index.js';
import { pythonPeer } from './python-peer.js';
import { type BenchRow, summarise } from './row.js';

const RUNS = 3;
const ROWS = 250_000;
const DIMS = 512;
const CENTRES = 3000;
const BLOCK_ROWS = 10_000;
const THREADS = 2;
const GOAL_SECONDS = 240;

/** What the peer answers: seconds, and in the first run the mean inner product of all vectors and their centroids. */
interface FaissRun {
  seconds: number;
  theirs?: number;
  ours?: number;
}

/** Clustering of a corpus into IndexIVFFlat files against FAISS itself, on the same vectors and into as many lists. */
export async function benchCluster(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'densimeter-bench-'));
  try {
    storeVectors(folder);
    const ours: number[] = [];
    const peers: { name: string; how: string; sample: number; runs: FaissRun[] }[] = [
      { name: 'cluster_vs_faiss', how: 'as it comes, up to 256 vectors a list', sample: 256, runs: [] },
      { name: 'cluster_vs_faiss_64', how: 'up to 64 vectors a list, as ours', sample: 64, runs: [] },
    ];
    let lists = 0;
    let absent = '';
    for (let run = 0; run < RUNS; run++) {
      const clustered = await timed(() => cluster(folder));
      ours.push(clustered.seconds);
      lists = clustered.result.lists;
      for (const peer of peers) {
        const args = [partName(0), clustered.result.files[0]!, DIMS, lists, peer.sample, THREADS, run].map(
          String,
        );
        const found = pythonPeer<FaissRun>('faiss', FAISS, folder, ...args);
        if ('absent' in found) absent = found.absent;
        else peer.runs.push(found.result);
      }
    }
    const { median, range } = summarise(ours);
    return peers.map(({ name, how, runs }): BenchRow => {
      const theirs = runs.length > 0 ? summarise(runs.map(({ seconds }) => seconds)).median : undefined;
      const ratio = theirs === undefined ? null : theirs / median;
      return {
        name,
        value: median,
        unit: 's',
        range,
        against:
          theirs === undefined
            ? `FAISS: absent, ${absent}`
            : `FAISS IndexIVFFlat train, add and write_index, ${theirs.toFixed(1)} s (${how}; ${THREADS} threads)`,
        ratio,
        goal: `< ${GOAL_SECONDS} s and >= 1x`,
        met: ratio === null ? null : median < GOAL_SECONDS && ratio >= 1,
        note: `${ROWS} × ${DIMS} around ${CENTRES} centres into ${lists} lists${fitOf(runs[0])}`,
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fitOf(run: FaissRun | undefined): string {
  if (run?.ours === undefined || run.theirs === undefined) return '';
  return `; mean inner product with the centroid ${run.ours.toFixed(4)}, FAISS ${run.theirs.toFixed(4)}`;
}

async function cluster(folder: string) {
  const reader = openVectorReader(folder);
  try {
    return await clusterVectors(reader, folder, { seed: 1 });
  } finally {
    reader.close();
  }
}

const FAISS = `
import sys, json, time, numpy as np, faiss
folder, part, ivf = sys.argv[1:4]
dims, lists, sample, threads, run = map(int, sys.argv[4:])
faiss.omp_set_num_threads(threads)
x = np.fromfile(f'{folder}/{part}', np.float32, offset=45).reshape(-1, dims)
start = time.perf_counter()
quantizer = faiss.IndexFlatIP(dims)
index = faiss.IndexIVFFlat(quantizer, dims, lists, faiss.METRIC_INNER_PRODUCT)
index.cp.max_points_per_centroid = sample
index.train(x)
index.add(x)
faiss.write_index(index, f'{folder}/peer.faiss')
seconds = time.perf_counter() - start
def fit(index):
    return float(faiss.downcast_index(index.quantizer).search(x, 1)[0].mean(dtype=np.float64))
print(json.dumps(dict(seconds=seconds, **(dict(theirs=fit(index), ours=fit(faiss.read_index(ivf))) if run == 0 else {}))))
`;

/** Unit vectors around centres of unequal weight. The noise is cut from one long run of it, to be fast. */
function storeVectors(folder: string): void {
  const random = randomLcg(0.5);
  const normal = randomNormal.source(random)();
  const centres = Float32Array.from({ length: CENTRES * DIMS }, () => normal());
  const noise = Float32Array.from({ length: 1 << 21 }, () => normal());
  const writer = openVectorWriter(folder, { dims: DIMS, keepRows: 0 });
  const block = new Float32Array(BLOCK_ROWS * DIMS);
  for (let from = 0; from < ROWS; from += BLOCK_ROWS) {
    for (let row = 0; row < BLOCK_ROWS; row++) {
      const centre = Math.floor(CENTRES * random() ** 2) * DIMS;
      const shift = Math.floor((noise.length - DIMS) * random());
      const vector = block.subarray(row * DIMS, (row + 1) * DIMS);
      let squares = 0;
      for (let j = 0; j < DIMS; j++) {
        vector[j] = centres[centre + j]! + noise[shift + j]!;
        squares += vector[j]! ** 2;
      }
      const norm = Math.sqrt(squares);
      for (let j = 0; j < DIMS; j++) vector[j]! /= norm;
    }
    writer.append(block);
  }
  writer.commit();
  writer.close();
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}
