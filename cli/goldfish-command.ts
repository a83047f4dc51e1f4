import type { Command } from 'commander';
import { listCorpora, openStudy, UsageError } from '../store/index.js';
import type { GoldfishRule } from '../study/index.js';
import { type CommonOptions, choice, integer, list, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';
import { percent } from './terminal-text.js';

interface GoldfishOptions extends CommonOptions {
  corpora?: string[];
  tokenizer?: string;
  strategy: GoldfishRule['strategy'];
  k: number;
  context: number;
  start: number;
}

/** Adds `densimeter goldfish`. */
export function addGoldfishCommand(program: Command): void {
  withCommonOptions(
    program
      .command('goldfish')
      .argument('<file.jsonl>', 'where to write')
      .description(
        'write training texts as token ids with the mask of the goldfish loss (docs/memorization.md)',
      )
      .option('--corpora <names>', 'separated by commas; default: all but interventions', list)
      .option(
        '--tokenizer <which>',
        "a model's folder or name on the hub; default: the default embedder's SentencePiece",
      )
      .option(
        '--strategy <name>',
        'hashed: by the ids before; static: every k-th',
        choice('hashed', 'static'),
        'hashed',
      )
      .option('--k <n>', 'one token in k is dropped', integer, 4)
      .option('--context <n>', 'ids that are hashed, the dropped one among them', integer, 13)
      .option('--start <n>', 'of static: the first that is dropped', integer, 0),
  )
    .addHelpText(
      'after',
      `
Each line has key, input_ids and loss_mask (1: supervised). The masks are bit for bit those of the published code (Hans et al. 2024).

Example:
  densimeter goldfish train.jsonl --corpora pretrain --tokenizer models/stories260K --study out`,
    )
    .action(run);
}

async function run(file: string, options: GoldfishOptions): Promise<void> {
  const { writeGoldfishFile } = await import('../study/index.js');
  const { strategy, k, context, start } = options;
  if (k < 2) throw new UsageError(`--k is ${k}: one token in k is dropped, k at least 2.`);
  if (context < 1) throw new UsageError(`--context is ${context}: give at least 1.`);
  const study = openStudy(options.study);
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const all = listCorpora(study.db).filter(({ role }) => role !== 'intervention');
    const corpora = options.corpora ?? all.map(({ name }) => name);
    const rule: GoldfishRule = strategy === 'static' ? { strategy, k, start } : { strategy, k, context };
    const encode = await openEncoder(options.tokenizer);
    const written = await writeGoldfishFile(study, {
      file,
      corpora,
      encode,
      rule,
      onProgress: printer.onProgress,
    });
    printer.end();
    const { documents, tokens, dropped } = written;
    if (options.json) process.stdout.write(`${JSON.stringify({ file, ...rule, ...written })}\n`);
    else if (!options.quiet) {
      process.stdout.write(
        `${file}: ${documents.toLocaleString('en')} documents, ${tokens.toLocaleString('en')} tokens, of which ${dropped.toLocaleString('en')} (${percent(dropped / tokens)}) are dropped\n`,
      );
    }
  } finally {
    study.close();
  }
}

async function openEncoder(named: string | undefined): Promise<(text: string) => ArrayLike<number>> {
  if (named !== undefined) return (await import('../study/index.js')).openModelEncoder(named);
  const { openTokenizer } = await import('../indexer/index.js');
  const tokenizer = openTokenizer();
  return (text) => tokenizer.encode(text);
}
