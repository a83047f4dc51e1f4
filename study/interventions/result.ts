import type { InterventionArm } from '../../store/index.js';
import type { Estimate, Slope } from '../regression/index.js';
import type { McNemarTest } from '../statistics/index.js';

/** One arm of an intervention: what leaking `dose` texts a query did. */
export interface ArmResult {
  arm: string;
  kind: InterventionArm['kind'];
  dose: number;
  queries: number;
  /** Mean change of log10 density, after − before. */
  densityChange: number;
  /** Mean gain in loss: before − after, nats a token. */
  gain: number;
  /** Against the control arm: difference in differences; null for the control arm itself, or where it cannot be estimated. */
  densityEffect: Estimate | null;
  gainEffect: Estimate | null;
  /** The same difference of gains by ranks (Hodges–Lehmann's shift), and p of it by permuting arms within blocks. */
  rankEffect: Estimate | null;
  permutationPValue: number | null;
  /** p of `gainEffect` after Holm's correction for the arms that leak, the declared family; null for the others. */
  holmPValue: number | null;
  /** Difference in differences of right answers, and answers that flipped; null where they are not known. */
  accuracyEffect: Estimate | null;
  flips: McNemarTest | null;
}

/** Gain for a unit of change in log10 density, which the drawn dose moved. */
export interface InstrumentedEffect extends Slope {
  /** The robust F of the dose in the first stage; below 10 the interval is not to be trusted. */
  firstStageF: number;
  weak: boolean;
}

/** What an intervention did. */
export interface InterventionResult {
  name: string;
  run: string;
  treatedRun: string;
  leakedTexts: number;
  /** The arms that nothing was leaked for: drawn as control, and of documents that were left alone. */
  control: string;
  untouched: string;
  arms: ArmResult[];
  /** All arms that leak together against control. */
  overall: { densityEffect: Estimate | null; gainEffect: Estimate | null };
  /** The first stage: change in log10 density for one leaked text, over control and leaks. */
  densityOnDose: Slope | null;
  /** gain on change in log10 density, as it is, and instrumented by the dose. */
  gainOnDensityChange: { coefficients: (Slope & { name: string })[]; r2: number; n: number };
  instrumented: InstrumentedEffect | null;
  /** Whether gains rise with the dose over control and leaks (Jonckheere–Terpstra). */
  trend: { z: number; pValue: number; doses: number } | null;
  /** Change in the effect of leaks for a standard deviation of log10 density before. */
  heterogeneity: Estimate | null;
  /** Gains of control queries against those of untouched documents. */
  spillover: Estimate | null;
  points: { id: number; arm: string; dose: number; densityChange: number; gain: number }[];
}
