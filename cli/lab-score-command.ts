import type { Command } from 'commander';
import type { DocumentSource, SourceDocument } from '../indexer/index.js';
import type { LabModel } from '../lab/index.js';
import { type OutputOptions, withOutputOptions } from './common-options.js';
import { type ModelOptions, modelOf, withModelOptions } from './lab-options.js';
import { progressPrinter } from './progress-printer.js';
import { documentSource, type SourceOptions, withSourceOptions } from './source-options.js';

interface ScoreOptions extends SourceOptions, OutputOptions, ModelOptions {
  tokens?: boolean;
}

/** What a text cost the model. */
export interface ScoredLine {
  key: string;
  /** Nats. */
  nll: number;
  tokens: number;
  /** Of each token, nats. */
  losses?: number[];
}

const AT_ONCE = 256;

/** Adds `densimeter lab score`. */
export function addLabScoreCommand(lab: Command): void {
  const command = lab
    .command('score')
    .argument('<model>', 'the folder of a model')
    .argument('<paths...>', 'files, patterns or folders of texts')
    .description('print what each text costs a model of the lab, a JSON line each');
  withOutputOptions(
    withModelOptions(
      withSourceOptions(command).option('--tokens', 'also the loss of each token'),
    ).optionsGroup('Options:'),
  )
    .addHelpText(
      'after',
      `
Example:
  densimeter lab score models/base held-out.jsonl --id id > losses.jsonl`,
    )
    .action(run);
}

async function run(folder: string, paths: string[], options: ScoreOptions): Promise<void> {
  const model = await modelOf(folder, options);
  const printer = progressPrinter({ quiet: options.quiet === true });
  let done = 0;
  let nll = 0;
  let tokens = 0;
  for await (const line of scoreLines(model, documentSource(paths, options))) {
    const { losses: _, ...short } = line;
    process.stdout.write(`${JSON.stringify(options.tokens ? line : short)}\n`);
    nll += line.nll;
    tokens += line.tokens;
    printer.onProgress({
      step: 'scoring',
      done: ++done,
      unit: 'texts',
      also: `${(nll / tokens).toFixed(3)} nats a token`,
    });
  }
  printer.end();
  printer.say(`${done} texts, ${tokens} tokens, ${(nll / tokens).toFixed(3)} nats a token`);
}

/** Scores the texts of a source, in its order. */
export async function* scoreLines(model: LabModel, source: DocumentSource): AsyncGenerator<ScoredLine> {
  const { openLossScorer } = await import('../lab/index.js');
  const { readDocuments, Skipped } = await import('../indexer/index.js');
  const scorer = await openLossScorer(model);
  let held: SourceDocument[] = [];
  const score = async (): Promise<ScoredLine[]> => {
    const losses = await scorer.losses(await model.tokenizer.encode(held.map(({ text }) => text)));
    const lines = held.map(({ key }, i) => {
      const values = Array.from(losses[i]!);
      return { key, nll: values.reduce((a, b) => a + b, 0), tokens: values.length, losses: values };
    });
    held = [];
    return lines;
  };
  try {
    for await (const document of readDocuments(source, new Skipped())) {
      held.push(document);
      if (held.length === AT_ONCE) yield* await score();
    }
    yield* await score();
  } finally {
    await scorer.close();
  }
}
