import { shuffler } from 'd3';
import { seededUniform } from '../density/index.js';
import type { OnProgress } from '../store/index.js';
import { packTexts, type TokenStream } from './batches.js';
import type { ModelConfig } from './config.js';
import { type GoldfishRule, goldfishMask } from './goldfish.js';
import type { LabModel } from './model-folder.js';
import { type LabTokenizer, trainTokenizer } from './tokenizer.js';
import { type Trained, train } from './train.js';
import type { TrainingSettings } from './training-settings.js';

interface Watched {
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

/** A model to be trained from nothing. */
export interface Learning extends Watched {
  folder: string;
  texts: readonly string[];
  /** The model but for its vocabulary, which the tokenizer has. */
  model: Omit<ModelConfig, 'vocabulary'>;
  /** Tokens of the tokenizer that is trained on the texts. */
  vocabulary: number;
  settings: TrainingSettings;
  /** Tokens that are only read (Hans et al. 2024). */
  goldfish?: GoldfishRule | undefined;
}

/**
 * Trains a tokenizer and a model on texts, into a folder.
 *
 * @throws UsageError, DataError, Interrupted as `train` does
 */
export async function learn(learning: Learning): Promise<Trained> {
  const { folder, texts, model, vocabulary, settings, goldfish, onProgress, signal } = learning;
  const tokenizer = await trainTokenizer(texts, vocabulary);
  const stream = await streamOf(tokenizer, texts, goldfish);
  const config = { ...model, vocabulary: tokenizer.size };
  return train({ folder, config, tokenizer, stream, settings, onProgress, signal });
}

/** A model to be trained on. */
export interface Finetuning extends Watched {
  folder: string;
  from: LabModel;
  texts: readonly string[];
  /** What each text counts in the loss; all alike where it is left out. */
  weights?: readonly number[] | undefined;
  /** Texts that stand among the others, so that the model forgets less; as many of their tokens as `share` of the texts'. */
  background?: { texts: readonly string[]; share: number } | undefined;
  /** How often the texts are read. */
  passes: number;
  settings: Omit<TrainingSettings, 'steps'>;
  goldfish?: GoldfishRule | undefined;
}

/**
 * Trains a model further on texts, into another folder.
 *
 * @throws UsageError, DataError, Interrupted as `train` does
 */
export async function finetune(finetuning: Finetuning): Promise<Trained> {
  const { folder, from, texts, background, passes, settings, goldfish, onProgress, signal } = finetuning;
  const { config, tokenizer, weights } = from;
  const encoded = (await tokenizer.encode(texts)).map((ids, i) => ({
    ...masked(ids, goldfish),
    weight: finetuning.weights?.[i] ?? 1,
  }));
  const size = encoded.reduce((sum, { ids }) => sum + ids.length, 0);
  const others = background
    ? await drawTokens(tokenizer, background.texts, background.share * size, settings.seed)
    : [];
  const all = shuffler(seededUniform(settings.seed))([...encoded, ...others.map((ids) => ({ ids }))]);
  const stream = packTexts(all);
  const windows = Math.max(1, Math.floor(stream.ids.length / config.context));
  const steps = Math.max(1, Math.round((passes * windows) / settings.batch));
  return train({
    folder,
    config,
    tokenizer,
    stream,
    weights,
    // It runs and attends as the model that it comes from.
    settings: { ...settings, steps, topKeys: from.topKeys, ...(config.recurrence && { runs: from.runs }) },
    onProgress,
    signal,
  });
}

async function streamOf(
  tokenizer: LabTokenizer,
  texts: readonly string[],
  goldfish: GoldfishRule | undefined,
): Promise<TokenStream> {
  return packTexts((await tokenizer.encode(texts)).map((ids) => masked(ids, goldfish)));
}

function masked(ids: Int32Array, goldfish: GoldfishRule | undefined) {
  return goldfish ? { ids, mask: goldfishMask(ids, goldfish) } : { ids };
}

/** Draws passages of texts, so many tokens in all. */
async function drawTokens(
  tokenizer: LabTokenizer,
  texts: readonly string[],
  size: number,
  seed: number,
): Promise<Int32Array[]> {
  const uniform = seededUniform(seed + 1);
  const drawn: Int32Array[] = [];
  for (let left = Math.round(size); left > 0 && texts.length > 0; ) {
    const text = texts[Math.floor(uniform() * texts.length)]!;
    const begin = Math.floor(uniform() * Math.max(1, text.length - PASSAGE));
    const [ids] = await tokenizer.encode([text.slice(begin, begin + PASSAGE)]);
    drawn.push(ids!.subarray(0, left));
    left -= Math.max(1, ids!.length);
  }
  return drawn;
}

/** Characters of a passage of the background. */
const PASSAGE = 1000;
