import { range } from 'd3';
import { seededUniform } from '../density/index.js';
import {
  answersRightly,
  type ModelConfig,
  modelConfigSchema,
  readModel,
  train,
  trainingSettingsSchema,
  trainTokenizer,
} from '../lab/index.js';
import { addOutcomes, ensureRun, queriesOf, querySetNamed, type Study } from '../store/index.js';
import { askedSums, distinctSums, drawSum, drawSums, type Sum, streamOfSums } from './addition.js';
import type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
import { densitiesIn, inStudy, QUERIES, writeSource } from './in-study.js';
import { shareOfGroups, slopeOnDensity } from './pooled.js';

/** Addition of numbers longer than any that was trained on, by the way positions are told. */
export const abacus: Experiment = {
  name: 'abacus',
  title: 'Abacus embeddings: addition beyond the lengths of training',
  claim:
    'Abacus embeddings (McLeish et al. 2024, arXiv 2405.17399; operands up to 20 digits, 20M samples): sums of up to 100 digits come out right, where learned positions fail just beyond training. Text density should not explain it.',
  run,
};

type Positions = Extract<ModelConfig['positions'], 'abacus' | 'learned' | 'none'>;

const POSITIONS: readonly Positions[] = ['abacus', 'learned', 'none'];
const BATCH = 32;
const EACH = 100;
/** Sums of training that density is measured over. */
const INDEXED = 10_000;

interface Answer {
  positions: Positions;
  seed: number;
  sum: Sum;
  right: boolean;
}

function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const { folder, seeds, full } = options;
  const { trained, most, steps } = sizeOf(full);
  const asked = askedOf(most);
  const known = new Set(asked.map(({ question }) => question));
  const sums = drawSums(steps * BATCH, trained, 1).filter(({ question }) => !known.has(question));
  writeSource(folder, 'sums.jsonl', distinctSums(sums).slice(0, INDEXED).map(recordOf));
  writeSource(folder, 'asked.jsonl', asked.map(recordOf));
  const reported = {
    name: 'abacus',
    runs: POSITIONS.map((positions) => `${positions}-*`),
    groupBy: 'source',
  } as const;
  return inStudy(options, studyFile(), reported, async (study) => {
    const answers: Answer[] = [];
    for (const seed of seeds)
      for (const positions of POSITIONS)
        answers.push(...(await answersOf(study, positions, seed, sums, asked, options)));
    const findings = [...exactFindings(answers), ...densityFindings(study, answers)];
    return { findings, conclusion: conclusionOf(findings, trained) };
  });
}

/** Digits of the operands that are trained on and that are asked, and the model. */
function sizeOf(full: boolean) {
  const size = full
    ? { trained: 6, most: 12, width: 192, layers: 4, steps: 8000, learningRate: 2e-3 }
    : { trained: 3, most: 5, width: 64, layers: 2, steps: 4000, learningRate: 5e-3 };
  // Two operands, their sum with a digit more, both signs, and the ends.
  return { ...size, context: 3 * size.most + 5 };
}

function recordOf({ question, answer, digits }: Sum, i: number): object {
  return { id: `sum-${i}`, text: question + answer, digits: `${digits} digits` };
}

/** Sums of every length, the same number of each. */
function askedOf(most: number): Sum[] {
  const uniform = seededUniform(7);
  return range(1, most + 1).flatMap((digits) => {
    const drawn = new Map<string, Sum>();
    while (drawn.size < Math.min(EACH, digits === 1 ? 40 : EACH)) {
      const sum = drawSum(digits, uniform);
      drawn.set(sum.question, sum);
    }
    return [...drawn.values()];
  });
}

function studyFile(): object {
  const whole = { by: 'document' };
  return {
    name: 'Abacus',
    seed: 1,
    corpora: { sums: { files: 'source/sums.jsonl', id: 'id', source: 'digits', chunk: whole } },
    queries: [{ kind: 'asked', files: 'source/asked.jsonl', id: 'id', source: 'digits', chunk: whole }],
    density: { kernels: ['exponential'], bandwidth: 'auto', effective_samples: 100 },
    report: 'base',
  };
}

