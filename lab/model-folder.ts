import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, UsageError } from '../store/index.js';
import { blockNames, EXPANSION, type ModelConfig, modelConfigSchema } from './config.js';
import { type Parameter, parametersOf, type Weights } from './parameters.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { END_OF_TEXT, type LabTokenizer, openTokenizer, type TokenizerFile } from './tokenizer.js';

/** A trained model and its tokenizer. */
export interface LabModel {
  config: ModelConfig;
  tokenizer: LabTokenizer;
  weights: Weights;
  /** Runs of a recurrent core; 0 where there is none. */
  runs: number;
  /** Keys that a token attends to, the best; all where it is left out. */
  topKeys?: number | undefined;
}

/** A model without its weights, and what is written of its tokenizer. */
export type DescribedModel = Omit<LabModel, 'weights' | 'tokenizer'> & { tokenizer: TokenizerFile };

const WEIGHTS = 'model.safetensors';
/** Runs that a recurrent model's config.json says nothing of. */
const RUNS = 8;

/** Writes what tells of a model: config.json and the tokenizer, as transformers.js reads them. */
export function writeConfig(folder: string, { config, tokenizer, runs, topKeys }: DescribedModel): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeJson(join(folder, 'config.json'), {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: config.width,
    intermediate_size: EXPANSION * config.width,
    hidden_act: 'relu2',
    num_hidden_layers: cachedBlocks(config, runs),
    num_attention_heads: config.heads,
    num_key_value_heads: config.heads,
    vocab_size: config.vocabulary,
    max_position_embeddings: config.context,
    tie_word_embeddings: true,
    bos_token_id: 0,
    eos_token_id: 0,
    densimeter: { model: config, runs, topKeys },
  });
  writeJson(join(folder, 'generation_config.json'), { bos_token_id: 0, eos_token_id: 0 });
  write(join(folder, 'tokenizer.json'), tokenizer.json);
  writeJson(join(folder, 'tokenizer_config.json'), {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: END_OF_TEXT,
    eos_token: END_OF_TEXT,
    clean_up_tokenization_spaces: false,
    model_max_length: config.context,
  });
}

/** Writes a model's weights; the model is whole once they are there. */
export function writeWeights(folder: string, config: ModelConfig, weights: Weights): void {
  const tensors = new Map(
    parametersOf(config).map(({ name, shape }) => [name, { shape, data: weights.get(name)! }]),
  );
  writeSafetensors(join(folder, WEIGHTS), { tensors, metadata: { format: 'pt' } });
}

/** Whether a folder holds a trained model. */
export function holdsModel(folder: string): boolean {
  return existsSync(join(folder, WEIGHTS));
}

/**
 * Reads a model's folder.
 *
 * @throws UsageError where there is none; DataError where its files do not belong together
 */
export function readModel(folder: string): LabModel {
  if (!holdsModel(folder))
    throw new UsageError(`${folder} holds no model of the lab: train one there with densimeter lab train.`);
  const said = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
    densimeter?: { model: unknown; runs?: number; topKeys?: number };
  };
  const parsed = modelConfigSchema.safeParse(said.densimeter?.model);
  if (!parsed.success) throw new DataError(`${folder}/config.json does not describe a model of the lab.`);
  const config = parsed.data;
  const tokenizer = openTokenizer(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
  const { tensors } = readSafetensors(join(folder, WEIGHTS));
  const weights = new Map(
    parametersOf(config).map((parameter) => [parameter.name, tensorOf(folder, tensors, parameter)]),
  );
  const { runs = RUNS, topKeys } = said.densimeter!;
  return { config, tokenizer, weights, runs, topKeys };
}

/** Blocks that a text passes through, those of a core as often as it runs. */
export function cachedBlocks(config: ModelConfig, runs: number): number {
  const { before, core, after } = blockNames(config);
  return before.length + core.length * runs + after.length;
}

/**
 * The values of a parameter in a file's tensors.
 *
 * @throws DataError where it is not there, or of another shape
 */
export function tensorOf(
  folder: string,
  tensors: ReturnType<typeof readSafetensors>['tensors'],
  { name, shape }: Parameter,
): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor || `${tensor.shape}` !== `${shape}`)
    throw new DataError(
      `${folder}: the weights ${name} are ${tensor ? tensor.shape.join('×') : 'missing'}, not ${shape.join('×')}.`,
    );
  return tensor.data;
}

/** Writes a file that gets its name once it is whole. */
export function write(file: string, contents: string | Uint8Array): void {
  const part = `${file}.part`;
  try {
    writeFileSync(part, contents);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

function writeJson(file: string, value: object): void {
  write(file, `${JSON.stringify(value, null, 2)}\n`);
}
