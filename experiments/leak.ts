import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openStudy } from '../store/index.js';
import { type InterventionResult, readStudyFile, runStudy } from '../study/index.js';
import { writeDemoTexts } from './demo-texts.js';
import type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
import { pooledOverSeeds } from './pooled.js';

/** Leaked paraphrases and copies: what they do to density and to a language model's loss. */
export const leak: Experiment = {
  name: 'leak',
  title: 'Leaks into the finetuning data (LMD3)',
  claim:
    'LMD3 (arXiv 2405.06331; a 7B Llama and Pythia-6.9B): paraphrase leaks raise density, density predicts the gain, and density explains a part of the variance of perplexity.',
  run,
};

const ARMS = [
  { name: 'control', weight: 3 },
  { name: 'paraphrase-1', paraphrases: 1 },
  { name: 'paraphrase-3', paraphrases: 3 },
  { name: 'exact', exact: true },
  { name: 'same-topic', placebo: 2 },
  { name: 'unrelated', unrelated: 2 },
];

async function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const { folder, seeds, onProgress, say, signal } = options;
  mkdirSync(folder, { recursive: true });
  writeDemoTexts(join(folder, 'source'));
  const file = join(folder, 'study.yaml');
  writeFileSync(file, stringify(studyFile(options)));
  const study = openStudy(folder, { write: true });
  try {
    const { report, files } = await runStudy(study, readStudyFile(file), { onProgress, say, signal });
    const results = seeds.map((seed) => report.interventions.find(({ name }) => name === `leak-${seed}`)!);
    const findings = [...findingsOf(results), ...headlineOf(report)];
    return { findings, conclusion: conclusionOf(findings), report: files.at(-1) ?? null };
  } finally {
    study.close();
  }
}

/** One model a seed, each with a draw of arms of its own. */
function studyFile({ full, seeds }: ExperimentOptions): object {
  const model = full
    ? { width: 128, layers: 4, heads: 4, steps: 500, batch: 16 }
    : { width: 96, layers: 2, heads: 4, steps: 300 };
  return {
    name: 'Leaks',
    seed: 1,
    corpora: {
      addresses: {
        files: 'source/addresses.jsonl',
        id: 'id',
        source: 'president',
        hold_out: 0.2,
      },
    },
    queries: [
      {
        kind: 'held-out',
        corpus: 'addresses',
        split: 'held-out',
        chunk: { by: 'passages', min: 120, max: 400 },
        sample: full ? 2400 : 1200,
      },
    ],
    density: { kernels: ['exponential'], bandwidth: 'auto', effective_samples: 100 },
    runs: Object.fromEntries(seeds.map((seed) => [`lab-${seed}`, { scorer: 'lab', seed, ...model }])),
    interventions: Object.fromEntries(
      seeds.map((seed) => [
        `leak-${seed}`,
        { run: `lab-${seed}`, kind: 'held-out', untouched: 0.2, seed, arms: ARMS },
      ]),
    ),
    report: 'leak',
  };
}

function findingsOf(results: readonly InterventionResult[]): Finding[] {
  const arms = results[0]!.arms.map(({ arm }) => arm);
  const of = (measure: string, unit: string, effect: 'densityEffect' | 'gainEffect') =>
    arms.flatMap((arm) => {
      const estimates = results.flatMap(
        (result) => result.arms.find((one) => one.arm === arm)?.[effect] ?? [],
      );
      return estimates.length === results.length ? [pooledOverSeeds(measure, arm, unit, estimates)] : [];
    });
  const instrumented = results.flatMap((result) => result.instrumented ?? []);
  const spillover = results.flatMap((result) => result.spillover ?? []);
  return [
    ...of('change in log10 density, against control', 'log10', 'densityEffect'),
    ...of('gain in loss, against control', 'nats a token', 'gainEffect'),
    ...(instrumented.length === results.length
      ? [
          pooledOverSeeds(
            'gain for a tenfold density, by the dose that was drawn',
            'all leaks',
            'nats a token',
            instrumented,
          ),
        ]
      : []),
    ...(spillover.length === results.length
      ? [
          pooledOverSeeds(
            'gain of control queries over documents left alone',
            'spillover',
            'nats a token',
            spillover,
          ),
        ]
      : []),
  ];
}

type Report = Awaited<ReturnType<typeof runStudy>>['report'];

/** R² out of sample without and with density, beyond each set of controls. */
function headlineOf({ headline }: Report): Finding[] {
  return (headline?.models ?? []).map(({ name, r2, r2WithDensity, gain }) => ({
    measure: 'out-of-sample R² that density adds',
    condition: `to ${name}`,
    ...{ value: gain.estimate, low: gain.low, high: gain.high, unit: '' },
    note: `R² ${r2.toFixed(3)} without, ${r2WithDensity.toFixed(3)} with; first seed`,
  }));
}

function conclusionOf(findings: readonly Finding[]): string {
  const clear = (measure: string, condition: string) => {
    const found = findings.find((one) => one.measure.startsWith(measure) && one.condition === condition);
    return found?.low != null && found.low > 0;
  };
  const leaked = ['paraphrase-1', 'paraphrase-3', 'exact'];
  const raised = leaked.filter((arm) => clear('change in log10 density', arm));
  const gained = leaked.filter((arm) => clear('gain in loss', arm));
  const list = (arms: readonly string[]) => (arms.length > 0 ? arms.join(', ') : 'no arm');
  const predicted = clear('gain for a tenfold density', 'all leaks');
  return `Density rose clearly in ${list(raised)}; loss fell clearly in ${list(gained)}; density ${predicted ? 'predicts' : 'does not clearly predict'} the gain, at a size a thousand times below the paper's.`;
}
