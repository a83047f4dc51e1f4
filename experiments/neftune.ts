import { mean, quantile } from 'd3';
import {
  finetune,
  type LabModel,
  openGenerator,
  openLossScorer,
  readModel,
  trainingSettingsSchema,
} from '../lab/index.js';
import {
  bandwidthDensitiesOf,
  corpusNamed,
  documentsOf,
  type Query,
  queriesOf,
  querySetNamed,
  replaceRun,
  type Study,
} from '../store/index.js';
import { leastSquares } from '../study/index.js';
import type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
import { densitiesIn, inStudy, QUERIES } from './in-study.js';
import { meanOverGroups } from './pooled.js';

/** Noise on the embeddings while a model is trained on: what it does to loss, to what is generated, and to the density that explains the loss. */
export const neftune: Experiment = {
  name: 'neftune',
  title: 'Noise on the embeddings (NEFTune)',
  claim:
    'NEFTune (Jain et al. 2023, arXiv 2310.05914; LLaMA-2-7B on Alpaca): noise while finetuning makes answers longer and better (AlpacaEval 29.8% to 64.7%) and overfits less. Here also: is it kernel smoothing, so that the best bandwidth grows with it?',
  run,
};

const ALPHAS = [0, 5, 10, 15];
const TERCILES = ['lowest third', 'middle third', 'highest third'];
const PROMPT = 16;
const GENERATED = 60;

interface Outcome {
  alpha: number;
  seed: number;
  query: Query;
  loss: number;
}

interface Continued {
  alpha: number;
  prompt: string;
  tokens: number;
  /** Different pairs of neighbouring tokens, of all. */
  distinct: number;
}

function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const reported = { name: 'neftune', runs: ['noise-*'], across: 'alpha' };
  return inStudy(options, studyFile(options), reported, async (study) => {
    const outcomes: Outcome[] = [];
    const continued: Continued[] = [];
    for (const seed of options.seeds) {
      for (const alpha of ALPHAS) {
        const found = await trainWithNoise(study, alpha, seed, options);
        outcomes.push(...found.outcomes);
        continued.push(...found.continued);
      }
    }
    const findings = findingsOf(study, outcomes, continued);
    return { findings, conclusion: conclusionOf(findings) };
  });
}

function studyFile({ full, seeds }: ExperimentOptions): object {
  const model = full
    ? { width: 192, layers: 4, heads: 6, steps: 1000 }
    : { width: 128, layers: 3, heads: 4, steps: 400 };
  return {
    name: 'NEFTune',
    seed: 1,
    corpora: {
      addresses: { files: 'source/addresses.jsonl', id: 'id', source: 'president' },
      whale: {
        files: 'source/moby-dick.jsonl',
        id: 'chapter',
        source: 'title',
        role: 'finetune',
        hold_out: 0.3,
      },
    },
    queries: [
      {
        kind: 'held-out',
        corpus: 'whale',
        split: 'held-out',
        chunk: { by: 'passages', min: 120, max: 400 },
        sample: full ? 1000 : 400,
      },
    ],
    density: { kernels: ['exponential'], bandwidth: 'auto', effective_samples: 100 },
    runs: Object.fromEntries(
      seeds.map((seed) => [`base-${seed}`, { scorer: 'lab', train: ['addresses'], seed, ...model }]),
    ),
    report: 'base',
  };
}

async function trainWithNoise(
  study: Study,
  alpha: number,
  seed: number,
  { full, onProgress, say, signal }: ExperimentOptions,
): Promise<{ outcomes: Outcome[]; continued: Continued[] }> {
  const { db } = study;
  const run = `noise-${alpha}-${seed}`;
  const folder = study.modelFolder(run);
  const texts = [...documentsOf(db, corpusNamed(db, 'whale').id, 'train')].map(({ text }) => text);
  await finetune({
    ...{ folder, texts, onProgress, signal, passes: full ? 10 : 6 },
    from: readModel(study.modelFolder(`base-${seed}`)),
    settings: trainingSettingsSchema.parse({ steps: 1, batch: 32, learningRate: 1e-3, noise: alpha, seed }),
  });
  const model = readModel(folder);
  const queries = queriesOf(db, querySetNamed(db, QUERIES).id);
  const ids = await model.tokenizer.encode(queries.map(({ text }) => text));
  const scorer = await openLossScorer(model);
  const losses = await scorer.losses(ids);
  await scorer.close();
  const scored = queries.map((query, q) => ({ query, loss: mean(losses[q]!)!, tokens: losses[q]!.length }));
  const about = { alpha, seed };
  replaceRun(
    db,
    { name: run, scorer: 'lab', settings: about, covariates: about },
    scored.map(({ query, loss, tokens }) => ({ queryId: query.id, nll: loss * tokens, tokens })),
  );
  say(`${run}: ${mean(scored, ({ loss }) => loss)!.toFixed(3)} nats a token on held-out chapters`);
  return {
    outcomes: scored.map(({ query, loss }) => ({ alpha, seed, query, loss })),
    continued: await continueSome(model, ids.slice(0, 60), alpha, seed),
  };
}

