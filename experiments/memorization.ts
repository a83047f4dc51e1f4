import type { GoldfishRule } from '../lab/index.js';
import { completionFindings, exactInWords } from './completion-findings.js';
import type { Experiment, ExperimentOptions, ExperimentResult } from './experiment.js';
import { inStudy } from './in-study.js';
import {
  type ModelSettings,
  type Repeated,
  repeat,
  repeatedStudy,
  writePassages,
} from './repeated-passages.js';

/** Passages that stand in one pass of the training data 1 to 64 times, read by models of three sizes. */
export const memorization: Experiment = {
  name: 'memorization',
  title: 'Memorization in one pass, by copies and size',
  claim:
    'AxoNN (Singh et al. 2024, arXiv 2502.08145; 1B to 405B parameters): texts that are read several times are memorised, abruptly from some model size on; the goldfish loss prevents it.',
  run,
};

/** From about the paper's (1 to 6) to where models this small begin to memorise. */
const COPIES = [1, 4, 16, 64];
const MOST = 64;
/** Small, so that a single pass has steps enough to learn by heart. */
const BATCH = 4;
const GOLDFISH: GoldfishRule = { strategy: 'hashed', k: 4 };

const SIZES: readonly { name: string; quick: ModelSettings; full: ModelSettings }[] = [
  { name: 'small', quick: { width: 48, layers: 2, heads: 4 }, full: { width: 96, layers: 3, heads: 4 } },
  { name: 'middle', quick: { width: 96, layers: 2, heads: 4 }, full: { width: 192, layers: 4, heads: 6 } },
  { name: 'large', quick: { width: 192, layers: 4, heads: 6 }, full: { width: 384, layers: 6, heads: 6 } },
];

function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const { folder, seeds, full } = options;
  // As many passages as give the pass enough steps to learn from.
  const passages = writePassages(folder, COPIES, full ? 100 : 16);
  const sizes = seeds.flatMap((seed) =>
    SIZES.map((size) => ({ ...size, seed, base: `${size.name}-${seed}` })),
  );
  const bases = Object.fromEntries(
    sizes.map(({ base, seed, quick, full: large }) => [
      base,
      { ...(full ? large : quick), seed, steps: full ? 1000 : 150, batch: 16 },
    ]),
  );
  const rules = [
    { rule: 'standard', goldfish: {} },
    { rule: 'goldfish k=4', goldfish: { goldfish: GOLDFISH } },
  ];
  const reported = { name: 'memorization', runs: [] };
  return inStudy(options, repeatedStudy('Memorization', bases), reported, async (study) => {
    const found: Repeated[] = [];
    for (const { name, seed, base } of sizes) {
      for (const { rule, goldfish } of rules) {
        const repetition = { condition: `${name} ${rule}`, base, seed, batch: BATCH, passes: 1, ...goldfish };
        found.push(await repeat(study, passages, repetition, options));
      }
    }
    const conditions = SIZES.flatMap(({ name }) => rules.map(({ rule }) => `${name} ${rule}`));
    const findings = completionFindings(
      found.flatMap(({ completions }) => completions),
      conditions,
      COPIES,
    );
    const words = SIZES.map(({ name }) => {
      const [standard, spared] = rules.map(({ rule }) => exactInWords(findings, `${name} ${rule}`, MOST));
      return `${name} ${standard}, with goldfish ${spared}`;
    });
    return {
      findings,
      conclusion: `Of passages that stand in the pass ${MOST} times, word for word: ${words.join('; ')}.`,
    };
  });
}
