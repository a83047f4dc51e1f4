import {
  requireColumns,
  requireDegreesOfFreedom,
  requireVariation,
  type Term,
  type Values,
} from './checks.js';
import { upperF } from './distributions.js';
import { centre, type DroppedTerm, orthogonalDesign } from './orthogonal-design.js';
import { designLeverages, projectResponse, sumOfSquares } from './orthogonal-solve.js';
import { hc3Variances, robustF } from './robust-errors.js';

/** What added terms explain beyond the controls. */
export interface PartialR2 {
  /** The share of what the controls leave that the added terms explain, (SSR_reduced − SSR_full) / SSR_reduced. */
  partialR2: number;
  /** R² with the added terms less R² without them. */
  deltaR2: number;
  r2Controls: number;
  r2Full: number;
  /** The classical F test that all added slopes are 0; null if every added term was dropped. */
  f: number | null;
  pValue: number | null;
  /** The same hypothesis by a Wald F with HC3 variances; null also where HC3 is undefined (a row of leverage 1). */
  robustF: number | null;
  robustPValue: number | null;
  addedDegreesOfFreedom: number;
  degreesOfFreedom: number;
  n: number;
  dropped: DroppedTerm[];
}

/**
 * The partial R² of added terms given the controls (all of n rows, an intercept always in), with its F test,
 * F = ((SSR_reduced − SSR_full)/added) / (SSR_full/(n − p)), and an HC3 form of it for unequal variances.
 * Throws RangeError for values that are not finite, columns of different lengths, a constant y, or no more rows than parameters.
 */
export function partialR2(y: Values, controls: readonly Term[], added: readonly Term[]): PartialR2 {
  const terms = [...controls, ...added];
  requireColumns(y, terms);
  requireDegreesOfFreedom(y.length, terms.length + 1);
  requireVariation(y);
  const n = y.length;
  const design = orthogonalDesign(terms, n);
  const addedNames = new Set(added.map(({ name }) => name));
  const addedDegreesOfFreedom = design.names.filter((name) => addedNames.has(name)).length;
  const controlCount = design.names.length - addedDegreesOfFreedom;
  const degreesOfFreedom = n - design.names.length - 1;
  const { centred } = centre(y);
  const total = sumOfSquares(centred);
  const full = projectResponse(design, centred);
  const fullSquares = sumOfSquares(full.residuals);
  const reducedSquares = sumOfSquares(projectResponse(design, centred, controlCount).residuals);
  // The added columns' own coordinates: no cancellation, unlike the difference of the two sums.
  const explained = sumOfSquares(full.gamma.slice(controlCount));
  const tested = addedDegreesOfFreedom > 0;
  const f = tested ? explained / addedDegreesOfFreedom / (fullSquares / degreesOfFreedom) : null;
  const leverages = designLeverages(design);
  const robust =
    tested && leverages.every((leverage) => 1 - leverage >= 1e-10)
      ? robustF(design, full.gamma, hc3Variances(full.residuals, leverages), controlCount)
      : null;
  return {
    partialR2: reducedSquares > 0 ? Math.min(1, explained / reducedSquares) : 0,
    deltaR2: explained / total,
    r2Controls: 1 - reducedSquares / total,
    r2Full: 1 - fullSquares / total,
    f,
    pValue: f === null ? null : upperF(f, addedDegreesOfFreedom, degreesOfFreedom),
    robustF: robust,
    robustPValue: robust === null ? null : upperF(robust, addedDegreesOfFreedom, degreesOfFreedom),
    addedDegreesOfFreedom,
    degreesOfFreedom,
    n,
    dropped: design.dropped,
  };
}
