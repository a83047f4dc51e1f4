import type { Matrix } from 'ml-matrix';
import type { OrthogonalDesign } from './orthogonal-design.js';

/** Solves r·x = right for an upper triangle, in place. */
function backSubstitute(r: Matrix, right: Float64Array): Float64Array {
  for (let j = right.length - 1; j >= 0; j--) {
    let value = right[j]!;
    for (let k = j + 1; k < right.length; k++) value -= r.get(j, k) * right[k]!;
    right[j] = value / r.get(j, j);
  }
  return right;
}

function project(q: Matrix, vector: Float64Array): Float64Array {
  const gamma = new Float64Array(q.columns);
  for (let i = 0; i < vector.length; i++) {
    for (let j = 0; j < gamma.length; j++) gamma[j]! += q.get(i, j) * vector[i]!;
  }
  return gamma;
}

/** The centred response in the design's orthonormal coordinates, Qᵀy, and what is left of it after the first `count` of them. */
export function projectResponse(
  design: OrthogonalDesign,
  centred: Float64Array,
  count = design.names.length,
) {
  const gamma = new Float64Array(design.names.length);
  const residuals = Float64Array.from(centred);
  for (let pass = 0; pass < 2; pass++) {
    const step = project(design.q, residuals);
    for (let j = 0; j < count; j++) {
      gamma[j]! += step[j]!;
      for (let i = 0; i < residuals.length; i++) residuals[i]! -= step[j]! * design.q.get(i, j);
    }
  }
  return { gamma, residuals };
}

/**
 * Least-squares slopes in the terms' own units, with two steps of iterative refinement
 * (Golub 1965): the residual of the current slopes is fitted and its slopes added.
 */
export function solveSlopes(design: OrthogonalDesign, centred: Float64Array): Float64Array {
  const { q, r, columns, lengths } = design;
  const slopes = backSubstitute(r, project(q, centred));
  for (let step = 0; step < 2; step++) {
    const residuals = centred.map((value, i) => {
      let rest = value;
      for (let j = 0; j < slopes.length; j++) rest -= columns.get(i, j) * slopes[j]!;
      return rest;
    });
    const correction = backSubstitute(r, project(q, residuals));
    for (let j = 0; j < slopes.length; j++) slopes[j]! += correction[j]!;
  }
  return slopes.map((value, j) => value / lengths[j]!);
}

/** Row i of the linear map from the response to [intercept, slopes]: coefficient = Σᵢ weight·yᵢ. */
export function coefficientWeights(design: OrthogonalDesign, i: number): Float64Array {
  const { q, r, lengths, means } = design;
  const slopes = backSubstitute(
    r,
    Float64Array.from(lengths, (_, j) => q.get(i, j)),
  );
  const weights = new Float64Array(lengths.length + 1);
  weights[0] = 1 / q.rows;
  for (let j = 0; j < lengths.length; j++) {
    weights[j + 1] = slopes[j]! / lengths[j]!;
    weights[0]! -= weights[j + 1]! * means[j]!;
  }
  return weights;
}

/** Each row's leverage, the diagonal of the hat matrix with its intercept: 1/n + Σⱼ qᵢⱼ². */
export function designLeverages(design: OrthogonalDesign): number[] {
  const { q } = design;
  return Array.from({ length: q.rows }, (_, i) => {
    let leverage = 1 / q.rows;
    for (let j = 0; j < q.columns; j++) leverage += q.get(i, j) ** 2;
    return leverage;
  });
}

/** Σ v². */
export function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