async function continueSome(
  model: LabModel,
  ids: readonly Int32Array[],
  alpha: number,
  seed: number,
): Promise<Continued[]> {
  const prompts = ids.map((all) => all.subarray(0, PROMPT));
  const generator = await openGenerator(model);
  const made = await generator.continue(prompts, { tokens: GENERATED, temperature: 0.8, seed });
  await generator.close();
  return made.map((tokens, i) => {
    const pairs = Array.from(tokens.subarray(1), (id, t) => `${tokens[t]} ${id}`);
    const distinct = pairs.length > 0 ? new Set(pairs).size / pairs.length : 1;
    return { alpha, prompt: prompts[i]!.join(' '), tokens: tokens.length, distinct };
  });
}

function findingsOf(study: Study, outcomes: readonly Outcome[], continued: readonly Continued[]): Finding[] {
  const { measurement, log10Density } = densitiesIn(study);
  const log10 = ({ query }: Outcome) => log10Density.get(query.id)!;
  const [low, high] = [1 / 3, 2 / 3].map((share) => quantile(outcomes, share, log10)!);
  const plain = new Map(
    outcomes.filter(({ alpha }) => alpha === 0).map(({ seed, query, loss }) => [`${seed} ${query.id}`, loss]),
  );
  const gains = (alpha: number, tercile?: number) =>
    outcomes
      .filter((one) => one.alpha === alpha)
      .filter(
        (one) => tercile === undefined || Number(log10(one) > low!) + Number(log10(one) > high!) === tercile,
      )
      .map(({ seed, query, loss }) => ({
        group: query.document ?? query.key,
        value: plain.get(`${seed} ${query.id}`)! - loss,
      }));
  const noisy = ALPHAS.slice(1);
  return [
    ...noisy.map((alpha) =>
      meanOverGroups('gain in loss over no noise', `α = ${alpha}`, 'nats a token', gains(alpha)),
    ),
    ...noisy.flatMap((alpha) =>
      TERCILES.map((tercile, t) =>
        meanOverGroups(
          'gain in loss over no noise',
          `α = ${alpha}, density ${tercile}`,
          'nats a token',
          gains(alpha, t),
        ),
      ),
    ),
    ...ALPHAS.flatMap((alpha) => {
      const of = continued.filter((one) => one.alpha === alpha);
      const per = (measure: string, unit: string, value: (one: Continued) => number) =>
        meanOverGroups(
          measure,
          `α = ${alpha}`,
          unit,
          of.map((one) => ({ group: one.prompt, value: value(one) })),
        );
      return [
        per('length of continuations', `tokens, at most ${GENERATED}`, ({ tokens }) => tokens),
        per('different pairs of tokens', 'of all pairs', ({ distinct }) => distinct),
      ];
    }),
    ...ALPHAS.map((alpha) => bestBandwidth(study, measurement, alpha, outcomes)),
  ];
}

/** The bandwidth at which log10 density explains the most of the seeds' mean loss. */
function bestBandwidth(
  { db }: Study,
  measurement: number,
  alpha: number,
  outcomes: readonly Outcome[],
): Finding {
  const of = outcomes.filter((one) => one.alpha === alpha);
  const ids = [...new Set(of.map(({ query }) => query.id))];
  const losses = ids.map(
    (id) =>
      mean(
        of.filter(({ query }) => query.id === id),
        ({ loss }) => loss,
      )!,
  );
  const curves = ids.map((id) => bandwidthDensitiesOf(db, measurement, id));
  const fits = curves[0]!.map(({ bandwidth }, b) => {
    const values = curves.map((curve) => curve[b]!.log10Density);
    return { bandwidth, r2: leastSquares(losses, [{ name: 'density', values }]).r2 };
  });
  const best = fits.reduce((a, b) => (b.r2 > a.r2 ? b : a));
  return {
    ...{ measure: 'bandwidth that explains most of the loss', condition: `α = ${alpha}`, unit: 'distance' },
    ...{
      value: best.bandwidth,
      low: null,
      high: null,
      note: `R² ${best.r2.toFixed(3)}, of ${fits.length} bandwidths`,
    },
  };
}

function conclusionOf(findings: readonly Finding[]): string {
  const gains = ALPHAS.slice(1).map(
    (alpha) =>
      findings.find(({ measure, condition }) => measure.startsWith('gain') && condition === `α = ${alpha}`)!,
  );
  const bandwidths = findings
    .filter(({ measure }) => measure.startsWith('bandwidth'))
    .map(({ value }) => value);
  const grows =
    bandwidths.every((value, i) => i === 0 || value >= bandwidths[i - 1]!) &&
    bandwidths.at(-1)! > bandwidths[0]!;
  const said = gains.map(
    ({ condition, value, low, high }) =>
      `${value.toFixed(3)} (${low!.toFixed(3)} to ${high!.toFixed(3)}) at ${condition}`,
  );
  return `Noise changed the held-out loss by ${said.join(', ')} nats a token (above 0: lower); the best bandwidth ${grows ? 'grows' : 'does not grow'} with it.`;
}
