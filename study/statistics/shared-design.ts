import { group } from 'd3';
import type { Term, Values } from './checks.js';
import { requireColumns, requireDegreesOfFreedom } from './checks.js';
import { tHalfWidth, twoSidedT } from './distributions.js';
import { assignFolds, type Groups } from './folds.js';
import { orthogonalDesign } from './orthogonal-design.js';
import { clusterFactor } from './robust-errors.js';

/** What the last term of a design says of one response, beside the terms before it. */
export interface SharedFit {
  /** Of the last term, in units of y per unit of it, with cluster-robust (CR1) errors: as `leastSquares` with groups. */
  slope: { estimate: number; standardError: number; low: number; high: number; pValue: number };
  r2: number;
  /** Of the last term. */
  partialR2: number;
  /** As of `compareOutOfSample`; null where there is one fold only. */
  outOfSample: {
    /** Without and with the last term. */
    controlsR2: number;
    r2: number;
    gain: { estimate: number; standardError: number; low: number; high: number; pValue: number };
  } | null;
}

/** How rows vary together and are held out. */
export interface SharedDesignOptions {
  groups: Groups;
  /** Fewer where there are fewer groups; below 2 nothing is held out. */
  folds: number;
  seed: number;
}

/** A regression that many responses share: factored once. */
export interface SharedDesign {
  /** Regresses y (n); null where y does not vary. */
  fit(y: Values): SharedFit | null;
}

/**
 * Factors a regression on terms (each n), of which the last is in question, for as many responses as there are: of each, only
 * the products with the orthonormal columns are left, so that a response costs time in proportion to its rows and terms, folds included.
 *
 * @returns null where the last term is constant or a combination of the others, in all rows or those of a fold
 * @throws RangeError for unusable columns, or fewer rows than terms
 */
export function sharedDesign(terms: readonly Term[], options: SharedDesignOptions): SharedDesign | null {
  const { groups, seed } = options;
  const n = groups.length;
  requireColumns(new Float64Array(n), terms);
  requireDegreesOfFreedom(n, terms.length + 1);
  const last = terms.at(-1)!.name;
  const whole = factor(terms, allRows(n));
  if (whole.names.at(-1) !== last) return null;
  const members = [...group(groups.keys(), (i) => groups[i]!).values()].map((rows) => Uint32Array.from(rows));
  const folds = Math.min(options.folds, members.length);
  const held = folds < 2 ? [] : foldsOf(terms, assignFolds(n, folds, seed, groups), folds);
  if (held === null) return null;
  const degreesOfFreedom = members.length - 1;
  const halfWidth = degreesOfFreedom > 0 ? tHalfWidth(0.95, degreesOfFreedom) : Number.NaN;
  const errors = [new Float64Array(n), new Float64Array(n), new Float64Array(n)] as const;
  return { fit };

  function fit(y: Values): SharedFit | null {
    const residuals = centredRows(y, whole.rows);
    const total = squares(residuals);
    if (!(total > n * (ROUNDING * largestOf(y)) ** 2)) return null;
    let gamma = 0;
    for (const q of whole.q) {
      gamma = dot(q, residuals);
      subtract(residuals, q, gamma);
    }
    const rest = squares(residuals);
    const direction = whole.q.at(-1)!;
    const factorOf = clusterFactor(n, members.length, whole.q.length + 1);
    const variance = factorOf * sumOverGroups(members, (i) => direction[i]! * residuals[i]!);
    return {
      slope: inference(gamma * whole.unit, Math.sqrt(variance) * Math.abs(whole.unit)),
      r2: 1 - rest / total,
      partialR2: gamma ** 2 / (gamma ** 2 + rest),
      outOfSample: held!.length > 0 ? holdOut(y) : null,
    };
  }

  function holdOut(y: Values): SharedFit['outOfSample'] {
    const [without, withLast, deviations] = errors;
    for (const { training, rows, coordinates } of held!) {
      const left = centredRows(y, training.rows);
      const mean = meanOf(y, training.rows);
      const gammas = training.q.map((q) => {
        const gamma = dot(q, left);
        subtract(left, q, gamma);
        return gamma;
      });
      rows.forEach((row, i) => {
        let predicted = mean;
        for (let j = 0; j < gammas.length - 1; j++) predicted += coordinates[j]![i]! * gammas[j]!;
        without[row] = (y[row]! - predicted) ** 2;
        predicted += coordinates.at(-1)![i]! * gammas.at(-1)!;
        withLast[row] = (y[row]! - predicted) ** 2;
        deviations[row] = (y[row]! - mean) ** 2;
      });
    }
    const [sst, sseControls, sse] = [sumOf(deviations), sumOf(without), sumOf(withLast)];
    const gain = (sseControls - sse) / sst;
    const spread = sumOverGroups(members, (i) => without[i]! - withLast[i]! - gain * deviations[i]!);
    const clusters = members.length;
    const standardError = Math.sqrt((clusters / (clusters - 1)) * spread) / sst;
    return { controlsR2: 1 - sseControls / sst, r2: 1 - sse / sst, gain: inference(gain, standardError) };
  }

  function inference(estimate: number, standardError: number) {
    return {
      ...{ estimate, standardError },
      low: estimate - halfWidth * standardError,
      high: estimate + halfWidth * standardError,
      pValue: estimate === 0 ? 1 : twoSidedT(estimate / standardError, degreesOfFreedom),
    };
  }
}

