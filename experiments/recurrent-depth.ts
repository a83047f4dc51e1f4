import { quantile, range } from 'd3';
import {
  learn,
  modelConfigSchema,
  readModel,
  type Settling,
  settle,
  trainingSettingsSchema,
} from '../lab/index.js';
import {
  corpusNamed,
  documentsOf,
  type Query,
  queriesOf,
  querySetNamed,
  replaceRun,
  type Study,
} from '../store/index.js';
import type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
import { densitiesIn, inStudy, QUERIES } from './in-study.js';
import { meanOverGroups, slopeOnDensity } from './pooled.js';

/** A model whose core runs as often as it is asked to: does it take more runs where the data is thin? */
export const recurrentDepth: Experiment = {
  name: 'recurrent-depth',
  title: 'Recurrent depth: runs of the core against density',
  claim:
    'Recurrent depth (Geiping et al. 2025, arXiv 2502.05171; 3.5B parameters, 800B tokens): more runs at test time lower the loss, to about 32, and harder tokens take more runs to settle.',
  run,
};

const SHOWN = [1, 2, 4, 8, 16];
const TERCILES = ['lowest third', 'middle third', 'highest third'];

interface Row {
  seed: number;
  query: Query;
  log10Density: number;
  tercile: string;
  /** Mean loss after so many runs, nats a token. */
  loss(runs: number): number;
  /** Mean runs to exit. */
  exit: number;
}

function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const { seeds } = options;
  const reported = { name: 'recurrent-depth', runs: [`recurrent-${seeds[0]}-*`], across: 'runs' };
  return inStudy(options, studyFile(options), reported, async (study) => {
    const rows: Row[] = [];
    for (const seed of seeds) rows.push(...(await rowsOf(study, seed, options)));
    const findings = findingsOf(rows);
    return { findings, conclusion: conclusionOf(findings) };
  });
}

function studyFile({ full }: ExperimentOptions): object {
  return {
    name: 'Recurrent depth',
    seed: 1,
    corpora: { addresses: { files: 'source/addresses.jsonl', id: 'id', source: 'president', hold_out: 0.2 } },
    queries: [
      {
        kind: 'held-out',
        corpus: 'addresses',
        split: 'held-out',
        chunk: { by: 'passages', min: 120, max: 400 },
        sample: full ? 450 : 200,
      },
    ],
    density: { kernels: ['exponential'], bandwidth: 'auto', effective_samples: 100 },
    report: 'base',
  };
}

/** Trains a model and runs it over the queries; what it lost after so many runs is kept as a run of the study. */
async function rowsOf(
  study: Study,
  seed: number,
  { full, onProgress, say, signal }: ExperimentOptions,
): Promise<Row[]> {
  const { db } = study;
  const folder = study.modelFolder(`recurrent-${seed}`);
  const { vocabulary: _, ...model } = modelConfigSchema.parse({
    ...{ vocabulary: 2048, width: full ? 128 : 96, heads: 4, recurrence: { prelude: 1, core: 2, coda: 1 } },
  });
  const texts = [...documentsOf(db, corpusNamed(db, 'addresses').id, 'train')].map(({ text }) => text);
  const settings = trainingSettingsSchema.parse({
    ...{ steps: full ? 1000 : 400, batch: 8, seed, runs: full ? 6 : 4, differentiated: full ? 6 : 4 },
  });
  const { curve } = await learn({ folder, texts, model, vocabulary: 2048, settings, onProgress, signal });
  const set = querySetNamed(db, QUERIES);
  const queries = queriesOf(db, set.id);
  const trained = readModel(folder);
  const ids = await trained.tokenizer.encode(queries.map(({ text }) => text));
  const settled = await settle(trained, ids, { most: SHOWN.at(-1)! });
  for (const runs of SHOWN) keepRun(study, `recurrent-${seed}-${runs}`, { runs, seed }, queries, settled);
  say(`recurrent-${seed}: ${curve.at(-1)!.loss.toFixed(3)} nats a token at the end of training`);
  const densities = densitiesIn(study).log10Density;
  const all = queries.map(({ id }) => densities.get(id)!);
  const [low, high] = [1 / 3, 2 / 3].map((share) => quantile(all, share)!);
  return queries.map((query, q) => {
    const log10Density = all[q]!;
    const { losses, exits } = settled[q]!;
    const tercile = TERCILES[Number(log10Density > low!) + Number(log10Density > high!)]!;
    return {
      seed,
      query,
      log10Density,
      tercile,
      loss: (runs) => meanOf(losses[runs - 1]!),
      exit: meanOf(exits),
    };
  });
}

function keepRun(
  study: Study,
  name: string,
  covariates: Record<string, number>,
  queries: readonly Query[],
  settled: readonly Settling[],
): void {
  const outcomes = queries.map(({ id }, q) => {
    const losses = settled[q]!.losses[covariates.runs! - 1]!;
    return { queryId: id, nll: meanOf(losses) * losses.length, tokens: losses.length };
  });
  replaceRun(study.db, { name, scorer: 'lab', settings: covariates, covariates }, outcomes);
}

function findingsOf(rows: readonly Row[]): Finding[] {
  const of = (
    measure: string,
    unit: string,
    condition: string,
    tercile: string,
    value: (row: Row) => number,
  ) =>
    meanOverGroups(
      measure,
      condition,
      unit,
      rows
        .filter((row) => row.tercile === tercile)
        .map((row) => ({ group: row.query.document ?? row.query.key, value: value(row) })),
    );
  const exits = TERCILES.map((tercile) =>
    of(
      'runs until a prediction moves less than 0.001 nats',
      'runs',
      `density ${tercile}`,
      tercile,
      ({ exit }) => exit,
    ),
  );
  return [
    ...SHOWN.flatMap((runs) =>
      TERCILES.map((tercile) =>
        of('loss', 'nats a token', `${runs} runs, density ${tercile}`, tercile, (row) => row.loss(runs)),
      ),
    ),
    ...TERCILES.map((tercile) =>
      of(
        'gain from 1 to 8 runs',
        'nats a token',
        `density ${tercile}`,
        tercile,
        (row) => row.loss(1) - row.loss(8),
      ),
    ),
    ...exits,
    slopeOnDensity(
      'slope of runs to exit on log10 density',
      'all queries',
      'runs',
      rows.map(({ query, log10Density, exit }) => ({
        group: query.document ?? query.key,
        log10Density,
        value: exit,
      })),
    ),
  ];
}

function conclusionOf(findings: readonly Finding[]): string {
  const gains = TERCILES.map(
    (tercile) =>
      findings.find(({ measure, condition }) => measure.startsWith('gain') && condition.endsWith(tercile))!,
  );
  const slope = findings.find(({ measure }) => measure.startsWith('slope'))!;
  const direction = slope.high! < 0 ? 'fewer' : slope.low! > 0 ? 'more' : 'neither clearly more nor fewer';
  return `Runs 2 to 8 lower the loss by ${gains.map(({ value }) => value.toFixed(3)).join(', ')} nats a token from the lowest third of density to the highest; predictions settle in ${direction} runs where density is higher.`;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (const i of range(values.length)) sum += values[i]!;
  return sum / values.length;
}
