import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mean } from 'd3';
import {
  finetune,
  type GoldfishRule,
  openLossScorer,
  readModel,
  trainingSettingsSchema,
} from '../lab/index.js';
import { corpusNamed, documentsOf, metricsOf, queriesOf, querySetNamed, type Study } from '../store/index.js';
import { memoriseRun, openScorer, scoreRun } from '../study/index.js';
import { writeDemoTexts } from './demo-texts.js';
import type { ExperimentOptions } from './experiment.js';
import { densitiesIn, QUERIES, writeSource } from './in-study.js';
import { openLabCompleter } from './lab-completer.js';
import { drawPassages, type Passage } from './passages.js';

/** What a model is of the family that is compared: the fields of a run of the lab in a study file. */
export type ModelSettings = Readonly<Record<string, number>>;

/** A base model trained on the repeated passages in one way. */
export interface Repetition {
  /** What is compared with other such: a rule, a size. */
  condition: string;
  /** The run of the base model. */
  base: string;
  seed: number;
  goldfish?: GoldfishRule;
  /** Windows of a step. */
  batch: number;
  /** Passes over the copies; at a goldfish loss as many more that the supervised tokens are the same. */
  passes: number;
}

/** One passage in one trained model. */
export interface Completion {
  condition: string;
  seed: number;
  text: string;
  copies: number;
  log10Density: number;
  /** 1 where the last 50 tokens come word for word. */
  exact: number;
  rouge: number;
}

/** What came of a repetition. */
export interface Repeated {
  repetition: Repetition;
  completions: Completion[];
  /** Mean loss of each held-out document, nats a token. */
  heldOut: number[];
}

/** Tokens at the end of a passage that are to be completed. */
export const COUNT = 50;
/** Tokens of a held-out document that its loss is measured on. */
const HELD_OUT = 200;

/** Draws passages of Moby Dick, of which the base models read nothing, and writes them, once and as often as they are learned. */
export function writePassages(folder: string, copies: readonly number[], each: number): Passage[] {
  const source = join(folder, 'source');
  writeDemoTexts(source);
  const lines = readFileSync(join(source, 'moby-dick.jsonl'), 'utf8').trim().split('\n');
  const chapters = lines.map((line) => (JSON.parse(line) as { text: string }).text);
  const passages = drawPassages(chapters, { copies, each, seed: 1 });
  writeSource(folder, 'passages.jsonl', passages);
  const repeated = passages.flatMap(({ key, text, copies: number }) =>
    Array.from({ length: number }, (_, i) => ({ key: `${key} copy ${i + 1}`, text })),
  );
  writeSource(folder, 'repeated.jsonl', repeated);
  return passages;
}

/** A study of the addresses, which base models are trained on, and the repeated passages, which are its queries. */
export function repeatedStudy(name: string, bases: Readonly<Record<string, ModelSettings>>): object {
  const whole = { by: 'document' };
  return {
    name,
    seed: 1,
    corpora: {
      addresses: { files: 'source/addresses.jsonl', id: 'id', source: 'president', hold_out: 0.2 },
      repeated: { files: 'source/repeated.jsonl', id: 'key', chunk: whole },
    },
    queries: [{ kind: 'repeated', files: 'source/passages.jsonl', id: 'key', chunk: whole }],
    density: { kernels: ['exponential'], bandwidth: 'auto', effective_samples: 30 },
    runs: Object.fromEntries(
      Object.entries(bases).map(([run, model]) => [run, { scorer: 'lab', train: ['addresses'], ...model }]),
    ),
    report: 'base',
  };
}

/** Trains a base model on the repeated passages, scores them, and has them completed; kept as a run of the study. */
export async function repeat(
  study: Study,
  passages: readonly Passage[],
  repetition: Repetition,
  { onProgress, say, signal }: ExperimentOptions,
): Promise<Repeated> {
  const { condition, base, seed, goldfish, batch, passes } = repetition;
  const run = `${condition.replaceAll(' ', '-').replaceAll(/[=,]/g, '')}-${seed}`;
  const folder = study.modelFolder(run);
  await finetune({
    ...{ folder, onProgress, signal, goldfish },
    from: readModel(study.modelFolder(base)),
    texts: passages.flatMap(({ text, copies }) => Array.from({ length: copies }, () => text)),
    background: { texts: addresses(study, 'train'), share: 0.25 },
    passes: goldfish ? (passes * goldfish.k) / (goldfish.k - 1) : passes,
    settings: trainingSettingsSchema.parse({ steps: 1, batch, learningRate: 2e-3, seed }),
  });
  const model = readModel(folder);
  const about = { run, querySet: QUERIES, onProgress, signal };
  const scorer = await openScorer(study, { kind: 'onnx', model: folder, dtype: 'fp32' });
  await scoreRun(study, scorer, about);
  await scorer.close();
  const texts = passages.map(({ text }) => text);
  const completer = await openLabCompleter(model, texts, COUNT);
  const { exactMatch } = await memoriseRun(study, completer, { ...about, count: COUNT });
  const losses = await openLossScorer(model);
  const held = await model.tokenizer.encode(addresses(study, 'held-out'));
  const heldOut = (await losses.losses(held.map((ids) => ids.subarray(0, HELD_OUT)))).map(
    (one) => mean(one)!,
  );
  await losses.close();
  say(`${run}: ${(100 * exactMatch).toFixed(1)}% of passages completed word for word`);
  return { repetition, completions: completionsOf(study, passages, repetition, run), heldOut };
}

function completionsOf(
  study: Study,
  passages: readonly Passage[],
  { condition, seed }: Repetition,
  run: string,
): Completion[] {
  const set = querySetNamed(study.db, QUERIES);
  const metrics = metricsOf(study.db, run, set.id);
  const { log10Density } = densitiesIn(study);
  const copiesOf = new Map(passages.map(({ text, copies }) => [text, copies]));
  return queriesOf(study.db, set.id).flatMap(({ id, text }) => {
    const exact = metrics.get('exact_match')?.get(id);
    if (exact === undefined) return [];
    const rouge = metrics.get('rouge_l')!.get(id)!;
    return [
      {
        condition,
        seed,
        text,
        copies: copiesOf.get(text)!,
        log10Density: log10Density.get(id)!,
        exact,
        rouge,
      },
    ];
  });
}

function addresses({ db }: Study, split: 'train' | 'held-out'): string[] {
  return [...documentsOf(db, corpusNamed(db, 'addresses').id, split)].map(({ text }) => text);
}
