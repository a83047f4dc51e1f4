/**
 * The angular kernel K(θ) = (1 − θ/π)^p on the unit sphere, θ the angle between two vectors: the chance that p signed
 * random projections agree on both (Goemans & Williamson 1995, lemma 3.2; Charikar 2002). It is neither the exponential
 * nor the gaussian kernel, and its densities are not to be compared with theirs.
 *
 * @param distance ‖q − x‖ of unit vectors, 0 to 2
 * @param bits p, the number of projections
 */
export function angularKernel(distance: number, bits: number): number {
  return (1 - angleAt(distance) / Math.PI) ** bits;
}

/**
 * The number of bits, whole and at least 1, whose angular kernel is nearest to having the value exp(−1) at the distance
 * h, as the exponential kernel of bandwidth h has: p = −1/ln(1 − θ(h)/π), which is about π/h − 1/2 for a small h.
 *
 * @param bandwidth h, in units of distance on the unit sphere
 * @throws RangeError where the bandwidth is not between 0 and 2
 */
export function bitsForBandwidth(bandwidth: number): number {
  if (!(bandwidth > 0 && bandwidth < 2)) {
    throw new RangeError(`A bandwidth for a sketch must lie between 0 and 2, not be ${bandwidth}.`);
  }
  return Math.max(1, Math.round(-1 / Math.log1p(-angleAt(bandwidth) / Math.PI)));
}

/** The inverse of `bitsForBandwidth`: the distance at which the angular kernel of that many bits is exp(−1). */
export function bandwidthOfBits(bits: number): number {
  return 2 * Math.sin((-Math.PI * Math.expm1(-1 / bits)) / 2);
}

/** What the kernel is, in words: shown wherever a sketch's numbers are. */
export function describeAngularKernel(bits: number): string {
  return `angular kernel (1 − θ/π)^${bits}, about as wide as an exponential one of h = ${bandwidthOfBits(bits).toPrecision(3)}`;
}

function angleAt(distance: number): number {
  return 2 * Math.asin(Math.min(1, distance / 2));
}
