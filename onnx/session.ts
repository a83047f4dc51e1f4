import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';

/** How an ONNX graph is run. */
export interface SessionOptions {
  /** Threads inside one operator; by default one for each core that the process may use. */
  threads?: number;
  /** Whether memory is laid out for the whole graph beforehand, as it is by default; without, a long graph takes less. */
  memoryPattern?: boolean;
}

/**
 * Opens a graph for running on the CPU. `run` occupies the calling thread until the graph has run.
 *
 * @param model bytes of an ONNX model, from `Graph.serialize`
 * @throws Error with ONNX Runtime's message where the graph is not valid
 */
export async function openSession(
  model: Uint8Array,
  options: SessionOptions = {},
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: options.threads ?? availableParallelism(),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: options.memoryPattern ?? true,
    logSeverityLevel: 3,
    extra: {
      session: {
        // Denormal kernel values would cost ten times the time and add nothing to a sum.
        set_denormal_as_zero: '1',
        // Threads that spin while they wait take the cores from whatever else runs.
        intra_op: { allow_spinning: '0' },
      },
    },
  });
}

const shared = new Map<string, Promise<ort.InferenceSession>>();

/**
 * The session of a graph that many calls run, opened once a thread and never closed.
 *
 * @param name tells the graph from all others
 */
export function sharedSession(
  name: string,
  model: () => Uint8Array,
  options: SessionOptions = {},
): Promise<ort.InferenceSession> {
  const key = `${name}, ${options.threads ?? 'all'} threads`;
  const session = shared.get(key) ?? openSession(model(), options);
  shared.set(key, session);
  return session;
}

/** A tensor of `float32` elements, row-major; `data` is not copied. */
export function float32Tensor(data: Float32Array, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', data, shape);
}

/** A tensor of `int32` elements, row-major; `data` is not copied. */
export function int32Tensor(data: Int32Array, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('int32', data, shape);
}

/** A tensor of `int8` elements, row-major; `data` is not copied. */
export function int8Tensor(data: Int8Array, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('int8', data, shape);
}

/** A tensor of `uint8` elements, row-major; `data` is not copied. */
export function uint8Tensor(data: Uint8Array, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('uint8', data, shape);
}
