import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { LabModel } from '../lab/index.js';
import { UsageError } from '../store/index.js';
import { number, withOutputOptions } from './common-options.js';
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
import { scoreLines } from './lab-score-command.js';
import { progressPrinter } from './progress-printer.js';
import { withSourceOptions } from './source-options.js';
import { stopOnSignal } from './stop-on-signal.js';

interface FinetuneOptions extends TextOptions, TrainingOptions {
  passes: number;
}

/** Adds `densimeter lab finetune`. */
export function addLabFinetuneCommand(lab: Command): void {
  const command = lab
    .command('finetune')
    .argument('<model>', 'the folder of the model to train on')
    .argument('<folder>', 'where the trained model goes')
    .argument('[paths...]', 'files, patterns or folders of texts')
    .description('train a model of the lab further on texts')
    .option('--passes <n>', 'how often the texts are read', number, 2);
  withOutputOptions(
    withCorpora(withSourceOptions(withTrainingOptions(command, 5e-4))).optionsGroup('Options:'),
  )
    .addHelpText(
      'after',
      `
Without paths or corpora it is the trainer of an intervention: it reads $DENSIMETER_FINETUNE, and writes the losses of
$DENSIMETER_QUERIES to $DENSIMETER_OUTCOMES (densimeter run, interventions: train: command).

Examples:
  densimeter lab finetune models/base models/tuned new.jsonl --passes 3
  densimeter lab finetune models/base models/leaked`,
    )
    .action(run);
}

async function run(from: string, folder: string, paths: string[], options: FinetuneOptions): Promise<void> {
  const { finetune, readModel, trainingSettingsSchema } = await import('../lab/index.js');
  if (!(options.passes > 0)) throw new UsageError(`--passes is ${options.passes}: give a number above 0.`);
  const settings = trainingSettingsSchema.omit({ steps: true }).safeParse(trainingOf(options));
  const wrong = settings.error?.issues[0];
  if (wrong) throw new UsageError(`--${wrong.path.join('.')}: ${wrong.message}`);
  const {
    DENSIMETER_FINETUNE: leaks,
    DENSIMETER_QUERIES: queries,
    DENSIMETER_OUTCOMES: outcomes,
  } = process.env;
  const isTrainer = paths.length === 0 && !options.corpora && leaks !== undefined;
  const printer = progressPrinter({ quiet: options.quiet === true });
  const stop = stopOnSignal(printer);
  try {
    const texts = await textsFrom(isTrainer ? [leaks] : paths, options);
    const { onProgress } = printer;
    const trained = await finetune({
      ...{ folder, from: readModel(from), texts, passes: options.passes, settings: settings.data! },
      ...{ goldfish: goldfishOf(options), onProgress, signal: stop.signal },
    });
    if (isTrainer && queries && outcomes) await writeOutcomes(readModel(folder), queries, outcomes);
    printTrained(trained, options, printer);
  } finally {
    stop.end();
  }
}

async function writeOutcomes(model: LabModel, queries: string, outcomes: string): Promise<void> {
  const lines: string[] = [];
  for await (const line of scoreLines(model, { files: [queries], base: '/', id: 'key', text: 'text' })) {
    lines.push(`${JSON.stringify(line)}\n`);
  }
  writeFileSync(outcomes, lines.join(''));
}
