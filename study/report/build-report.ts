import { median } from 'd3';
import {
  assignmentsOf,
  controlsOf,
  corpusByName,
  type Density,
  densitiesOf,
  documentCount,
  listCorpora,
  listRuns,
  type Measurement,
  measurementNamed,
  type Outcome,
  outcomesOf,
  type Query,
  queriesOf,
  querySetByName,
  type Study,
} from '../../store/index.js';
import { type ArmRoles, analyseIntervention, type TreatedQuery } from './interventions.js';
import { type Observation, regressions } from './regressions.js';
import { type InterventionResult, type KindSummary, REPORT_VERSION, type Report } from './report.js';
import { inWords } from './words.js';

/** An intervention to report: the run it treated, and the names of the arms that nothing was leaked for. */
export interface ReportedIntervention extends ArmRoles {
  name: string;
  run: string;
  treatedRun: string;
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
  run: string;
  folds: number;
  seed: number;
  interventions: readonly ReportedIntervention[];
}

const EXCERPT = 160;

/** Gathers a report's numbers from the catalogue. */
export function buildReport(study: Study, request: ReportRequest): Report {
  const { db } = study;
  const set = querySetByName(db, request.querySet)!;
  const queries = queriesOf(db, set.id);
  const measurements = request.kernels.map((kernel) => measurementNamed(db, request.measurement, kernel)!);
  const headline = measurements[0]!;
  const densities = densitiesOf(db, headline.id);
  const outcomes = outcomesOf(db, request.run);
  const run = listRuns(db).find(({ name }) => name === request.run)!;
  const report: Omit<Report, 'words'> = {
    version: REPORT_VERSION,
    name: request.name,
    study: request.title,
    made: new Date().toISOString(),
    seed: request.seed,
    corpora: listCorpora(db).map(({ name, role, documents, heldOut, chunks, sources }) => ({
      name,
      role,
      documents,
      heldOut,
      chunks,
      sources,
    })),
    density: { ...settingsOf(headline), embedder: set.embedder, dims: set.dims },
    run: {
      name: run.name,
      scorer: run.scorer,
      trainedTokens: Number(run.covariates.trainedTokens),
      vocabulary: Number(run.covariates.vocabularySize),
    },
    kinds: summariseKinds(queries, densities, outcomes),
    regressions: measurements.flatMap((measurement) =>
      regressions(observe(study, set.id, queries, densitiesOf(db, measurement.id), outcomes), {
        ...measurement,
        folds: request.folds,
        seed: request.seed,
      }),
    ),
    queries: queries.map(({ id, kind, source, text }) => ({
      id,
      kind,
      source,
      log10Density: densities.get(id)!.log10Density,
      loss: lossOf(outcomes.get(id)!),
      tokens: outcomes.get(id)!.tokens,
      excerpt: text.length > EXCERPT ? `${text.slice(0, EXCERPT - 1)}…` : text,
    })),
    interventions: request.interventions.map((intervention) =>
      reportIntervention(study, queries, headline, intervention),
    ),
  };
  return { ...report, words: inWords(report) };
}

function settingsOf({ kernel, bandwidth, bandwidthRule, estimator, points, corpora }: Measurement) {
  return { kernel, bandwidth, bandwidthRule, estimator, points, corpora };
}

/** Loss in nats a token. */
function lossOf({ nll, tokens }: Outcome): number {
  return nll / tokens;
}

function observe(
  study: Study,
  querySetId: number,
  queries: readonly Query[],
  densities: ReadonlyMap<number, Density>,
  outcomes: ReadonlyMap<number, Outcome>,
): Observation[] {
  const controls = controlsOf(study.db, querySetId);
  return queries.map(({ id, kind, document }) => ({
    id,
    kind,
    document,
    log10Density: densities.get(id)!.log10Density,
    loss: lossOf(outcomes.get(id)!),
    controls: Object.fromEntries(
      Array.from(controls, ([name, values]) => [name, values.get(id) ?? Number.NaN]),
    ),
  }));
}

function summariseKinds(
  queries: readonly Query[],
  densities: ReadonlyMap<number, Density>,
  outcomes: ReadonlyMap<number, Outcome>,
): KindSummary[] {
  return [...new Set(queries.map(({ kind }) => kind))].map((kind) => {
    const ids = queries.filter((query) => query.kind === kind).map(({ id }) => id);
    return {
      kind,
      queries: ids.length,
      medianLog10Density: median(ids, (id) => densities.get(id)!.log10Density)!,
      medianLoss: median(ids, (id) => lossOf(outcomes.get(id)!))!,
      medianEffectiveSamples: median(ids, (id) => densities.get(id)!.effectiveSamples)!,
    };
  });
}

function reportIntervention(
  { db }: Study,
  queries: readonly Query[],
  before: Measurement,
  intervention: ReportedIntervention,
): InterventionResult {
  const after = measurementNamed(db, intervention.name, before.kernel)!;
  const [densitiesBefore, densitiesAfter] = [densitiesOf(db, before.id), densitiesOf(db, after.id)];
  const [outcomesBefore, outcomesAfter] = [
    outcomesOf(db, intervention.run),
    outcomesOf(db, intervention.treatedRun),
  ];
  const documentOf = new Map(queries.map(({ id, document }) => [id, document]));
  const treated = assignmentsOf(db, intervention.name).map(
    ({ queryId: id, arm, dose }): TreatedQuery => ({
      id,
      arm,
      dose,
      document: documentOf.get(id)!,
      densityBefore: densitiesBefore.get(id)!.log10Density,
      densityAfter: densitiesAfter.get(id)!.log10Density,
      lossBefore: lossOf(outcomesBefore.get(id)!),
      lossAfter: lossOf(outcomesAfter.get(id)!),
    }),
  );
  return {
    ...analyseIntervention(intervention.name, treated, intervention),
    run: intervention.run,
    treatedRun: intervention.treatedRun,
    leakedTexts: documentCount(db, corpusByName(db, intervention.name)!.id),
  };
}
