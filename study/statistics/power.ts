import { normalQuantile } from './distributions.js';

/** What a sample could have seen. */
export interface SmallestEffect {
  /** The smallest partial correlation of this power; effects below it are missed more often than that. */
  correlation: number;
  /** Its square, a partial R². */
  partialR2: number;
  power: number;
  level: number;
}

/**
 * The smallest partial correlation that a two-sided test at `level` finds with `power` among n rows and so many controls, by Fisher's z:
 * tanh((z₁₋α⸝₂ + z_power)/√(n − controls − 3)) (Cohen 1988, ch. 3). With rows that vary together, give the number of groups for n.
 * Throws RangeError for fewer than 4 rows beyond the controls.
 */
export function smallestEffect(
  n: number,
  { controls = 0, power = 0.8, level = 0.05 }: { controls?: number; power?: number; level?: number } = {},
): SmallestEffect {
  const freedom = n - controls - 3;
  if (!(freedom > 0)) {
    throw new RangeError(
      `${n} rows are too few for ${controls} controls: at least ${controls + 4} are needed`,
    );
  }
  const z = normalQuantile(1 - level / 2) + normalQuantile(power);
  const correlation = Math.tanh(z / Math.sqrt(freedom));
  return { correlation, partialR2: correlation ** 2, power, level };
}
