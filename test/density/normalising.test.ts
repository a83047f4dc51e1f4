import { describe, expect, it } from 'vitest';
import { kernelNamed } from '../../density/index.js';
import { logMeanOverSphere } from '../../density/normalising.js';

const BANDWIDTHS = [0.003, 0.02, 0.1, 0.5, 2, 10];

/** Γ(d/2) (2/κ)^ν I_ν(κ) exp(−κ) by the power series of the Bessel function, Σ (κ²/4)^j / (j! (d/2)_j), in logs. */
function logBesselMean(kappa: number, dims: number): number {
  let [term, largest] = [0, 0];
  const terms = [0];
  for (let j = 1; j < 200_000; j++) {
    term += 2 * Math.log(kappa / 2) - Math.log(j) - Math.log(dims / 2 + j - 1);
    terms.push(term);
    largest = Math.max(largest, term);
    if (term < largest - 50) break;
  }
  return largest + Math.log(terms.reduce((sum, log) => sum + Math.exp(log - largest), 0)) - kappa;
}

describe('logMeanOverSphere', () => {
  it.each([2, 3, 8, 128, 384, 1024])('is the Bessel function of vmf at %d dims', (dims) => {
    for (const bandwidth of BANDWIDTHS) {
      const expected = logBesselMean(1 / bandwidth ** 2, dims);
      const relative = logMeanOverSphere(kernelNamed('vmf'), bandwidth, dims) - expected;
      expect(Math.abs(relative), `h ${bandwidth}`).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
    }
  });

  it('is (h²/2)(1 − exp(−2/h)(1 + 2/h)) for the exponential kernel at 3 dims', () => {
    for (const h of BANDWIDTHS) {
      const expected = Math.log((h ** 2 / 2) * (1 - Math.exp(-2 / h) * (1 + 2 / h)));
      expect(logMeanOverSphere(kernelNamed('exponential'), h, 3)).toBeCloseTo(expected, 7);
    }
  });

  it('refuses a sphere of no surface', () => {
    expect(() => logMeanOverSphere(kernelNamed('vmf'), 1, 1)).toThrow('2 dims or more, not 1');
  });
});
