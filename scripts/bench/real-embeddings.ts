import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { group, randomLcg, randomNormal, shuffler } from 'd3';
import { clusterVectors } from '../../indexer/index.js';
import { openClusteredReader, openVectorReader, openVectorWriter } from '../../store/index.js';
import { CACHE, type EmbeddedTexts, embeddedTexts, minilmTexts } from './embedded-texts.js';

/** Points in a folder of vector files, clustered, and queries that are not among them. */
export interface RealEmbeddings {
  folder: string;
  rows: number;
  dims: number;
  /** `(queries, dims)` row-major. */
  queries: Float32Array;
  /** What they are, in words. */
  note: string;
}

const QUERIES = 1000;
const SEED = 1;
const BLOCK_ROWS = 10_000;
/** At most one in so many texts is left out to ask about; noisy copies of these, moved by half of this distance, make up the rest. */
const LEFT_OUT = 8;
const QUERY_DISTANCE = 0.6;

/**
 * Sentence embeddings, `rows` of them: of texts as far as there are any, and from there on copies of them in turn, each moved
 * in a random direction by half the distance to its nearest neighbour (that in its list of a clustering). Half of the queries
 * are questions of a test set, the others texts that were left out.
 */
export async function realEmbeddings(rows: number): Promise<RealEmbeddings> {
  return open(await makeOnce(`points-512-${rows}`, rows, embeddedTexts), rows);
}

/** The same of the vectors of another model, with noisy copies of a few that were left out for most queries, where they are there. */
export async function minilmEmbeddings(rows: number): Promise<RealEmbeddings | undefined> {
  const texts = minilmTexts();
  return texts && open(await makeOnce(`points-384-${rows}`, rows, () => texts), rows);
}

function open(folder: string, rows: number): RealEmbeddings {
  const { dims, note } = JSON.parse(readFileSync(join(folder, 'about.json'), 'utf8')) as {
    dims: number;
    note: string;
  };
  const queries = new Float32Array(QUERIES * dims);
  const bytes = readFileSync(join(folder, 'queries.f32'));
  queries.set(new Float32Array(bytes.buffer, bytes.byteOffset, queries.length));
  return {
    folder,
    rows,
    dims,
    queries,
    note: `${QUERIES} queries × ${rows} points of ${dims} dims: ${note}`,
  };
}

