import type { GoldfishRule } from '../lab/index.js';
import { completionFindings, exactInWords } from './completion-findings.js';
import type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
import { inStudy } from './in-study.js';
import { meanOverGroups } from './pooled.js';
import { type Repeated, repeat, repeatedStudy, writePassages } from './repeated-passages.js';

/** Passages that stand in the training data again and again, learned with and without the goldfish loss. */
export const goldfish: Experiment = {
  name: 'goldfish',
  title: 'Goldfish loss against memorization',
  claim:
    'Goldfish loss (Hans et al. 2024, arXiv 2406.10209; a 7B Llama, 100 Wikipedia articles, 100 epochs): with one token in k left out of the loss, verbatim extraction falls to about none.',
  run,
};

interface Rule {
  condition: string;
  goldfish?: GoldfishRule;
}

const RULES: readonly Rule[] = [
  { condition: 'standard' },
  ...[3, 4, 8].map((k): Rule => ({ condition: `goldfish k=${k}`, goldfish: { strategy: 'hashed', k } })),
];
const COPIES = [1, 4, 16, 64];
const MOST = 64;

function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const { folder, seeds, full } = options;
  const passages = writePassages(folder, COPIES, full ? 12 : 8);
  // Smaller models take longer to learn by heart.
  const passes = full ? 2 : 4;
  const model = full
    ? { width: 128, layers: 4, heads: 4, steps: 300, batch: 16 }
    : { width: 96, layers: 2, heads: 4, steps: 150, batch: 16 };
  const bases = Object.fromEntries(seeds.map((seed) => [`base-${seed}`, { ...model, seed }]));
  return inStudy(options, repeatedStudy('Goldfish', bases), { name: 'goldfish', runs: [] }, async (study) => {
    const found: Repeated[] = [];
    for (const seed of seeds)
      for (const rule of RULES)
        found.push(
          await repeat(study, passages, { ...rule, base: `base-${seed}`, seed, batch: 8, passes }, options),
        );
    const completions = found.flatMap((one) => one.completions);
    const conditions = RULES.map(({ condition }) => condition);
    const findings = [...completionFindings(completions, conditions, COPIES), ...heldOutFindings(found)];
    return { findings, conclusion: conclusionOf(findings, passes) };
  });
}

/** What each rule costs on held-out documents, against the standard loss of the same seed. */
function heldOutFindings(found: readonly Repeated[]): Finding[] {
  const of = (condition: string) => found.filter(({ repetition }) => repetition.condition === condition);
  return RULES.slice(1).map(({ condition }) => {
    const differences = of(condition).flatMap(({ repetition: { seed }, heldOut }) => {
      const standard = of('standard').find(({ repetition }) => repetition.seed === seed)!;
      return heldOut.map((loss, d) => ({ group: String(d), value: loss - standard.heldOut[d]! }));
    });
    return meanOverGroups('held-out loss, against the standard loss', condition, 'nats a token', differences);
  });
}

function conclusionOf(findings: readonly Finding[], passes: number): string {
  const [standard, three, four] = ['standard', 'goldfish k=3', 'goldfish k=4'].map((condition) =>
    exactInWords(findings, condition, MOST),
  );
  return `Of passages with ${MOST} copies, read ${passes} times, the standard loss completes ${standard} word for word, goldfish k=4 ${four}, k=3 ${three}, at equal supervised tokens.`;
}
