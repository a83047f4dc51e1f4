import type { Tensor } from 'onnxruntime-node';
import { float32Tensor, Graph, type SessionOptions, sharedSession, uint8Tensor } from '../../onnx/index.js';
import type { IntegerForm } from './integer-form.js';
import { largestMagnitude } from './quantise.js';
import { queryDithers } from './query-dither.js';
import { ROUNDINGS } from './stretch.js';

/** What the last block was rounded to; the next one takes its place. */
let memory = new Uint8Array(0);

/** Queries as uint8, rounded `ROUNDINGS` times over. */
export interface QueryRoundings {
  count: number;
  /** A query is this times (its integers − the form's zero point − dither), the same for all. */
  scale: number;
  /** uint8 `(queries, dims)`, one for each rounding. */
  integers: Tensor[];
}

/**
 * Rounds queries to the nearest after adding a dither, `ROUNDINGS` times over. With the dither taken off again (see `QuantisedTile`), each
 * rounding's error is uniform whatever the query (subtractive dither: Schuchman 1964), with the variance scale²/12 in every dim,
 * and as dithers are evenly spaced the errors' mean is 1/ROUNDINGS as large. A single rounding's error would be common to
 * all points, and no number of points would average it out. They are valid until the next are rounded.
 *
 * @param queries `(queries, dims)` row-major
 * @param scale of all queries, at least max |q| / `form.largest`
 */
export async function roundQueries(
  queries: Float32Array,
  dims: number,
  scale: number,
  seed: number,
  options: SessionOptions & { form: IntegerForm },
): Promise<QueryRoundings> {
  const count = queries.length / dims;
  const { bits, zeroPoint } = options.form;
  const name = `rounding of queries to ${bits} bits`;
  const session = await sharedSession(name, () => roundingGraph(zeroPoint), options);
  const inSteps = queries.map((x) => x / scale);
  const steps = float32Tensor(inSteps, [count, dims]);
  if (memory.length < ROUNDINGS * queries.length) memory = new Uint8Array(ROUNDINGS * queries.length);
  const integers: Tensor[] = [];
  for (const [k, dither] of queryDithers(dims, seed).entries()) {
    const rounded = uint8Tensor(memory.subarray(k * queries.length, (k + 1) * queries.length), [count, dims]);
    await session.run({ steps, dither: float32Tensor(dither, [dims]) }, { rounded });
    integers.push(rounded);
  }
  return { count, scale, integers };
}

function roundingGraph(zeroPoint: number): Uint8Array {
  const graph = new Graph('rounding of queries');
  const steps = graph.input('steps', 'float32', ['queries', 'dims']);
  const dither = graph.input('dither', 'float32', ['dims']);
  const zero = graph.constant(Uint8Array.of(zeroPoint), []);
  const rounded = graph.op('QuantizeLinear', [graph.op('Add', [steps, dither]), graph.scalar(1), zero]);
  graph.output('rounded', rounded, 'uint8', ['queries', 'dims']);
  return graph.serialize();
}

/** The scale at which the largest magnitude of all queries is the form's. */
export function commonScale(queries: Float32Array, form: IntegerForm): number {
  const largest = largestMagnitude(queries);
  return largest > 0 ? largest / form.largest : 1;
}