/** What rounding of the mean may leave of values that are all alike, relative to them. */
const ROUNDING = 8 * Number.EPSILON;

interface Factored {
  names: string[];
  rows: Uint32Array;
  /** Orthonormal columns over the rows, each orthogonal to a constant. */
  q: Float64Array[];
  /** What the last column's coordinate is to be multiplied with to be the last term's slope. */
  unit: number;
}

/** Terms of some rows as orthonormal columns; for rows that were not among these, `coordinates` are the same combinations of terms. */
function factor(
  terms: readonly Term[],
  rows: Uint32Array,
): Factored & { design: ReturnType<typeof orthogonalDesign> } {
  const design = orthogonalDesign(
    terms.map(({ name, values }) => ({ name, values: Float64Array.from(rows, (i) => values[i]!) })),
    rows.length,
  );
  const k = design.names.length;
  const q = design.names.map((_, j) => Float64Array.from(rows, (_row, i) => design.q.get(i, j)));
  const unit = k === 0 ? 0 : 1 / (design.r.get(k - 1, k - 1) * design.lengths[k - 1]!);
  return { names: design.names, rows, q, unit, design };
}

interface Held {
  training: Factored;
  rows: Uint32Array;
  /** Of the held-out rows in the training rows' orthonormal columns: (terms, rows). */
  coordinates: Float64Array[];
}

/** A fold's training rows, factored, and its held-out rows; null where the last term says nothing in one. */
function foldsOf(terms: readonly Term[], fold: Uint32Array, folds: number): Held[] | null {
  const last = terms.at(-1)!.name;
  const all = allRows(fold.length);
  const held = Array.from({ length: folds }, (_, k): Held => {
    const rows = all.filter((i) => fold[i] === k);
    const training = factor(
      terms,
      all.filter((i) => fold[i] !== k),
    );
    return { training, rows, coordinates: coordinatesOf(terms, training, rows) };
  });
  return held.every(({ training }) => training.names.at(-1) === last) ? held : null;
}

/** Solves z·r = (centred, scaled row) for every row, by forward substitution. */
function coordinatesOf(
  terms: readonly Term[],
  { names, design: { means, lengths, r } }: ReturnType<typeof factor>,
  rows: Uint32Array,
): Float64Array[] {
  const values = names.map((name) => terms.find((term) => term.name === name)!.values);
  const coordinates = names.map(() => new Float64Array(rows.length));
  rows.forEach((row, i) => {
    for (let j = 0; j < names.length; j++) {
      let value = (values[j]![row]! - means[j]!) / lengths[j]!;
      for (let l = 0; l < j; l++) value -= coordinates[l]![i]! * r.get(l, j);
      coordinates[j]![i] = value / r.get(j, j);
    }
  });
  return coordinates;
}

function allRows(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i);
}

function meanOf(y: Values, rows: Uint32Array): number {
  let sum = 0;
  for (const i of rows) sum += y[i]!;
  return sum / rows.length;
}

function centredRows(y: Values, rows: Uint32Array): Float64Array {
  const mean = meanOf(y, rows);
  const centred = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) centred[i] = y[rows[i]!]! - mean;
  return centred;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(from: Float64Array, direction: Float64Array, times: number): void {
  for (let i = 0; i < from.length; i++) from[i]! -= times * direction[i]!;
}

function squares(values: Float64Array): number {
  return dot(values, values);
}

function largestOf(values: Values): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** Σ over groups of (Σ of its rows)². */
function sumOverGroups(members: readonly Uint32Array[], of: (row: number) => number): number {
  let sum = 0;
  for (const rows of members) {
    let score = 0;
    for (let i = 0; i < rows.length; i++) score += of(rows[i]!);
    sum += score ** 2;
  }
  return sum;
}
