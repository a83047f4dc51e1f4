import { group, median } from 'd3';
import { hashOf } from '../../indexer/index.js';
import {
  type Density,
  densitiesOf,
  listLeakSearches,
  listRuns,
  type Measurement,
  measurementNamed,
  type OnProgress,
  type Query,
  queriesOf,
  querySetByName,
  type Study,
  summariseCorpora,
  sweptDensitiesOf,
} from '../../store/index.js';
import { type Cell, runBatch } from '../batch/index.js';
import { excerptOf } from '../excerpt.js';
import { interventionResult } from '../interventions/index.js';
import { type LeaksResult, leaksResult } from '../leaks/index.js';
import { memorizationOf } from '../memorization/index.js';
import {
  type Headline,
  headlineOf,
  type Observations,
  observationsOf,
  type Panel,
  panelOf,
  type Sensitivity,
  sensitivityOf,
} from '../regression/index.js';
import { compareReports } from './compare/index.js';
import { reportCoverage } from './coverage.js';
import { checkGates, type Rule } from './gates/index.js';
import { adjusted, type Observation, regressions } from './regressions.js';
import { type KindSummary, REPORT_VERSION, type Report, type ReportedRun } from './report.js';
import { inWords } from './words.js';

/** An intervention to report, and the run that it treated. */
export interface ReportedIntervention {
  name: string;
  run: string;
  treatedRun: string;
}

/** A measurement of density that should explain nothing. */
export interface ReportedControl {
  measurement: string;
  name: string;
  what: string;
}

/** What a report is to be about. */
export interface ReportRequest {
  /** The report's name, which is its folder's too. */
  name: string;
  /** The study's title. */
  title: string;
  querySet: string;
  /** The measurement before any intervention; its first kernel is the headline's. */
  measurement: string;
  kernels: readonly string[];
  negativeControls: readonly ReportedControl[];
  /** What the losses are of, and the runs whose mean that is. */
  run: string;
  runs: readonly string[];
  /** The covariate of runs that density may work with. */
  across: string | null;
  groupBy: 'document' | 'source';
  folds: number;
  seed: number;
  interventions: readonly ReportedIntervention[];
  /** The runs and query sets of the table of all regressions. */
  batchRuns: readonly string[];
  querySets: readonly string[];
}

