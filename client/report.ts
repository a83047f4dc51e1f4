// Made from the schema of report.json: run "npm run client-types" after "npm run report-schema".

/**
 * What runs are compared by: a size (parameters, tokens, width, learning rate, …) or a category.
 */
export type Covariate = number | string;

/**
 * Everything a report says, as report.json holds it. Loss is nats a token, density is log10 of the kernel mean.
 */
export interface Report {
  version: 3;
  name: string;
  study: string;
  made: string;
  seed: number;
  /**
   * What was found, how sure, and what it does not say: a paragraph each.
   */
  words: string[];
  querySet: ReportedQueries;
  corpora: ReportCorpus[];
  density: DensitySettings;
  run: ReportedRun;
  kinds: KindSummary[];
  regressions: Regression[];
  /**
   * What density adds to what else is known of the queries; null where they are too few.
   */
  headline: Headline | null;
  /**
   * The headline by other kernels and bandwidths; null without a headline or a sweep.
   */
  sensitivity: Sensitivity | null;
  /**
   * Every run by itself, where the study has several on these queries.
   */
  panel: Panel | null;
  /**
   * Every run, metric, density and query set, by each of the regression models.
   */
  cells: Cell[];
  /**
   * Which sources support which subjects; null where no shares were kept.
   */
  coverage: ReportCoverage | null;
  /**
   * The points of the chart: one a query.
   */
  queries: QueryPoint[];
  /**
   * Queries that the training data seems to hold; null where none were looked for.
   */
  leaks: LeaksResult | null;
  /**
   * Of runs whose completions were compared with the queries.
   */
  memorization: MemorizationResult[];
  interventions: InterventionResult[];
  /**
   * What moved against another report; null where none was given.
   */
  comparison: Comparison | null;
  /**
   * Rules of what must not be, and whether they failed.
   */
  gates: GateResult[];
}
/**
 * The queries of a report; the hash is of their keys and texts, so that reports of other queries are not compared.
 */
export interface ReportedQueries {
  name: string;
  queries: number;
  hash: string;
}
export interface ReportCorpus {
  name: string;
  role: string;
  documents: number;
  heldOut: number;
  chunks: number;
  sources: number;
}
/**
 * What a density in this report means.
 */
export interface DensitySettings {
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /**
   * Training points behind every density, n.
   */
  points: number;
  corpora: string[];
  embedder: string;
  dims: number;
}
/**
 * What the losses are of: a run, or the mean of several.
 */
export interface ReportedRun {
  name: string;
  /**
   * The runs whose mean it is: itself alone for one.
   */
  runs: string[];
  scorer: string;
  /**
   * Of a model trained here.
   */
  trainedTokens: number | null;
  vocabulary: number | null;
}
/**
 * How supported and how surprising the queries of one kind are.
 */
export interface KindSummary {
  kind: string;
  queries: number;
  medianLog10Density: number;
  medianLoss: number;
  medianEffectiveSamples: number;
}
/**
 * Loss (nats a token) regressed on log10 density, plain and with controls, over the queries of one kind or all.
 */
export interface Regression {
  kernel: string;
  bandwidth: number;
  /**
   * `all`, or a kind of query.
   */
  queries: string;
  n: number;
  /**
   * p of density's slope with controls after Benjamini and Hochberg's correction for all of these exploratory regressions.
   */
  adjustedPValue: number | null;
  pearson: Estimate | null;
  spearman: Estimate | null;
  plain: {
    coefficients: Coefficient[];
    r2: number;
    outOfSampleR2: number | null;
  };
  controlled: {
    controls: string[];
    coefficients: Coefficient[];
    r2: number;
    outOfSampleR2: number | null;
    /**
     * Out-of-sample R² of the controls alone, which density has to beat.
     */
    controlsOutOfSampleR2: number | null;
    /**
     * What density adds to the controls' out-of-sample R², on the same folds.
     */
    outOfSampleGain: Estimate | null;
    partialR2: number;
    /**
     * Terms left out because they are constant, collinear, or about one row alone.
     */
    dropped: string[];
  } | null;
}
/**
 * An estimate with its 95% interval; p of the test named by `method`.
 */
export interface Estimate {
  estimate: number;
  low: number;
  high: number;
  pValue: number;
  method: string;
}
export interface Coefficient {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
  name: string;
}
/**
 * How far density explains loss beyond what else is known of a text, and how sure that is.
 */