async function answersOf(
  study: Study,
  positions: Positions,
  seed: number,
  sums: readonly Sum[],
  asked: readonly Sum[],
  { full, onProgress, say, signal }: ExperimentOptions,
): Promise<Answer[]> {
  const run = `${positions}-${seed}`;
  const folder = study.modelFolder(run);
  const { trained, most, width, layers, steps, learningRate, context } = sizeOf(full);
  const tokenizer = await trainTokenizer([], 257);
  const config = modelConfigSchema.parse({
    ...{
      vocabulary: tokenizer.size,
      context,
      width,
      layers,
      heads: 4,
      positions,
    },
  });
  const settings = trainingSettingsSchema.parse({
    ...{ steps, batch: BATCH, learningRate, seed },
    // So far that the places of the longest numbers that are asked are learned too.
    offset: most - trained,
  });
  const stream = await streamOfSums(tokenizer, sums, context);
  await train({ folder, config, tokenizer, stream, settings, onProgress, signal });
  const right = await answersRightly(readModel(folder), await askedSums(tokenizer, asked));
  const keyed = new Map(
    queriesOf(study.db, querySetNamed(study.db, QUERIES).id).map(({ id, text }) => [text, id]),
  );
  const kept = ensureRun(study.db, {
    name: run,
    scorer: 'lab',
    settings: { positions, seed },
    covariates: { positions, seed },
  });
  addOutcomes(
    study.db,
    kept.id,
    asked.map(({ question, answer }, i) => ({
      queryId: keyed.get(question + answer)!,
      metrics: { correct: Number(right[i]) },
    })),
  );
  say(`${run}: ${right.filter(Boolean).length} of ${asked.length} sums right`);
  return asked.map((sum, i) => ({ positions, seed, sum, right: right[i]! }));
}

function exactFindings(answers: readonly Answer[]): Finding[] {
  const lengths = [...new Set(answers.map(({ sum }) => sum.digits))];
  return POSITIONS.flatMap((positions) =>
    lengths.map((digits) =>
      shareOfGroups(
        'exact match of the sum',
        `${positions}, ${digits} digits`,
        answers
          .filter((one) => one.positions === positions && one.sum.digits === digits)
          .map(({ sum, right }) => ({ group: sum.question, value: Number(right) })),
      ),
    ),
  );
}

/** The negative control: whether density tells right answers from wrong ones among sums of one length. */
function densityFindings(study: Study, answers: readonly Answer[]): Finding[] {
  const { log10Density } = densitiesIn(study);
  const set = querySetNamed(study.db, QUERIES);
  const idOf = new Map(queriesOf(study.db, set.id).map(({ id, text }) => [text, id]));
  return POSITIONS.map((positions) => {
    const of = answers.filter((one) => one.positions === positions);
    return slopeOnDensity(
      'slope of exact match on log10 density, lengths held fixed',
      positions,
      'share',
      of.map(({ sum, right }) => ({
        group: sum.question,
        log10Density: log10Density.get(idOf.get(sum.question + sum.answer)!)!,
        value: Number(right),
      })),
      of.map(({ sum }) => `${sum.digits} digits`),
    );
  });
}

function conclusionOf(findings: readonly Finding[], trained: number): string {
  const reached = POSITIONS.map((positions) => {
    const lengths = findings.filter(
      ({ measure, condition }) => measure.startsWith('exact') && condition.startsWith(`${positions},`),
    );
    const known = lengths.filter(({ value }) => value >= 0.5).length;
    return `${positions} ${known}`;
  });
  const slope = findings.find(
    ({ measure, condition }) => measure.startsWith('slope') && condition === 'abacus',
  );
  const explained = !slope
    ? 'could not be tested'
    : slope.low! > 0
      ? 'explains some of it even so'
      : 'does not explain it';
  return `Trained on up to ${trained} digits, half of the sums come out right up to so many digits: ${reached.join(', ')}; density, lengths held fixed, ${explained}.`;
}
