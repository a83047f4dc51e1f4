import { Matrix, QrDecomposition } from 'ml-matrix';
import type { Term, Values } from './checks.js';

/** A term that a fit left out, and why. */
export interface DroppedTerm {
  name: string;
  reason: 'constant' | 'collinear';
}

/** Terms centred, scaled to unit length and factored as Q·R; the intercept is the mean, outside of Q. */
export interface OrthogonalDesign {
  names: string[];
  /** Column means and centred lengths: column = mean + length · (unit column). */
  means: number[];
  lengths: number[];
  /** The centred unit columns, (rows, terms). */
  columns: Matrix;
  /** Orthonormal columns, (rows, terms), and the triangle with columns = q·r. */
  q: Matrix;
  r: Matrix;
  dropped: DroppedTerm[];
}

// Filip's columns, which are independent, reach 6e-8; an exact copy of a column stays under 1e-15.
const COLLINEAR = 1e-10;

/** The mean and the values less it; the second pass removes what rounding left of the mean. */
export function centre(values: Values): { mean: number; centred: Float64Array } {
  const centred = Float64Array.from(values);
  let mean = 0;
  for (let pass = 0; pass < 2; pass++) {
    let sum = 0;
    for (const value of centred) sum += value;
    const shift = sum / centred.length;
    mean += shift;
    for (let i = 0; i < centred.length; i++) centred[i]! -= shift;
  }
  return { mean, centred };
}

/**
 * Factors terms (each of one length, finite, fewer than rows) by Householder QR after centring each and scaling it to unit length.
 * A term that is constant, or within rounding of a combination of the terms before it, is dropped and named.
 */
export function orthogonalDesign(terms: readonly Term[], rows: number): OrthogonalDesign {
  const dropped: DroppedTerm[] = [];
  let kept: { name: string; mean: number; length: number; noise: number; unit: Float64Array }[] = [];
  for (const { name, values } of terms) {
    const { mean, centred } = centre(values);
    let largest = 0;
    let squares = 0;
    for (let i = 0; i < rows; i++) {
      largest = Math.max(largest, Math.abs(values[i]!));
      squares += centred[i]! ** 2;
    }
    const length = Math.sqrt(squares);
    // What rounding the given values themselves may add to a unit column.
    const noise = (8 * Number.EPSILON * Math.sqrt(rows) * largest) / length;
    if (!(noise < 1)) dropped.push({ name, reason: 'constant' });
    else kept.push({ name, mean, length, noise, unit: centred.map((value) => value / length) });
  }
  for (;;) {
    const columns = Matrix.zeros(rows, kept.length);
    kept.forEach(({ unit }, j) => {
      for (let i = 0; i < rows; i++) columns.set(i, j, unit[i]!);
    });
    const factored = kept.length > 0 ? factor(columns) : { q: columns, r: Matrix.zeros(0, 0) };
    // Diagonal entries after the first small one mean nothing: drop one column, factor again.
    const bad = kept.findIndex(({ noise }, j) => Math.abs(factored.r.get(j, j)) < COLLINEAR + noise);
    if (bad < 0) {
      return {
        names: kept.map(({ name }) => name),
        means: kept.map(({ mean }) => mean),
        lengths: kept.map(({ length }) => length),
        columns,
        ...factored,
        dropped,
      };
    }
    dropped.push({ name: kept[bad]!.name, reason: 'collinear' });
    kept = kept.filter((_, j) => j !== bad);
  }
}

function factor(columns: Matrix): { q: Matrix; r: Matrix } {
  const decomposition = new QrDecomposition(columns);
  return { q: decomposition.orthogonalMatrix, r: decomposition.upperTriangularMatrix };
}
