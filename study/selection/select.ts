import { randomLcg, shuffler } from 'd3';
import { type EstimatorChoice, log10Of } from '../../density/index.js';
import {
  corpusNamed,
  densitiesOf,
  documentByKey,
  lossesOf,
  type Measurement,
  measurementNamed,
  type OnProgress,
  queriesOf,
  querySetNamed,
  readQueryVectors,
  type Study,
  UsageError,
} from '../../store/index.js';
import { logDensitiesAt } from './density-at.js';
import { chooseGreedily } from './greedy.js';
import { type Candidate, candidatesFor } from './support.js';

/** How documents are chosen. */
export const SELECTIONS = ['utility', 'nearest', 'random', 'inverse-density'] as const;
export type Selection = (typeof SELECTIONS)[number];

/** What is chosen for which queries. */
export interface SelectOptions {
  querySet: string;
  /** The corpus to choose from. */
  from: string;
  count: number;
  by: Selection;
  /** The name and kernel of the measurement that says where support is low. */
  measurement: string;
  kernel: string;
  /** The share of the queries, from the least supported on, that are to be supported. */
  worst: number;
  /** Whose loss says which queries matter: they count by it; all alike by default. */
  run?: string | undefined;
  estimator: EstimatorChoice;
  seed: number;
  onProgress?: OnProgress | undefined;
}

/** A chosen document. */
export interface SelectedDocument {
  rank: number;
  document: string;
  source: string;
  /** For `utility`, what it raised the weighted mean log10 density of the queries by; else null. */
  gain: number | null;
  text: string;
}

/** What was chosen, and what it would do. */
export interface SelectedDocuments {
  documents: SelectedDocument[];
  candidates: number;
  /** Queries that are to be supported. */
  queries: number;
  /** Mean log10 density of these, before, and with the chosen beside the corpora. */
  before: number;
  after: number;
  measurement: Measurement;
}

/**
 * Chooses documents of a corpus to add for the least supported queries.
 *
 * `utility` raises the mean log density of these most (see `chooseGreedily`); `nearest` takes those nearest to any of them; `inverse-density`
 * draws documents in inverse proportion to the density of the measured corpora at them; `random` draws all alike.
 *
 * @throws UsageError for a query set, corpus, measurement or run that is not there, or a share that is none
 */
export async function selectDocuments(study: Study, options: SelectOptions): Promise<SelectedDocuments> {
  const { db } = study;
  const { by, count, from, worst, seed, estimator, onProgress } = options;
  if (!(worst > 0 && worst <= 1))
    throw new UsageError(`The share of the queries is above 0 and at most 1, not ${worst}.`);
  const set = querySetNamed(db, options.querySet);
  const corpus = corpusNamed(db, from);
  const measurement = measurementOf(study, options, set.id);
  if (measurement.corpora.includes(from)) {
    throw new UsageError(
      `Corpus "${from}" is among those that were measured (${measurement.corpora.join(', ')}): choose from another.`,
    );
  }
  const { kernel, bandwidth, points } = measurement;
  const targets = targetQueries(study, options, measurement);
  const vectors = vectorsOf(study, set.name, queriesOf(db, set.id).length, set.dims, targets.rows);
  const candidates = await candidatesFor(study, vectors, {
    ...{ corpus: from, fingerprint: set.fingerprint, kernel: kernel as 'exponential', bandwidth },
    ...{ estimator, seed, onProgress },
  });
  const chosen = await choose();
  const sums = targets.log10Densities.map((log10) => 10 ** log10 * points);
  const after = sums.map((sum, q) => {
    const added = chosen.reduce(
      (total, { candidate }) => total + (candidates[candidate]!.support.get(q) ?? 0),
      0,
    );
    return Math.log10((sum + added) / (points + chosen.length));
  });
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    documents: chosen.map(({ candidate, gain }, i) => {
      const { document, source } = candidates[candidate]!;
      return { rank: i + 1, document, source, gain, text: documentByKey(db, corpus.id, document)!.text };
    }),
    candidates: candidates.length,
    queries: targets.rows.length,
    before: mean(targets.log10Densities),
    after: mean(after),
    measurement,
  };

  async function choose(): Promise<{ candidate: number; gain: number | null }[]> {
    const all = [...candidates.keys()];
    const take = (order: readonly number[]) =>
      order.slice(0, count).map((candidate) => ({ candidate, gain: null }));
    switch (by) {
      case 'utility': {
        const weights = targets.weights;
        const total = weights.reduce((a, b) => a + b, 0);
        const greedy = chooseGreedily(
          candidates,
          { sums: targets.log10Densities.map((log10) => 10 ** log10 * points), weights },
          count,
        );
        return greedy.map(({ candidate, gain }) => ({ candidate, gain: log10Of(gain / total) }));
      }
      case 'nearest':
        return take(all.sort((a, b) => candidates[a]!.distance - candidates[b]!.distance || a - b));
      case 'random':
        return take(shuffler(randomLcg(seed))(all));
      case 'inverse-density':
        return take(await drawnByInverseDensity(study, candidates, options, measurement, set.fingerprint));
    }
  }
}

