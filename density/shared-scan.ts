import { setImmediate } from 'node:timers/promises';
import type { SessionOptions } from '../onnx/index.js';
import type { DensityEstimate } from './estimate.js';
import { BLOCK_QUERIES, REFINED } from './exact.js';
import { type PlacedTile, startingReferences, tileAdder } from './exact-tile.js';
import type { HeldTiles } from './held-tiles.js';
import { type KernelName, kernelNamed } from './kernels.js';
import type { Numbering } from './numbering.js';
import type { Points } from './points.js';
import { QuerySum } from './query-sum.js';
import { refine } from './refine.js';
import { openTileKernel, type PreparedQueries, type TileKernel } from './tile-kernel.js';

/** What a scan goes over, and for which densities. */
export interface ScanOptions extends SessionOptions {
  kernel: KernelName;
  bandwidth: number;
  numbering: Numbering;
  tiles: HeldTiles;
}

/** Queries that joined together. */
interface Rider {
  queries: Float32Array;
  sums: QuerySum[];
  neighbours: number;
  /** Tiles that they have not met. */
  left: number;
  resolve(estimates: DensityEstimate[]): void;
  reject(error: unknown): void;
}

interface Block {
  prepared: PreparedQueries;
  /** One a query of the block, in order. */
  members: { sum: QuerySum; vector: Float32Array }[];
}

/** Tiles that are met without a look at what else there is to do. */
const TILES_A_TURN = 4;

/**
 * Exact densities for queries that come at any time: one pass goes round and round over the tiles, queries join it where it is and are
 * answered when it has come round to there, so that nobody waits for a pass to begin and all share each tile's product
 * (the clock scan of Unterbrunner et al., Crescando, VLDB 2009). It stands still while there is no query.
 */
export class SharedScan {
  readonly #points: readonly Points[];
  readonly #options: ScanOptions;
  readonly #dims: number;
  #riders: Rider[] = [];
  #blocks: Block[] | undefined;
  #position = 0;
  #turning: Promise<void> | undefined;

  constructor(points: readonly Points[], options: ScanOptions) {
    this.#points = points;
    this.#options = options;
    this.#dims = points[0]!.reader.dims;
  }

  /** Whether no query is under way. */
  get isIdle(): boolean {
    return this.#riders.length === 0;
  }

  /**
   * Joins the scan where it is.
   *
   * @param queries `(queries, dims)` row-major unit vectors
   * @returns what `exactDensity` gives without documents, up to the rounding of sums in another order
   */
  estimate(queries: Float32Array, { neighbours }: { neighbours: number }): Promise<DensityEstimate[]> {
    const { kernel: name, bandwidth, numbering, tiles } = this.#options;
    const kernel = kernelNamed(name);
    const references = startingReferences(queries, this.#points, this.#dims, (r) => kernel.log(r, bandwidth));
    const sums = Array.from(references, (reference) => {
      return new QuerySum(reference, numbering.sources.length, {
        documents: 0,
        nearest: Math.max(REFINED, neighbours),
      });
    });
    return new Promise((resolve, reject) => {
      this.#riders.push({ queries, sums, neighbours, left: tiles.count, resolve, reject });
      this.#blocks = undefined;
      this.#turning ??= this.#turn();
    });
  }

  async #turn(): Promise<void> {
    const { kernel: name, bandwidth, tiles, ...session } = this.#options;
    const kernel = kernelNamed(name);
    try {
      const tileKernel = await openTileKernel(kernel, bandwidth, this.#dims, session);
      const addTile = tileAdder(kernel, bandwidth);
      while (this.#riders.length > 0) {
        this.#blocks ??= this.#blocksWith(tileKernel);
        // Of those who join while the tile is read and multiplied, nothing is in its values.
        const [blocks, met] = [this.#blocks, this.#riders.slice()];
        const placed = tiles.tile(this.#position);
        for (const block of blocks) await meet(block, tileKernel, placed, addTile);
        this.#position = (this.#position + 1) % tiles.count;
        for (const rider of met) rider.left--;
        if (met.some(({ left }) => left === 0)) this.#answer(met.filter(({ left }) => left === 0));
        // Lets messages in, with queries that join.
        if (this.#position % TILES_A_TURN === 0) await setImmediate();
      }
    } catch (error) {
      for (const { reject } of this.#riders.splice(0)) reject(error);
    } finally {
      this.#turning = undefined;
    }
  }

  #blocksWith(tileKernel: TileKernel): Block[] {
    const members = this.#riders.flatMap(({ queries, sums }) =>
      sums.map((sum, q) => ({ sum, vector: queries.subarray(q * this.#dims, (q + 1) * this.#dims) })),
    );
    const blocks: Block[] = [];
    for (let from = 0; from < members.length; from += BLOCK_QUERIES) {
      const own = members.slice(from, from + BLOCK_QUERIES);
      const block = new Float32Array(own.length * this.#dims);
      for (const [q, { vector }] of own.entries()) block.set(vector, q * this.#dims);
      blocks.push({ prepared: tileKernel.prepare(block), members: own });
    }
    return blocks;
  }

  #answer(riders: readonly Rider[]): void {
    const { kernel: name, bandwidth, numbering } = this.#options;
    this.#riders = this.#riders.filter((rider) => !riders.includes(rider));
    this.#blocks = undefined;
    for (const { queries, sums, neighbours, resolve, reject } of riders) {
      try {
        const settings = { kernel: kernelNamed(name), bandwidth, neighbours };
        resolve(refine(queries, this.#points, sums, numbering, settings));
      } catch (error) {
        reject(error);
      }
    }
  }
}

async function meet(
  { prepared, members }: Block,
  tileKernel: TileKernel,
  placed: PlacedTile,
  addTile: ReturnType<typeof tileAdder>,
): Promise<void> {
  for (const [q, { sum }] of members.entries()) prepared.shift[q] = -sum.logReference;
  const values = await tileKernel.run(prepared, placed.tile.padded);
  for (const [q, { sum, vector }] of members.entries()) addTile(sum, values, q, vector, placed);
}