export interface Headline {
  /**
   * What is explained: loss, nats a token, of this run or the mean of these.
   */
  outcome: string;
  n: number;
  /**
   * Queries without an outcome or a control, which are left out.
   */
  left: number;
  groups: number;
  groupBy: 'document' | 'source';
  folds: number;
  models: NestedModel[];
  slope: Slope;
  /**
   * Of the same slope by the wild cluster bootstrap; null with 40 groups or more.
   */
  wildPValue: number | null;
  partialR2: number;
  negativeControls: NegativeControl[];
  /**
   * The smallest partial R² that this many groups find 4 times in 5.
   */
  smallestPartialR2: number;
  /**
   * Where densities were estimated: how much of their spread is their own, and the slope without the attenuation.
   */
  reliability: {
    ratio: number;
    slope: number;
  } | null;
  /**
   * Change in the chance of a right answer for a standard deviation of log10 density; null where answers are not known.
   */
  accuracy: {
    effect: Slope1;
    method: string;
  } | null;
}
/**
 * A set of controls, and what density adds to it.
 */
export interface NestedModel {
  /**
   * What density is added to, in words.
   */
  name: string;
  terms: string[];
  /**
   * Out-of-sample R² without and with density.
   */
  r2: number;
  r2WithDensity: number;
  gain: Estimate;
}
/**
 * Per standard deviation of log10 density, given all controls; errors cluster by group.
 */
export interface Slope {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}
/**
 * Density that should explain nothing, in the place of density.
 */
export interface NegativeControl {
  name: string;
  /**
   * What it is, in words.
   */
  what: string;
  slope: Slope1;
  gain: Estimate;
}
/**
 * A coefficient with its 95% interval, and p of the test that it is 0.
 */
export interface Slope1 {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}
/**
 * The headline over bandwidths and kernels.
 */
export interface Sensitivity {
  points: SensitivityPoint[];
  /**
   * Points whose interval lies below 0, above 0, and has 0 in it.
   */
  below: number;
  above: number;
  unsure: number;
  /**
   * Whether the headline's interval lies elsewhere than some point's.
   */
  flips: boolean;
}
/**
 * The headline's slope by another kernel or bandwidth.
 */
export interface SensitivityPoint {
  kernel: string;
  bandwidth: number;
  slope: Slope2;
  partialR2: number;
  /**
   * Queries whose density is known at this bandwidth; others are left out.
   */
  n: number;
}
/**
 * A coefficient with its 95% interval, and p of the test that it is 0.
 */
export interface Slope2 {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}
/**
 * The same queries scored by many runs.
 */
export interface Panel {
  runs: PanelRun[];
  interaction: Interaction | null;
}
/**
 * What density explains of one run's losses, given all controls.
 */
export interface PanelRun {
  run: string;
  covariates: {
    [k: string]: Covariate;
  };
  /**
   * nats a token
   */
  meanLoss: number;
  slope: Slope3;
  /**
   * p of the slope after Holm's correction for all runs, the declared family.
   */
  holmPValue: number;
  partialR2: number;
  gain: Estimate;
}
/**
 * A coefficient with its 95% interval, and p of the test that it is 0.
 */
export interface Slope3 {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}
/**
 * How density's slope goes with a covariate of the runs.
 */
export interface Interaction {
  /**
   * The covariate, `log10 params` where it was taken so.
   */
  covariate: string;
  overQueries: Slope4;
  overRuns: Slope5;
  runs: number;
}
/**
 * A coefficient with its 95% interval, and p of the test that it is 0.
 */
export interface Slope4 {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}
/**
 * A coefficient with its 95% interval, and p of the test that it is 0.
 */
export interface Slope5 {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}
/**
 * One regression of a batch: a run's metric on the density of one measurement, by one model.
 */
