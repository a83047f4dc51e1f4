import type { Command } from 'commander';
import { listCorpora, openStudy, type Study, UsageError } from '../store/index.js';
import type { ScoredRun, ScorerChoice } from '../study/index.js';
import { type CommonOptions, choice, integer, list, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';
import { stopOnSignal } from './stop-on-signal.js';

interface ScoreOptions extends CommonOptions {
  queries: string;
  model?: string;
  endpoint?: string;
  keyEnv?: string;
  concurrency?: number;
  order: number;
  corpora?: string[];
  dtype: 'fp32' | 'fp16' | 'q8';
  window?: number;
  stride?: number;
  target?: string;
  separator?: string;
  every?: number;
  replace?: boolean;
}

/** Adds `densimeter score`. */
export function addScoreCommand(program: Command): void {
  withCommonOptions(
    program
      .command('score')
      .argument('<run>', "the model's name in the study")
      .description('score the queries of a set with a language model, and keep its losses (docs/outcomes.md)')
      .requiredOption('--queries <set>', 'the query set')
      .option('--model <which>', 'ngram, onnx:<folder or name on the hub>, or the name at the --endpoint')
      .option('--target <field>', "score this field of the query's (queries --meta), given its text")
      .option('--separator <text>', 'between text and target (default " ")')
      .option('--every <n>', 'keep the outcomes behind every n queries (default 64)', integer)
      .option('--replace', 'what the run scored before goes')
      .optionsGroup('n-gram model:')
      .option(
        '--corpora <names>',
        'that it is trained on, separated by commas; default: all but interventions',
        list,
      )
      .option('--order <n>', 'the longest n-gram, 1 to 8 tokens', integer, 5)
      .optionsGroup('ONNX, through transformers.js:')
      .option('--dtype <type>', 'fp32, fp16 or q8', choice('fp32', 'fp16', 'q8'), 'fp32')
      .option('--window <tokens>', 'what the model sees at once; default: as it says, to 1024', integer)
      .option('--stride <tokens>', 'what a window scores in longer texts; default: half the window', integer)
      .optionsGroup('Endpoint, with echo and logprobs or prompt_logprobs:')
      .option('--endpoint <url>', 'such as http://127.0.0.1:8000/v1; its model is --model')
      .option('--key-env <name>', 'the environment variable that has its key (default OPENAI_API_KEY)')
      .option('--concurrency <n>', 'requests at once (default 4)', integer)
      .optionsGroup('Options:'),
  )
    .addHelpText(
      'after',
      `
Interrupted, it goes on where it was when the same command is given again.

Examples:
  densimeter score ngram5 --queries mmlu --model ngram --corpora wiki --study out
  densimeter score gpt2 --queries mmlu --model onnx:Xenova/gpt2 --study out
  densimeter score llama --queries gsm8k --target answer --model llama-3-8b --endpoint http://127.0.0.1:8000/v1`,
    )
    .action(run);
}

async function run(name: string, options: ScoreOptions): Promise<void> {
  const { openScorer, scoreRun } = await import('../study/index.js');
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  const stop = stopOnSignal(printer);
  try {
    const { onProgress } = printer;
    const scorer = await openScorer(study, scorerChoice(study, options), onProgress);
    try {
      const { queries: querySet, target, separator, every, replace } = options;
      const settings = { run: name, querySet, target, separator, every, replace, onProgress };
      const scored = await scoreRun(study, scorer, { ...settings, signal: stop.signal });
      printer.end();
      if (options.json) process.stdout.write(`${JSON.stringify(scored)}\n`);
      else if (!options.quiet) process.stdout.write(`${describe(scored)}\n`);
    } finally {
      await scorer.close();
    }
  } finally {
    stop.end();
    study.close();
  }
}

function scorerChoice(study: Study, options: ScoreOptions): ScorerChoice {
  const { model, endpoint: url, keyEnv, concurrency, order, corpora, dtype, window, stride } = options;
  if (!model)
    throw new UsageError(
      'Say which model scores with --model: ngram, onnx:<folder or name>, or the name at the --endpoint.',
    );
  if (url !== undefined) return { kind: 'endpoint', url, model, keyEnv, concurrency };
  if (model === 'ngram') {
    const all = listCorpora(study.db).filter(({ role }) => role !== 'intervention');
    return { kind: 'ngram', order, corpora: corpora ?? all.map((corpus) => corpus.name) };
  }
  if (model.startsWith('onnx:'))
    return { kind: 'onnx', model: model.slice('onnx:'.length), dtype, window, stride };
  throw new UsageError(
    `"${model}" is no model: use ngram, onnx:<folder or name>, or an --endpoint that has it.`,
  );
}

function describe({ run: name, queries, kept, nll, tokens, bytes }: ScoredRun): string {
  const loss = nll / tokens;
  const before = kept > 0 ? ` (${kept} scored before)` : '';
  return `${name}: ${queries} queries${before}, ${tokens} tokens, ${loss.toFixed(3)} nats a token, perplexity ${Math.exp(loss).toFixed(2)}, ${(nll / bytes / Math.LN2).toFixed(3)} bits a byte`;
}
