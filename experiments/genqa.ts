import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mean } from 'd3';
import { indexFiles, Skipped } from '../indexer/index.js';
import { finetune, type LabModel, readModel, trainingSettingsSchema } from '../lab/index.js';
import {
  corpusNamed,
  documentsOf,
  type Query,
  queriesOf,
  querySetNamed,
  replaceRun,
  type Study,
} from '../store/index.js';
import { embedderOfSet } from '../study/index.js';
import { writeDemoTexts } from './demo-texts.js';
import type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
import { type Chosen, chooseTexts, GENERATED, WAYS, type Way } from './generation/choose-texts.js';
import { type Quotable, quotedAnswers } from './generation/quoted-answers.js';
import { densitiesIn, inStudy, QUERIES, writeSource } from './in-study.js';
import { meanLosses, type TextLoss } from './mean-losses.js';
import { piecesOf } from './passages.js';
import { meanOverGroups } from './pooled.js';

/** Generated texts to train on: chosen for what is supported least, or for what the model does worst, against drawn at random. */
export const genqa: Experiment = {
  name: 'genqa',
  title: 'Choosing among generated texts (GenQA, OPTune)',
  claim:
    'GenQA (Chen et al. 2024, arXiv 2406.10323; 11.1M texts, an 8B Llama): texts of generator prompts alone are enough to finetune on. OPTune (Chen et al. 2024, arXiv 2406.07657): generating for the prompts of lowest reward, weighted by their utility, trains 1.3 to 1.6 times as fast as generating for all.',
  run,
};

/** From this year on addresses are only generated from, and asked about. */
const MODERN = 1900;
const WORST = 0.1;
interface Row {
  way: Way;
  query: Query;
  /** Whether the query is among the worst supported. */
  worst: boolean;
  /** Loss of the base model, of the model that read random texts, and of this one, nats a token. */
  base: number;
  random: number;
  loss: number;
}

function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const { folder, seeds } = options;
  writeTexts(folder);
  return inStudy(options, studyFile(options), { name: 'genqa', runs: [], across: 'way' }, async (study) => {
    await indexGenerated(study, options);
    const rows: Row[] = [];
    const densities: Finding[] = [];
    for (const seed of seeds) {
      const found = await compareWays(study, seed, options);
      rows.push(...found.rows);
      if (seed === seeds[0]) densities.push(...found.densities);
    }
    const findings = [...lossFindings(rows), ...densities];
    return { findings, conclusion: conclusionOf(findings) };
  });
}

/** Old addresses to train a base model on; of the modern ones a fifth is asked about, and the others are generated from. */
function writeTexts(folder: string): void {
  const source = join(folder, 'source');
  writeDemoTexts(source);
  const lines = readFileSync(join(source, 'addresses.jsonl'), 'utf8').trim().split('\n');
  const addresses = lines.map(
    (line) => JSON.parse(line) as { id: string; year: number; president: string; text: string },
  );
  const modern = addresses.filter(({ year }) => year >= MODERN);
  writeSource(
    folder,
    'old.jsonl',
    addresses.filter(({ year }) => year < MODERN),
  );
  writeSource(
    folder,
    'modern.jsonl',
    modern.filter((_, i) => i % 5 === 0),
  );
  const quotable = modern
    .filter((_, i) => i % 5 !== 0)
    .flatMap(({ id, year, president, text }) =>
      piecesOf(text).map((passage, p): Quotable => {
        return { id: `${id} ${p + 1}`, speaker: president, year, passage };
      }),
    );
  writeSource(folder, 'generated.jsonl', quotedAnswers(quotable, 1));
}

function studyFile({ full, seeds }: ExperimentOptions): object {
  const model = full
    ? { width: 192, layers: 4, heads: 6, steps: 1000 }
    : { width: 128, layers: 3, heads: 4, steps: 400 };
  const chunk = { by: 'passages', min: 120, max: 400 };
  return {
    name: 'GenQA',
    seed: 1,
    corpora: { old: { files: 'source/old.jsonl', id: 'id', source: 'president', hold_out: 0.2 } },
    queries: [
      { kind: 'old', corpus: 'old', split: 'held-out', chunk, sample: full ? 1000 : 500 },
      { kind: 'modern', files: 'source/modern.jsonl', id: 'id', chunk, sample: full ? 1000 : 500 },
    ],
    density: { kernels: ['exponential'], bandwidth: 'auto', effective_samples: 100 },
    runs: Object.fromEntries(seeds.map((seed) => [`base-${seed}`, { scorer: 'lab', seed, ...model }])),
    report: 'base',
  };
}

async function indexGenerated(
  study: Study,
  { folder, generated, onProgress, signal }: ExperimentOptions,
): Promise<void> {
  const embedder = await embedderOfSet(study, QUERIES);
  try {
    const files = generated === undefined ? join(folder, 'source/generated.jsonl') : resolve(generated);
    await indexFiles(
      study,
      embedder,
      GENERATED,
      {
        ...{ files: [files], id: 'id', text: 'text', chunk: { by: 'document' }, base: process.cwd() },
        ...{ role: 'finetune', holdOut: 0, precision: 'fp32' },
      },
      { skipped: new Skipped(), seed: 1, existing: 'update', onProgress, signal },
    );
  } finally {
    await embedder.close();
  }
}