export interface Cell {
  querySet: string;
  run: string;
  metric: string;
  /**
   * Of the metric.
   */
  unit: string;
  kernel: string;
  bandwidth: number;
  model: string;
  n: number;
  groups: number;
  /**
   * Of the metric, over the rows.
   */
  mean: number;
  /**
   * Units of the metric for ten times the density, with cluster-robust (CR1) errors; in ranks, of ranks.
   */
  slope: number;
  slopeError: number;
  slopeLow: number;
  slopeHigh: number;
  pValue: number;
  /**
   * After Benjamini and Hochberg's correction for all cells of the batch.
   */
  adjustedPValue: number;
  r2: number;
  partialR2: number;
  /**
   * Out-of-sample R² without and with density, whole groups held out; null with one group.
   */
  controlsOutOfSampleR2: number | null;
  outOfSampleR2: number | null;
  gain: number | null;
  gainLow: number | null;
  gainHigh: number | null;
  gainPValue: number | null;
}
/**
 * Which sources support which subjects: a part of a report.
 */
export interface ReportCoverage {
  /**
   * What a subject is.
   */
  by: string;
  /**
   * Columns, the largest first; the others are folded into one.
   */
  sources: {
    corpus: string;
    source: string;
    points: number;
  }[];
  others: number;
  /**
   * Mean share of the density by source, over all queries.
   */
  shares: number[];
  /**
   * Rows, the least supported first: mean shares of their queries' density.
   */
  subjects: {
    subject: string;
    queries: number;
    medianLog10Density: number;
    shares: number[];
    others: number;
  }[];
}
export interface QueryPoint {
  id: number;
  key: string;
  kind: string;
  source: string;
  /**
   * Queries that vary together: the document, or the source.
   */
  group: string;
  log10Density: number;
  /**
   * nats a token
   */
  loss: number;
  /**
   * The start of the query's text.
   */
  excerpt: string;
}
/**
 * What a search for leaks found.
 */
export interface LeaksResult {
  corpora: string[];
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /**
   * Training points searched, n.
   */
  points: number;
  /**
   * Training texts around the queries that the scores are calibrated on.
   */
  calibrated: number;
  /**
   * The share of queries without a leak that are to be suspected, at most, by the calibration.
   */
  alarm: number;
  /**
   * Scores from here on are suspected.
   */
  threshold: number;
  seed: number;
  /**
   * By kind of query: how many there are, and how many are suspected.
   */
  kinds: {
    kind: string;
    queries: number;
    suspected: number;
  }[];
  /**
   * The most suspected, from the highest score down.
   */
  leaks: Leak[];
}
/**
 * A query and the training text that is suspected to be a copy or rewording of it.
 */
export interface Leak {
  queryId: number;
  kind: string;
  /**
   * Standard deviations above what training texts are to each other.
   */
  score: number;
  similarity: number;
  share: number;
  words: number;
  copied: number;
  corpus: string;
  document: string;
  /**
   * The starts of both texts.
   */
  excerpt: string;
  nearest: string;
}
/**
 * How far one run writes on as its training data does, by what the data holds.
 */
export interface MemorizationResult {
  run: string;
  queries: number;
  /**
   * By exact copies in the corpora, near duplicates among the nearest points, and thirds of log10 density.
   */
  by: {
    what: string;
    bins: MemorizationBin[];
  }[];
}
/**
 * Queries of a like number of copies, or like density, and how far they were completed as they stood.
 */
export interface MemorizationBin {
  label: string;
  queries: number;
  exactMatch: number;
  exactMatchLength: number;
  rougeL: number;
}
/**
 * What an intervention did.
 */
export interface InterventionResult {
  name: string;
  run: string;
  treatedRun: string;
  leakedTexts: number;
  /**
   * The arms that nothing was leaked for: drawn as control, and of documents that were left alone.
   */
  control: string;
  untouched: string;
  arms: ArmResult[];
  /**
   * All arms that leak together against control.
   */
  overall: {
    densityEffect: Estimate | null;
    gainEffect: Estimate | null;
  };
  /**
   * The first stage: change in log10 density for one leaked text, over control and leaks.
   */
  densityOnDose: Slope1 | null;
  /**
   * gain on change in log10 density, as it is, and instrumented by the dose.
   */
  gainOnDensityChange: {
    coefficients: {
      name: string;
      estimate: number;
      standardError: number;
      low: number;
      high: number;
      pValue: number;
    }[];
    r2: number;
    n: number;
  };
  instrumented: InstrumentedEffect | null;
  /**
   * Whether gains rise with the dose over control and leaks (Jonckheere–Terpstra).
   */
  trend: {
    z: number;
    pValue: number;
    doses: number;
  } | null;
  /**
   * Change in the effect of leaks for a standard deviation of log10 density before.
   */
  heterogeneity: Estimate | null;
  /**
   * Gains of control queries against those of untouched documents.
   */
  spillover: Estimate | null;
  points: {
    id: number;
    arm: string;
    dose: number;
    densityChange: number;
    gain: number;
  }[];
}
/**
 * One arm of an intervention: what leaking `dose` texts a query did.
 */
