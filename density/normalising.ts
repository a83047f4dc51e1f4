import type { Kernel } from './kernels.js';

const STEPS = 8192;
const REACH = 40;

/**
 * The log of a kernel's mean over the whole sphere, E[K(‖x − q‖)] with x uniform on the unit sphere of `dims` dims, in
 * nats. A kernel divided by it is a probability density with respect to the uniform distribution on the sphere, 1 everywhere
 * where the bandwidth is large.
 *
 * The angle θ from q has density ∝ sin^(dims−2) θ (Mardia & Jupp 2000, Directional Statistics, §9.1), and r = 2·sin(θ/2), so
 * E[K] = ∫ K(2 sin(θ/2)) sin^(dims−2) θ dθ / ∫ sin^(dims−2) θ dθ from 0 to π. For vmf and gaussian this is
 * Γ(dims/2) (2/κ)^ν I_ν(κ) exp(−κ) with ν = dims/2 − 1 and κ = 1/h² (there, §9.3); the exponential kernel has no closed form. Both
 * integrals are summed by the trapezoidal rule over t = log(θ/(π − θ)), in which the integrand dies away at both ends and the
 * rule’s error is below 1e-7 of the log.
 *
 * @throws RangeError for fewer than 2 dims
 */
export function logMeanOverSphere(kernel: Kernel, bandwidth: number, dims: number): number {
  if (!(dims >= 2)) throw new RangeError(`A sphere to integrate over has 2 dims or more, not ${dims}.`);
  const [withKernel, alone] = [new Float64Array(STEPS + 1), new Float64Array(STEPS + 1)];
  for (let step = 0; step <= STEPS; step++) {
    const t = (step / STEPS - 0.5) * 2 * REACH;
    const [theta, rest] = [Math.PI / (1 + Math.exp(-t)), Math.PI / (1 + Math.exp(t))];
    // dθ/dt = θ(π − θ)/π; sin θ = sin(π − θ), of which the smaller angle is the more precise.
    alone[step] = (dims - 2) * Math.log(Math.sin(Math.min(theta, rest))) + Math.log(theta) + Math.log(rest);
    withKernel[step] = alone[step]! + kernel.log(2 * Math.sin(theta / 2), bandwidth);
  }
  return logSumExp(withKernel) - logSumExp(alone);
}

function logSumExp(logs: Float64Array): number {
  const largest = logs.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
