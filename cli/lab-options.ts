import type { Command } from 'commander';
import type { GoldfishRule, LabModel, Trained, TrainingSettings } from '../lab/index.js';
import { corpusNamed, documentsOf, openStudy, UsageError } from '../store/index.js';
import { count, integer, list, number, type OutputOptions, positive } from './common-options.js';
import type { ProgressPrinter } from './progress-printer.js';
import { documentSource, type SourceOptions } from './source-options.js';

/** Where texts come from: paths, or corpora of a study. */
export interface TextOptions extends SourceOptions {
  study?: string;
  corpora?: string[];
}

/** The options of training that training anew and training on share. */
export interface TrainingOptions extends OutputOptions {
  batch: number;
  learningRate: number;
  decay: number;
  noise: number;
  goldfishK?: number;
  goldfishStrategy: GoldfishRule['strategy'];
}

/** Adds the options that name corpora of a study as texts. */
export function withCorpora(command: Command): Command {
  return command
    .option('--study <dir>', 'the study that --corpora are of')
    .option('--corpora <names>', 'their training documents, separated by commas, rather than files', list);
}

/** Adds the options of training. */
export function withTrainingOptions(command: Command, learningRate: number): Command {
  return command
    .optionsGroup('Training:')
    .option('--batch <texts>', 'windows of a step', integer, 32)
    .option(
      '--learning-rate <rate>',
      'the highest; it rises first, and falls to a tenth',
      number,
      learningRate,
    )
    .option('--decay <rate>', 'of weights, decoupled (AdamW)', number, 0.1)
    .option('--noise <alpha>', 'on the embeddings (NEFTune)', number, 0)
    .option('--goldfish-k <n>', 'one token in n is read but not learned from', count)
    .option('--goldfish-strategy <name>', 'hashed or static', 'hashed');
}

/** How a model that is there is used. */
export interface ModelOptions {
  runs?: number;
  topKeys?: number;
}

/** Adds the options of how a model is used. */
export function withModelOptions(command: Command): Command {
  return command
    .option('--runs <n>', 'of a recurrent core (default: as it was trained)', positive)
    .option('--top-keys <n>', 'attend to the best keys alone (default: as it was trained)', positive);
}

/**
 * Reads a model, to be used as the options say.
 *
 * @throws UsageError where there is none, or runs are asked of a model without a recurrent core
 */
export async function modelOf(folder: string, options: ModelOptions): Promise<LabModel> {
  const { readModel } = await import('../lab/index.js');
  const model = readModel(folder);
  if (options.runs !== undefined && !model.config.recurrence)
    throw new UsageError(`--runs is for a model with a recurrent core; ${folder} has none.`);
  return { ...model, runs: options.runs ?? model.runs, topKeys: options.topKeys ?? model.topKeys };
}

/** The settings that the options of training say, but for the steps. */
export function trainingOf(
  options: TrainingOptions,
): Pick<TrainingSettings, 'batch' | 'learningRate' | 'decay' | 'noise' | 'seed'> {
  const { batch, learningRate, decay, noise, seed = 1 } = options;
  return { batch, learningRate, decay, noise, seed };
}

/** The tokens that are dropped, as the options say. */
export function goldfishOf({
  goldfishK: k,
  goldfishStrategy: strategy,
}: TrainingOptions): GoldfishRule | undefined {
  if (strategy !== 'hashed' && strategy !== 'static')
    throw new UsageError(`--goldfish-strategy is "${strategy}": use hashed or static.`);
  if (k !== undefined && k < 2)
    throw new UsageError(`--goldfish-k is ${k}: one token in k is dropped, k at least 2.`);
  return k === undefined ? undefined : { strategy, k };
}

/**
 * Reads all texts that the paths or corpora name.
 *
 * @throws UsageError where neither or both are named, or there are no texts
 */
export async function textsFrom(paths: readonly string[], options: TextOptions): Promise<string[]> {
  const { corpora, study: dir } = options;
  if (paths.length > 0 === (corpora !== undefined))
    throw new UsageError('Name files, or corpora of a study with --study and --corpora.');
  const texts: string[] = [];
  if (corpora) {
    const study = openStudy(dir ?? '.');
    for (const name of corpora)
      for (const { text } of documentsOf(study.db, corpusNamed(study.db, name).id, 'train')) texts.push(text);
    study.close();
  } else {
    const { readDocuments, Skipped } = await import('../indexer/index.js');
    for await (const { text } of readDocuments(documentSource(paths, options), new Skipped()))
      texts.push(text);
  }
  if (texts.length === 0) throw new UsageError('There are no texts to train on.');
  return texts;
}

/** Prints what came of a training. */
export function printTrained(trained: Trained, options: OutputOptions, printer: ProgressPrinter): void {
  printer.end();
  const { folder, steps, tokens, curve, isNew } = trained;
  const loss = lossAtEnd(trained);
  if (options.json) process.stdout.write(`${JSON.stringify({ folder, steps, tokens, loss, curve })}\n`);
  else if (!options.quiet)
    process.stdout.write(
      `${folder}: ${isNew ? '' : 'there already, '}${steps} steps, ${tokens.toLocaleString('en')} tokens, ${loss.toFixed(3)} nats a token over the last twentieth\n`,
    );
}

function lossAtEnd({ curve }: Trained): number {
  const last = curve.slice(-Math.max(1, Math.ceil(curve.length / 20)));
  return last.reduce((sum, point) => sum + point.loss, 0) / last.length;
}
