/** Names that the steps of a study file give to what they make, and that reports look for. */

/** The measurement of the corpora as they are, before any intervention. */
export const BASE = 'base';

/** Measurements of densities that should explain nothing. */
export const DISJOINT = 'control-disjoint';
export const PROJECTION = 'control-projection';

/** The name of a run trained again with an intervention's corpus. */
export function treatedRunName(run: string, intervention: string): string {
  return `${run}+${intervention}`;
}
