import { mean } from 'd3';
import { chooseEstimator } from '../../density/index.js';
import type { LabModel } from '../../lab/index.js';
import { corpusNamed, documentsOf, type Study } from '../../store/index.js';
import { selectDocuments } from '../../study/index.js';
import { QUERIES } from '../in-study.js';
import { meanLosses } from '../mean-losses.js';

/** The corpus of generated texts. */
export const GENERATED = 'generated';
/** How texts to train on are chosen. */
export const WAYS = ['random', 'random, weighted by utility', 'lowest reward', 'least supported'] as const;
export type Way = (typeof WAYS)[number];

/** Texts to train on. */
export interface Chosen {
  texts: string[];
  /** What each counts; all alike where it is left out. */
  weights?: number[];
  /** Mean log10 density of the worst supported queries with the texts beside the corpus; null where it was not computed. */
  after: number | null;
}

/** How much more a text counts that the model does worse on. */
const BETA = 2;
/** No generated text is shorter, so that a choice of this many always fills the budget where the pool does. */
const LEAST_TOKENS = 20;

/**
 * Chooses generated texts, the first in a way's order that fill a budget of tokens: drawn at random; those that the base model does
 * worst on, a high loss being a low reward; or those that raise the density of the worst supported queries most.
 */
export async function chooseTexts(
  study: Study,
  way: Way,
  base: LabModel,
  { worst, budget, seed }: { worst: number; budget: number; seed: number },
): Promise<Chosen> {
  if (way === 'lowest reward') {
    const all = [...documentsOf(study.db, corpusNamed(study.db, GENERATED).id, 'train')].map(
      ({ text }) => text,
    );
    const losses = await meanLosses(base, all);
    const order = [...all.keys()].sort((a, b) => losses[b]!.loss - losses[a]!.loss);
    return {
      texts: await within(
        base,
        order.map((i) => all[i]!),
        budget,
      ),
      after: null,
    };
  }
  const by = way === 'least supported' ? 'utility' : 'random';
  const selected = (count: number) =>
    selectDocuments(study, {
      ...{ querySet: QUERIES, from: GENERATED, count, by, measurement: 'base', kernel: 'exponential' },
      ...{ worst, estimator: chooseEstimator('exact', {}), seed },
    });
  const { documents } = await selected(budget / LEAST_TOKENS);
  const texts = await within(
    base,
    documents.map(({ text }) => text),
    budget,
  );
  const { after } = await selected(texts.length);
  if (way !== 'random, weighted by utility') return { texts, after };
  return { texts, weights: utilityOf((await meanLosses(base, texts)).map(({ loss }) => loss)), after: null };
}

async function within({ tokenizer }: LabModel, texts: readonly string[], budget: number): Promise<string[]> {
  const ids = await tokenizer.encode(texts);
  let used = 0;
  return texts.filter((_, i) => {
    if (used >= budget) return false;
    used += ids[i]!.length;
    return true;
  });
}

/** What a text counts: σ(β·z) of the base model's loss at it, mean 1. OPTune weights a pair by its reward gap in this way; a loss is a low reward. */
function utilityOf(losses: readonly number[]): number[] {
  const centre = mean(losses)!;
  const spread = Math.sqrt(mean(losses, (loss) => (loss - centre) ** 2)!);
  const raw = losses.map((loss) => 1 / (1 + Math.exp((-BETA * (loss - centre)) / spread)));
  return raw.map((weight) => weight / mean(raw)!);
}