export interface ArmResult {
  arm: string;
  /**
   * `untouched`: of documents that nothing was leaked of.
   */
  kind: 'control' | 'exact' | 'paraphrase' | 'placebo' | 'unrelated' | 'untouched';
  dose: number;
  queries: number;
  /**
   * Mean change of log10 density, after − before.
   */
  densityChange: number;
  /**
   * Mean gain in loss: before − after, nats a token.
   */
  gain: number;
  /**
   * Against the control arm: difference in differences; null for the control arm itself, or where it cannot be estimated.
   */
  densityEffect: Estimate | null;
  gainEffect: Estimate | null;
  /**
   * The same difference of gains by ranks (Hodges–Lehmann's shift), and p of it by permuting arms within blocks.
   */
  rankEffect: Estimate | null;
  permutationPValue: number | null;
  /**
   * p of `gainEffect` after Holm's correction for the arms that leak, the declared family; null for the others.
   */
  holmPValue: number | null;
  /**
   * Difference in differences of right answers, and answers that flipped; null where they are not known.
   */
  accuracyEffect: Estimate | null;
  flips: McNemarTest | null;
}
/**
 * How paired outcomes of 0 and 1 flipped.
 */
export interface McNemarTest {
  /**
   * Pairs that went from 0 to 1, and from 1 to 0.
   */
  gained: number;
  lost: number;
  /**
   * Exact and two-sided: given that a pair flipped, either way is as likely.
   */
  pValue: number;
  n: number;
}
/**
 * Gain for a unit of change in log10 density, which the drawn dose moved.
 */
export interface InstrumentedEffect {
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
  /**
   * The robust F of the dose in the first stage; below 10 the interval is not to be trusted.
   */
  firstStageF: number;
  weak: boolean;
}
/**
 * What moved against another report.
 */
export interface Comparison {
  against: {
    name: string;
    study: string;
    made: string;
    run: string;
    corpora: string[];
    points: number;
  };
  /**
   * Queries in both; only in this one; only in the other: those have no outcome there.
   */
  queries: {
    both: number;
    added: number;
    gone: number;
  };
  moved: Moved[];
  headline: MovedHeadline[];
  mostMoved: {
    density: MovedQuery[];
    loss: MovedQuery[];
  };
  /**
   * Sources by how much their mean share of the density changed, most first.
   */
  sources: {
    source: string;
    before: number;
    after: number;
  }[];
  /**
   * Runs in both, by how much their slope changed; and names of those in one only.
   */
  runs: {
    both: {
      run: string;
      before: number;
      after: number;
    }[];
    added: string[];
    gone: string[];
  };
}
/**
 * How a mean over the same queries differs from that of another report.
 */
export interface Moved {
  /**
   * `log10 density` or `loss`.
   */
  what: 'log10 density' | 'loss';
  /**
   * All queries, those of a kind, or those of a source.
   */
  group: string;
  queries: number;
  before: number;
  after: number;
  change: Estimate1;
}
/**
 * An estimate with its 95% interval; p of the test named by `method`.
 */
export interface Estimate1 {
  estimate: number;
  low: number;
  high: number;
  pValue: number;
  method: string;
}
/**
 * A number of the whole report against the same of another.
 */
export interface MovedHeadline {
  what: string;
  before: number;
  after: number;
  change: number;
  /**
   * As if the two were independent, which is wider than for two of the same queries; null where one has no interval.
   */
  low: number | null;
  high: number | null;
}
/**
 * A query whose number moved much.
 */
export interface MovedQuery {
  key: string;
  kind: string;
  source: string;
  excerpt: string;
  before: number;
  after: number;
}
/**
 * What became of a gate.
 */
export interface GateResult {
  rule: string;
  failed: boolean;
  /**
   * The number that was held against the limit: for a rule on queries, their share.
   */
  value: number;
  limit: number;
  /**
   * The queries that it failed on, or over which the number is: the worst first, up to ten.
   */
  queries: {
    key: string;
    value: number;
  }[];
  /**
   * How many there are.
   */
  count: number;
}
