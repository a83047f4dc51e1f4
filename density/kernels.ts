import type { Graph, Value } from '../onnx/index.js';

/** The kernels a density can be estimated with. */
export const KERNEL_NAMES = ['exponential', 'gaussian', 'vmf'] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

/** Error of a cosine of unit float32 vectors computed by a float32 Gemm; measured up to 1.5e-7 at 1024 dims. */
export const COSINE_ERROR = 2e-7;
/** A log density is accepted when its error is below this, nats (4.3e-5 in log10). */
export const TOLERANCE = 1e-4;

/**
 * A radial kernel K(r) with K(0) = 1, on unit vectors, where r² = 2 − 2·cos.
 *
 * A tile's Gemm gives `scale(h)·cos + offset(h)` for every pair; `emitLog` goes on from there.
 */
export interface Kernel {
  readonly name: KernelName;
  /** log K in nats at distance `r` and bandwidth `h`, in float64. */
  log(r: number, h: number): number;
  /** The distance at which log K is `log`, the inverse of `log`. */
  radius(log: number, h: number): number;
  /** |∂ log K / ∂ cos|: how far an error in the cosine moves the log kernel. */
  slope(r: number, h: number): number;
  /** (∂²K / ∂ cos²) / K: twice the factor by which the square of an unbiased error in the cosine moves the kernel's mean. */
  curvature(r: number, h: number): number;
  /** The factor of the cosine in the tile's Gemm. */
  scale(h: number): number;
  /** What the tile's Gemm adds. */
  offset(h: number): number;
  /**
   * Adds the operators from the Gemm's output to log K + shift; `shift` is (queries, 1). Without `clamp` it may be NaN where rounding makes a
   * squared distance negative.
   */
  emitLog(graph: Graph, scaled: Value, shift: Value, clamp?: boolean): Value;
}

/** K(r) = exp(−r/h), the kernel of LMD3. */
const exponential: Kernel = {
  name: 'exponential',
  log: (r, h) => -r / h,
  radius: (log, h) => Math.abs(log) * h,
  slope: (r, h) => 1 / (r * h),
  curvature: (r, h) => (1 + h / r) / (r * h) ** 2,
  // −2/h²·cos + 2/h² is (r/h)², whose root is all that is left to take.
  scale: (h) => -2 / h ** 2,
  offset: (h) => 2 / h ** 2,
  emitLog: (graph, scaled, shift, clamp = true) => {
    return graph.op('Sub', [shift, graph.op('Sqrt', [clamp ? graph.op('Relu', [scaled]) : scaled])]);
  },
};

/** K(r) = exp(−r²/2h²). */
const gaussian: Kernel = {
  name: 'gaussian',
  log: (r, h) => -(r ** 2) / (2 * h ** 2),
  radius: (log, h) => h * Math.sqrt(2 * Math.abs(log)),
  slope: (_, h) => 1 / h ** 2,
  curvature: (_, h) => 1 / h ** 4,
  scale: (h) => 1 / h ** 2,
  offset: (h) => -1 / h ** 2,
  emitLog: (graph, scaled, shift) => graph.op('Add', [scaled, shift]),
};

/**
 * The von Mises–Fisher kernel, K = exp(κ(cos − 1)) with κ = 1/h². As r² = 2 − 2·cos on the unit sphere, this is
 * exp(−r²/2h²), the gaussian under the name that directional statistics has for it: all its numbers are the gaussian's.
 */
const vmf: Kernel = { ...gaussian, name: 'vmf' };

const KERNELS: Record<KernelName, Kernel> = { exponential, gaussian, vmf };

/** The kernel of that name. */
export function kernelNamed(name: KernelName): Kernel {
  return KERNELS[name];
}

/** Points nearer than this may be copies of a query. */
const COPY = 0.1;
const STEP = 0.9;

/**
 * The distance within which a float32 cosine cannot promise the tolerance, at most that of copies: kernels of such points are
 * computed in float64.
 */
export function unsureWithin(kernel: Kernel, bandwidth: number): number {
  const isSure = (r: number) => COSINE_ERROR * kernel.slope(r, bandwidth) <= TOLERANCE;
  let r = COPY;
  while (r > Number.EPSILON && isSure(r * STEP)) r *= STEP;
  return r;
}
