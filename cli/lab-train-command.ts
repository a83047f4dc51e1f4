import type { Command } from 'commander';
import { UsageError } from '../store/index.js';
import { choice, integer, numbers, positive, withOutputOptions } from './common-options.js';
import {
  goldfishOf,
  printTrained,
  type TextOptions,
  type TrainingOptions,
  textsFrom,
  trainingOf,
  withCorpora,
  withTrainingOptions,
} from './lab-options.js';
import { progressPrinter } from './progress-printer.js';
import { withSourceOptions } from './source-options.js';
import { stopOnSignal } from './stop-on-signal.js';

interface TrainOptions extends TextOptions, TrainingOptions {
  vocabulary: number;
  context: number;
  width: number;
  layers: number;
  heads: number;
  positions: 'rotary' | 'learned' | 'none';
  recurrence?: number[];
  runs?: number;
  differentiated?: number;
  topKeys?: number;
  steps: number;
}

/** Adds `densimeter lab train`. */
export function addLabTrainCommand(lab: Command): void {
  const command = lab
    .command('train')
    .argument('<folder>', 'where the model goes')
    .argument('[paths...]', 'files, patterns or folders of texts')
    .description('train a tokenizer and a small language model on texts')
    .optionsGroup('Model:')
    .option('--vocabulary <tokens>', 'of the tokenizer: byte-level BPE', integer, 2048)
    .option('--context <tokens>', 'that the model sees at once', integer, 128)
    .option('--width <dims>', 'of a token inside the model', integer, 128)
    .option('--layers <n>', 'blocks', integer, 3)
    .option('--heads <n>', 'of attention', integer, 4)
    .option('--positions <kind>', 'rotary, learned or none', choice('rotary', 'learned', 'none'), 'rotary')
    .option(
      '--recurrence <blocks>',
      'PRELUDE,CORE,CODA: a core of blocks that is run again and again, and those before and after it, instead of --layers',
      numbers,
    )
    .option('--runs <n>', 'of the core, on average', positive)
    .option('--differentiated <n>', 'the last of them that are learned by', positive)
    .option('--top-keys <n>', 'once it is trained, a token attends to the best keys alone', positive)
    .option('--steps <n>', 'of training', integer, 600);
  withOutputOptions(
    withCorpora(withSourceOptions(withTrainingOptions(command, 2e-3))).optionsGroup('Options:'),
  )
    .addHelpText(
      'after',
      `
The folder is a model for transformers.js (densimeter score --model onnx:FOLDER): config.json, tokenizer.json, onnx/model.onnx; beside it
model.safetensors, and training.json with the loss of every step. Interrupted, it goes on where it was when the same command is
given again, and ends with the same weights.

Examples:
  densimeter lab train models/base 'texts/*.jsonl' --text text --steps 1000
  densimeter lab train models/base --study out --corpora pretrain --width 256 --layers 4`,
    )
    .action(run);
}

async function run(folder: string, paths: string[], options: TrainOptions): Promise<void> {
  const { learn, modelConfigSchema, trainingSettingsSchema } = await import('../lab/index.js');
  const { vocabulary, context, width, layers, heads, positions, steps, runs, differentiated, topKeys } =
    options;
  const recurrence = blocksOf(options);
  const config = modelConfigSchema.safeParse({
    ...{ vocabulary, context, width, layers, heads, positions, recurrence },
  });
  const settings = trainingSettingsSchema.safeParse({
    ...{ ...trainingOf(options), steps, runs, differentiated, topKeys },
  });
  const wrong = [...(config.error?.issues ?? []), ...(settings.error?.issues ?? [])][0];
  if (wrong) throw new UsageError(`--${wrong.path.join('.')}: ${wrong.message}`);
  const { vocabulary: _, ...model } = config.data!;
  const printer = progressPrinter({ quiet: options.quiet === true });
  const stop = stopOnSignal(printer);
  try {
    const texts = await textsFrom(paths, options);
    const { onProgress } = printer;
    const trained = await learn({
      ...{ folder, texts, model, vocabulary, settings: settings.data!, goldfish: goldfishOf(options) },
      ...{ onProgress, signal: stop.signal },
    });
    printTrained(trained, options, printer);
  } finally {
    stop.end();
  }
}

function blocksOf({ recurrence, runs, differentiated }: TrainOptions) {
  if (!recurrence) {
    if (runs === undefined && differentiated === undefined) return undefined;
    throw new UsageError('--runs and --differentiated go with --recurrence.');
  }
  if (recurrence.length !== 3)
    throw new UsageError(
      `--recurrence is ${recurrence.join()}: give three numbers of blocks, such as 1,2,1.`,
    );
  const [prelude, core, coda] = recurrence;
  return { prelude, core, coda };
}