/** Trains one base model on with texts that are chosen in each of the ways, all of one budget of tokens. */
async function compareWays(
  study: Study,
  seed: number,
  options: ExperimentOptions,
): Promise<{ rows: Row[]; densities: Finding[] }> {
  const { full, say } = options;
  const { db } = study;
  const base = readModel(study.modelFolder(`base-${seed}`));
  const queries = queriesOf(db, querySetNamed(db, QUERIES).id);
  const { log10Density } = densitiesIn(study);
  const byDensity = [...queries].sort((a, b) => log10Density.get(a.id)! - log10Density.get(b.id)!);
  const worst = new Set(byDensity.slice(0, Math.round(WORST * queries.length)).map(({ id }) => id));
  const texts = queries.map(({ text }) => text);
  const before = await meanLosses(base, texts);
  const losses = new Map<Way, TextLoss[]>();
  const densities: Finding[] = [];
  for (const way of WAYS) {
    const chosen = await chooseTexts(study, way, base, {
      worst: WORST,
      budget: full ? 120_000 : 40_000,
      seed,
    });
    const trained = await trainOn(study, way, base, chosen, seed, options);
    const of = await meanLosses(trained, texts);
    losses.set(way, of);
    keepRun(study, way, seed, queries, of);
    const shown = mean(queries.flatMap(({ id }, q) => (worst.has(id) ? [of[q]!.loss] : [])))!;
    say(
      `${runNamed(way, seed)}: ${chosen.texts.length} texts, ${shown.toFixed(3)} nats a token on the worst supported`,
    );
    if (chosen.after !== null)
      densities.push({
        ...{ measure: 'mean log10 density of the worst supported tenth', condition: `with ${way}` },
        ...{ value: chosen.after, low: null, high: null, unit: 'log10', note: `seed ${seed}` },
      });
  }
  const rows = WAYS.flatMap((way) =>
    queries.map((query, q): Row => {
      const of = {
        base: before[q]!.loss,
        random: losses.get('random')![q]!.loss,
        loss: losses.get(way)![q]!.loss,
      };
      return { way, query, worst: worst.has(query.id), ...of };
    }),
  );
  return { rows, densities };
}

async function trainOn(
  study: Study,
  way: Way,
  from: LabModel,
  { texts, weights }: Chosen,
  seed: number,
  { full, onProgress, signal }: ExperimentOptions,
): Promise<LabModel> {
  const folder = study.modelFolder(runNamed(way, seed));
  const { db } = study;
  const background = [...documentsOf(db, corpusNamed(db, 'old').id, 'train')].map(({ text }) => text);
  await finetune({
    ...{ folder, from, texts, weights, passes: full ? 4 : 3, onProgress, signal },
    background: { texts: background, share: 0.5 },
    settings: trainingSettingsSchema.parse({ steps: 1, batch: 16, learningRate: 1e-3, seed }),
  });
  return readModel(folder);
}

function runNamed(way: Way, seed: number): string {
  return `${way.replaceAll(/\W+/g, '-')}-${seed}`;
}

function keepRun(
  { db }: Study,
  way: Way,
  seed: number,
  queries: readonly Query[],
  losses: readonly TextLoss[],
): void {
  const about = { way, seed };
  replaceRun(
    db,
    { name: runNamed(way, seed), scorer: 'lab', settings: about, covariates: about },
    queries.map(({ id }, q) => {
      const { loss, tokens } = losses[q]!;
      return { queryId: id, nll: loss * tokens, tokens };
    }),
  );
}

function lossFindings(rows: readonly Row[]): Finding[] {
  const parts = [
    { name: 'worst supported tenth', worst: true },
    { name: 'other queries', worst: false },
  ];
  const of = (measure: string, ways: readonly Way[], value: (row: Row) => number) =>
    parts.flatMap(({ name, worst }) =>
      ways.map((way) =>
        meanOverGroups(
          measure,
          `${way}, ${name}`,
          'nats a token',
          rows
            .filter((row) => row.way === way && row.worst === worst)
            .map((row) => ({ group: row.query.document ?? row.query.key, value: value(row) })),
        ),
      ),
    );
  return [
    ...of('gain in loss over the base model', WAYS, ({ base, loss }) => base - loss),
    ...of(
      'gain in loss over random texts of the same budget',
      WAYS.slice(1),
      ({ random, loss }) => random - loss,
    ),
  ];
}

function conclusionOf(findings: readonly Finding[]): string {
  const told = WAYS.slice(1).map((way) => {
    const { value, low, high } = findings.find(
      ({ measure, condition }) =>
        measure.startsWith('gain in loss over random') && condition === `${way}, worst supported tenth`,
    )!;
    return `${way} ${value.toFixed(3)} (${low!.toFixed(3)} to ${high!.toFixed(3)})`;
  });
  return `On the worst supported tenth of the queries loss falls further than with random texts of the same budget by: ${told.join(', ')} nats a token.`;
}
