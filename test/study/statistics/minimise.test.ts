import { describe, expect, it } from 'vitest';
import { type Differentiable, minimise } from '../../../study/statistics/index.js';

/** Rosenbrock's valley in n dims. */
const rosenbrock: Differentiable = (x, gradient) => {
  let value = 0;
  gradient.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i]!, x[i + 1]!];
    value += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    gradient[i]! += -400 * a * (b - a * a) - 2 * (1 - a);
    gradient[i + 1]! += 200 * (b - a * a);
  }
  return value;
};

describe('minimise', () => {
  it.each([2, 5, 20])('finds the bottom of a curved valley in %d dims', (dims) => {
    const { x, value, converged } = minimise(rosenbrock, new Float64Array(dims).fill(-0.5), {
      iterations: 2000,
    });
    expect(converged).toBe(true);
    expect(value).toBeLessThan(1e-16);
    for (const entry of x) expect(entry).toBeCloseTo(1, 7);
  });

  it('takes a quadratic of scales from 1 to a million', () => {
    const scales = [1, 1e2, 1e4, 1e6];
    const quadratic: Differentiable = (x, gradient) =>
      scales.reduce((sum, scale, i) => {
        gradient[i] = scale * (x[i]! - i);
        return sum + (scale * (x[i]! - i) ** 2) / 2;
      }, 0);
    const { x, converged } = minimise(quadratic, [9, -9, 9, -9], { iterations: 1000 });
    expect(converged).toBe(true);
    for (const i of scales.keys()) expect(x[i]).toBeCloseTo(i, 7);
  });

  it('stays where it is at a minimum, and says so where it must stop', () => {
    expect(minimise(rosenbrock, [1, 1])).toMatchObject({ iterations: 0, converged: true });
    expect(minimise(rosenbrock, [-1.2, 1], { iterations: 3 })).toMatchObject({
      iterations: 3,
      converged: false,
    });
  });
});
