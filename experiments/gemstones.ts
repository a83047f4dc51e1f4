import { median } from 'd3';
import { checkpointsOfRuns, scalingStudy } from '../study/index.js';
import type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
import { inStudy, QUERIES } from './in-study.js';

/** A sweep of widths, depths, learning rates and tokens, and the scaling law of it. */
export const gemstones: Experiment = {
  name: 'gemstones',
  title: 'A scaling law over shapes (Gemstones)',
  claim:
    'Gemstones (McLeish et al. 2025, arXiv 2502.06857; 22 models of 50M to 2B, over 4,000 checkpoints): the law that is found depends on which widths, depths and learning rates are kept.',
  run,
};

interface Shape {
  width: number;
  layers: number;
  learningRate: number;
  steps: number;
}

const RESAMPLES = 200;
const DELTA = 1e-3;

function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const shapes = sweep(options.full);
  const runs = new Map(
    options.seeds.flatMap((seed) => shapes.map((shape) => [nameOf(shape, seed), { shape, seed }] as const)),
  );
  const file = {
    name: 'Gemstones',
    seed: 1,
    corpora: { addresses: { files: 'source/addresses.jsonl', id: 'id', source: 'president', hold_out: 0.2 } },
    queries: [
      {
        kind: 'held-out',
        corpus: 'addresses',
        split: 'held-out',
        chunk: { by: 'passages', min: 120, max: 400 },
        sample: options.full ? 300 : 150,
      },
    ],
    density: { kernels: ['exponential'], bandwidth: 'auto', effective_samples: 100 },
    runs: Object.fromEntries(
      Array.from(runs, ([name, { shape, seed }]) => [
        name,
        {
          ...{ scorer: 'lab', seed, width: shape.width, layers: shape.layers, heads: 4, batch: 8 },
          ...{ steps: shape.steps, learning_rate: shape.learningRate },
        },
      ]),
    ),
    report: 'base',
  };
  const reported = { name: 'gemstones', runs: ['w*'], across: 'params' };
  return inStudy(options, file, reported, async (study) => {
    const shared = { runs: [...runs.keys()], querySet: QUERIES, measurement: 'base', kernel: 'exponential' };
    const lawOf = (densityBins: number) =>
      scalingStudy(checkpointsOfRuns(study, { ...shared, params: 'params', tokens: 'tokens', densityBins }), {
        ...{ deltas: [DELTA], by: densityBins === 1 ? ['width', 'layers', 'learning_rate', 'tokens'] : [] },
        ...{ resamples: RESAMPLES, seed: 1, onProgress: options.onProgress },
      });
    const [plain, dense] = [lawOf(1), lawOf(5)];
    const findings = [
      ...lawFindings('all losses', plain),
      ...lawFindings('by density, in fifths', dense),
      ...plain.subsets.map(
        ({ kept, law }): Finding => ({
          ...{
            measure: 'exponent of parameters, α',
            condition: `only ${kept}`,
            value: law.alpha,
            low: null,
            high: null,
          },
          ...{ unit: '', note: `${law.checkpoints} losses` },
        }),
      ),
    ];
    return { findings, conclusion: conclusionOf(findings, plain.checkpoints) };
  });
}

function sweep(full: boolean): Shape[] {
  const widths = full ? [64, 96, 128, 192] : [32, 48, 96];
  const depths = full ? [2, 4, 6] : [2, 4];
  const rates = full ? [1e-3, 3e-3] : [2e-3];
  const steps = full ? [150, 300, 600] : [50, 100, 200];
  return widths.flatMap((width) =>
    depths.flatMap((layers) =>
      rates.flatMap((learningRate) =>
        steps.map((number) => ({ width, layers, learningRate, steps: number })),
      ),
    ),
  );
}

function nameOf({ width, layers, learningRate, steps }: Shape, seed: number): string {
  return `w${width}-l${layers}-r${learningRate * 1000}-s${steps}-${seed}`;
}

type Study = ReturnType<typeof scalingStudy>;

function lawFindings(condition: string, { laws, runs, resamples, checkpoints }: Study): Finding[] {
  const { law, intervals } = laws[0]!;
  const note = `${checkpoints} losses of ${runs} runs, which are resampled ${resamples} times`;
  const named = {
    alpha: 'exponent of parameters, α',
    beta: 'exponent of tokens, β',
    gamma: 'log loss for a standard deviation of density, γ',
  };
  return (['alpha', 'beta', 'gamma'] as const).flatMap((name): Finding[] => {
    const value = law[name];
    if (value === null) return [];
    const { low = null, high = null } = intervals?.[name] ?? {};
    return [{ measure: named[name], condition, value, low, high, unit: '', note }];
  });
}

function conclusionOf(findings: readonly Finding[], losses: number): string {
  const of = (measure: string, condition: string) =>
    findings.find((one) => one.measure.startsWith(measure) && one.condition === condition);
  const alphas = findings.filter(({ condition }) => condition.startsWith('only')).map(({ value }) => value);
  const gamma = of('log loss', 'by density, in fifths');
  const told =
    gamma?.high != null && gamma.high < 0
      ? 'falls with density beside size and tokens'
      : 'does not clearly fall with density beside size and tokens';
  return `Over ${losses} losses α is ${of('exponent of parameters', 'all losses')!.value.toFixed(2)}, and ${Math.min(...alphas).toFixed(2)} to ${Math.max(...alphas).toFixed(2)} (median ${median(alphas)!.toFixed(2)}) when half the shapes are kept; loss ${told}.`;
}
