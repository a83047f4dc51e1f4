/** A column of numbers: an array or any typed array. */
export type Values = ArrayLike<number>;

/** A named column of a regression, one value a row. */
export interface Term {
  name: string;
  values: Values;
}

/** Throws RangeError naming the first value of `values` that is not finite, by its index. */
export function requireFinite(name: string, values: Values): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(
        `${name}[${i}] is ${values[i]}: every value must be a finite number; leave such rows out before the statistics`,
      );
    }
  }
}

/** Throws RangeError unless two columns have the same number of rows. */
export function requireSameLength(
  firstName: string,
  first: ArrayLike<unknown>,
  name: string,
  column: ArrayLike<unknown>,
): void {
  if (first.length !== column.length) {
    throw new RangeError(
      `${firstName} has ${first.length} rows and ${name} has ${column.length}: they must be the same rows`,
    );
  }
}

/** Throws RangeError unless `y` and every term are finite and of one length, and the terms' names differ. */
export function requireColumns(y: Values, terms: readonly Term[]): void {
  requireFinite('y', y);
  const names = new Set(['intercept']);
  for (const { name, values } of terms) {
    if (names.has(name)) throw new RangeError(`two terms are named ${JSON.stringify(name)}: rename one`);
    names.add(name);
    requireSameLength('y', y, name, values);
    requireFinite(name, values);
  }
}

/** Throws RangeError unless there are more rows than parameters, as errors need at least one degree of freedom. */
export function requireDegreesOfFreedom(rows: number, parameters: number): void {
  if (rows <= parameters) {
    throw new RangeError(
      `${rows} rows are too few for ${parameters} parameters (intercept and terms): at least ${parameters + 1} are needed`,
    );
  }
}

/** Throws RangeError unless a confidence level is strictly between 0 and 1. */
export function requireLevel(level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`level is ${level}: give a share strictly between 0 and 1, such as 0.95`);
  }
}

/** Whether all values are one and the same (also true of none). */
export function isConstant(values: Values): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** Throws RangeError if all of y is one value, which leaves nothing to explain. */
export function requireVariation(y: Values): void {
  if (isConstant(y)) {
    throw new RangeError(`y is ${y[0]} in all ${y.length} rows: there is no variation to explain`);
  }
}