function measurementOf(
  { db }: Study,
  { measurement: name, kernel, querySet }: SelectOptions,
  querySetId: number,
): Measurement {
  const found = measurementNamed(db, name, kernel, querySetId);
  if (found) return found;
  throw new UsageError(
    `Query set "${querySet}" has no measurement "${name}" by the ${kernel} kernel: densimeter measure ${querySet}`,
  );
}

/** The least supported queries: their rows, log10 densities, and what they count. */
function targetQueries({ db }: Study, { worst, run }: SelectOptions, { id, querySetId }: Measurement) {
  const densities = densitiesOf(db, id);
  const losses = run === undefined ? undefined : lossesOf(db, run);
  if (losses?.size === 0) throw new UsageError(`Run "${run}" has no loss.`);
  const queries = queriesOf(db, querySetId)
    .filter((query) => densities.has(query.id) && (losses?.has(query.id) ?? true))
    .sort((a, b) => densities.get(a.id)!.log10Density - densities.get(b.id)!.log10Density);
  const kept = queries.slice(0, Math.max(1, Math.round(worst * queries.length)));
  return {
    rows: kept.map(({ row }) => row),
    log10Densities: kept.map((query) => densities.get(query.id)!.log10Density),
    weights: kept.map((query) => losses?.get(query.id) ?? 1),
  };
}

function vectorsOf(
  study: Study,
  set: string,
  count: number,
  dims: number,
  rows: readonly number[],
): Float32Array {
  const all = readQueryVectors(study, set, count);
  const vectors = new Float32Array(rows.length * dims);
  rows.forEach((row, i) => {
    vectors.set(all.subarray(row * dims, (row + 1) * dims), i * dims);
  });
  return vectors;
}

/** Candidates in an order drawn without replacement, with chances in inverse proportion to the density at them (Efraimidis & Spirakis 2006). */
async function drawnByInverseDensity(
  study: Study,
  candidates: readonly Candidate[],
  { from, estimator, seed, onProgress }: SelectOptions,
  { corpora, kernel, bandwidth }: Measurement,
  fingerprint: string,
): Promise<number[]> {
  const { logDensities } = await logDensitiesAt(study, from, {
    ...{ corpora, fingerprint, kernel: kernel as 'exponential', bandwidth, estimator, seed, onProgress },
  });
  const random = randomLcg(seed);
  // log of −log(u)/w, which orders as u^(1/w) does and does not overflow.
  const keys = candidates.map((_, i) => Math.log(-Math.log(random())) + logDensities[i]!);
  return [...keys.keys()].sort((a, b) => keys[a]! - keys[b]!);
}