/** Makes a folder of points where there is none yet; it gets its name once it is whole. */
async function makeOnce(name: string, rows: number, texts: () => EmbeddedTexts): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  process.stderr.write(`making ${rows.toLocaleString('en')} points of real embeddings, once, in ${folder}\n`);
  const unfinished = `${folder}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  const { vectors, questions, dims, names } = texts();
  const asked = drawRows(questions, dims, QUERIES / 2).drawn;
  const wanted = QUERIES - asked.length / dims;
  const { drawn, rest } = drawRows(vectors, dims, Math.min(wanted, vectors.length / dims / LEFT_OUT));
  const real = rest.length / dims;
  await store(unfinished, dims, (append) => append(rest.subarray(0, Math.min(rows, real) * dims)));
  if (rows > real) {
    const distances = nearestDistances(unfinished, rest, dims);
    await store(
      unfinished,
      dims,
      (append) => addNoisyCopies(rest, dims, distances, rows - real, append),
      real,
    );
  }
  const copies =
    rows > real ? ` and ${rows - real} copies with noise of half the nearest-neighbour distance` : '';
  const note = `sentences of ${names.join(', ')}${copies}`;
  writeFileSync(join(unfinished, 'about.json'), JSON.stringify({ dims, note }));
  const queries: Float32Array[] = [asked, drawn];
  const missing = wanted - drawn.length / dims;
  const moved = new Float32Array(drawn.length / dims).fill(QUERY_DISTANCE);
  if (missing > 0) addNoisyCopies(drawn, dims, moved, missing, (some) => queries.push(some));
  writeFileSync(join(unfinished, 'queries.f32'), Buffer.concat(queries.map(bytesOf)));
  renameSync(unfinished, folder);
  return folder;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Appends vectors to a folder of vector files, and clusters all that it has. */
async function store(
  folder: string,
  dims: number,
  write: (append: (rows: Float32Array) => void) => void,
  keepRows = 0,
): Promise<void> {
  const writer = openVectorWriter(folder, { dims, keepRows });
  write(writer.append);
  writer.commit();
  writer.close();
  const reader = openVectorReader(folder);
  await clusterVectors(reader, folder, { seed: SEED });
  reader.close();
}

/** Some rows at random, and the others. */
function drawRows(vectors: Float32Array, dims: number, count: number) {
  const rows = Array.from({ length: vectors.length / dims }, (_, row) => row);
  const order = shuffler(randomLcg(SEED))(rows);
  const taken = Math.floor(count);
  const gather = (wanted: readonly number[]) => {
    const gathered = new Float32Array(wanted.length * dims);
    wanted.forEach((row, at) => {
      gathered.set(vectors.subarray(row * dims, (row + 1) * dims), at * dims);
    });
    return gathered;
  };
  return { drawn: gather(order.slice(0, taken)), rest: gather(order.slice(taken).sort((a, b) => a - b)) };
}

/** The distance of every row to the nearest other one of its list that is not the same. */
function nearestDistances(folder: string, vectors: Float32Array, dims: number): Float32Array {
  const clusters = openClusteredReader(folder, vectors.length / dims)!;
  const distances = new Float32Array(vectors.length / dims);
  const tilesOf = group(clusters.sizes.keys(), (tile) => clusters.listOf[tile]!);
  for (const tiles of tilesOf.values()) {
    const size = tiles.reduce((sum, tile) => sum + clusters.sizes[tile]!, 0);
    const [list, ids] = [new Float32Array(size * dims), new Int32Array(size)];
    let at = 0;
    for (const tile of tiles) {
      const rows = clusters.sizes[tile]!;
      clusters.read(tile, list.subarray(at * dims), ids.subarray(at), 0, rows);
      at += rows;
    }
    for (let a = 0; a < size; a++) {
      let nearest = -1;
      for (let b = 0; b < size; b++) {
        let product = 0;
        for (let j = 0; j < dims; j++) product += list[a * dims + j]! * list[b * dims + j]!;
        if (product < 1 - 1e-5) nearest = Math.max(nearest, product);
      }
      distances[ids[a]!] = Math.sqrt(2 - 2 * Math.max(0, nearest));
    }
  }
  clusters.close();
  return distances;
}

function addNoisyCopies(
  vectors: Float32Array,
  dims: number,
  distances: Float32Array,
  count: number,
  append: (rows: Float32Array) => void,
): void {
  const normal = randomNormal.source(randomLcg(SEED))();
  const random = randomLcg(SEED + 1);
  // Stretches of one long run of noise: a draw for every number would take minutes.
  const noise = Float32Array.from({ length: 1 << 21 }, () => normal());
  for (let from = 0; from < count; from += BLOCK_ROWS) {
    const block = new Float32Array(Math.min(BLOCK_ROWS, count - from) * dims);
    for (let at = 0; at < block.length; at += dims) {
      const row = (from + at / dims) % distances.length;
      const direction = noise.subarray(Math.floor((noise.length - dims) * random()));
      let squares = 0;
      for (let j = 0; j < dims; j++) squares += direction[j]! ** 2;
      const scale = (0.5 * distances[row]!) / Math.sqrt(squares);
      let norm = 0;
      for (let j = 0; j < dims; j++) {
        block[at + j] = vectors[row * dims + j]! + scale * direction[j]!;
        norm += block[at + j]! ** 2;
      }
      for (let j = 0; j < dims; j++) block[at + j]! /= Math.sqrt(norm);
    }
    append(block);
  }
}