/** How a report is built, and what it is held against. */
export interface BuildOptions {
  /** The report to compare with. */
  against?: Report | undefined;
  gates?: readonly Rule[] | undefined;
  /** Threads. */
  jobs?: number | undefined;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

/** Suspected leaks to name. */
const LEAKS = 10;
/** Fewer queries or groups than this are described and not regressed. */
const FEWEST_QUERIES = 20;
const FEWEST_GROUPS = 5;

/**
 * Gathers a report's numbers from the catalogue.
 *
 * @throws UsageError where it cannot be compared with the report that it is to be held against, or a gate asks for what is not there
 * @throws Interrupted where the signal stopped it; what was computed is kept
 */
export async function buildReport(
  study: Study,
  request: ReportRequest,
  options: BuildOptions = {},
): Promise<Report> {
  const { db } = study;
  const set = querySetByName(db, request.querySet)!;
  const measurements = request.kernels.map((kernel) => measurementNamed(db, request.measurement, kernel)!);
  const first = measurements[0]!;
  const { runs, groupBy, folds, seed } = request;
  const observed = observationsOf(study, { querySetId: set.id, measurement: first, runs, groupBy });
  const densities = densitiesOf(db, first.id);
  const loss = new Map(observed.queries.map(({ id }, q) => [id, observed.loss[q]!]));
  const isEnough =
    observed.queries.length >= FEWEST_QUERIES &&
    new Set(observed.groups).size >= FEWEST_GROUPS &&
    new Set(observed.loss).size > 1;
  const headline = isEnough ? headlineFrom(study, request, observed) : null;
  const queries = queriesOf(db, set.id);
  const report: Omit<Report, 'words' | 'comparison' | 'gates'> = {
    version: REPORT_VERSION,
    name: request.name,
    study: request.title,
    made: new Date().toISOString(),
    seed,
    querySet: { name: set.name, queries: queries.length, hash: hashOfQueries(queries) },
    corpora: summariseCorpora(db).map(({ name, role, documents, heldOut, chunks, sources }) => ({
      ...{ name, role, documents, heldOut, chunks, sources },
    })),
    density: { ...settingsOf(first), embedder: set.embedder, dims: set.dims },
    run: reportedRun(study, request),
    kinds: summariseKinds(observed.queries, densities, loss),
    regressions: adjusted(
      measurements.flatMap((measurement) =>
        regressions(observe(observed, densitiesOf(db, measurement.id)), { ...measurement, folds, seed }),
      ),
    ),
    headline,
    sensitivity: headline && sensitivityFrom(study, observed, headline, measurements),
    panel: headline && runs.length > 1 ? panelFrom(study, request, observed) : null,
    cells: await cellsOf(study, request, options),
    coverage: reportCoverage(study, first),
    queries: observed.queries.map(({ id, key, kind, source, text }, q) => ({
      ...{
        id,
        key,
        kind,
        source,
        group: observed.groups[q]!,
        log10Density: densities.get(id)!.log10Density,
        loss: loss.get(id)!,
      },
      excerpt: excerptOf(text),
    })),
    leaks: leaksFrom(study, set.id, first.corpora),
    memorization: memorizationOf(study, first, request.batchRuns),
    interventions: request.interventions.map(({ name, run, treatedRun }) =>
      interventionResult(study, { intervention: name, before: first, run, treatedRun }),
    ),
  };
  const { against, gates: rules = [] } = options;
  const comparison = against ? compareReports(report, against) : null;
  const gates = checkGates(rules, report, { study, measurementId: first.id, before: against });
  const all = { ...report, comparison, gates };
  return { ...all, words: inWords(all) };
}

async function cellsOf(study: Study, request: ReportRequest, options: BuildOptions): Promise<Cell[]> {
  const { name, batchRuns, querySets, measurement, groupBy, folds, seed } = request;
  const { jobs, onProgress, signal } = options;
  const batch = { name, runs: batchRuns, querySets, measurement, groupBy, folds, seed };
  const { cells } = await runBatch(study, { ...batch, jobs, onProgress, signal });
  return cells;
}

function hashOfQueries(queries: readonly Query[]): string {
  return hashOf(queries.map(({ key, text }) => [key, text]));
}

function settingsOf({ kernel, bandwidth, bandwidthRule, estimator, points, corpora }: Measurement) {
  return { kernel, bandwidth, bandwidthRule, estimator, points, corpora };
}

function reportedRun({ db }: Study, { run: name, runs }: ReportRequest): ReportedRun {
  const [first] = listRuns(db).filter((run) => runs.includes(run.name));
  const { trainedTokens, vocabularySize } = first?.covariates ?? {};
  return {
    ...{ name, runs: [...runs], scorer: first?.scorer ?? 'import' },
    trainedTokens: typeof trainedTokens === 'number' ? trainedTokens : null,
    vocabulary: typeof vocabularySize === 'number' ? vocabularySize : null,
  };
}

/** What the search for leaks of the query set in these corpora found, where there was one. */
function leaksFrom(study: Study, querySetId: number, corpora: readonly string[]): LeaksResult | null {
  const names = JSON.stringify(corpora);
  const search = listLeakSearches(study.db).find(
    (one) => one.querySetId === querySetId && JSON.stringify(one.corpora) === names,
  );
  return search ? leaksResult(study, search, LEAKS) : null;
}

function headlineFrom({ db }: Study, request: ReportRequest, observed: Observations): Headline {
  const { run, runs, groupBy, folds, seed, kernels } = request;
  return headlineOf(observed, {
    outcome: runs.length === 1 ? `loss of run ${run}` : `mean loss of the ${runs.length} runs ${run}`,
    ...{ groupBy, folds, seed },
    controls: request.negativeControls.map(({ measurement, name, what }) => {
      const densities = densitiesOf(db, measurementNamed(db, measurement, kernels[0]!)!.id);
      const log10Density = new Map(Array.from(densities, ([id, density]) => [id, density.log10Density]));
      return { name, what, log10Density };
    }),
  });
}

function sensitivityFrom(
  { db }: Study,
  observed: Observations,
  headline: Headline,
  measurements: readonly Measurement[],
): Sensitivity | null {
  const swept = measurements.flatMap(({ id, kernel }) =>
    Array.from(sweptDensitiesOf(db, id), ([bandwidth, log10Density]) => ({
      kernel,
      bandwidth,
      log10Density,
    })),
  );
  return swept.length === 0 ? null : sensitivityOf(observed, headline.slope, swept);
}

function panelFrom({ db }: Study, request: ReportRequest, observed: Observations): Panel {
  const { across, groupBy, folds, seed } = request;
  const covariatesOf = new Map(listRuns(db).map((run) => [run.name, run.covariates]));
  const runs = request.runs.map((name) => ({ name, covariates: covariatesOf.get(name) ?? {} }));
  return panelOf(observed, { runs, across, groupBy, folds, seed });
}

function observe(observed: Observations, densities: ReadonlyMap<number, Density>): Observation[] {
  const controls = [...observed.length, ...observed.baselines.map(({ term }) => term)];
  return observed.queries.map(({ id, kind }, q) => ({
    ...{ id, kind, document: observed.groups[q]! },
    log10Density: densities.get(id)!.log10Density,
    loss: observed.loss[q]!,
    controls: Object.fromEntries(controls.map(({ name, values }) => [name, values[q]!])),
  }));
}

function summariseKinds(
  queries: readonly Query[],
  densities: ReadonlyMap<number, Density>,
  loss: ReadonlyMap<number, number>,
): KindSummary[] {
  return Array.from(
    group(queries, ({ kind }) => kind),
    ([kind, members]) => ({
      kind,
      queries: members.length,
      medianLog10Density: median(members, ({ id }) => densities.get(id)!.log10Density)!,
      medianLoss: median(members, ({ id }) => loss.get(id)!)!,
      medianEffectiveSamples: median(members, ({ id }) => densities.get(id)!.effectiveSamples)!,
    }),
  );
}
