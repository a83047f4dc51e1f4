import type { Command } from 'commander';
import { openStudy, UsageError } from '../store/index.js';
import type { Completer, MemorisedRun } from '../study/index.js';
import { type CommonOptions, choice, integer, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';
import { stopOnSignal } from './stop-on-signal.js';
import { percent } from './terminal-text.js';

interface MemorizationOptions extends CommonOptions {
  queries: string;
  kind?: string;
  count: number;
  model?: string;
  dtype: 'fp32' | 'fp16' | 'q8';
  endpoint?: string;
  keyEnv?: string;
  concurrency?: number;
  key: string;
  completion: string;
}

/** Adds `densimeter memorization`. */
export function addMemorizationCommand(program: Command): void {
  withCommonOptions(
    program
      .command('memorization')
      .argument('<run>', "the model's name in the study")
      .argument('[file...]', 'its completions, instead of a --model: JSONL, CSV, Parquet')
      .description('say how far a model writes on as its training data does (docs/memorization.md)')
      .requiredOption('--queries <set>', 'texts that it may have been trained on')
      .option('--kind <name>', 'queries of this kind alone')
      .option('--count <n>', 'tokens (words, of files and endpoints) at the end to complete', integer, 50)
      .option('--model <which>', 'onnx:<folder or name on the hub>, or the name at the --endpoint')
      .option('--dtype <type>', 'fp32, fp16 or q8', choice('fp32', 'fp16', 'q8'), 'fp32')
      .option('--endpoint <url>', 'such as http://127.0.0.1:8000/v1')
      .option('--key-env <name>', 'the environment variable that has its key (default OPENAI_API_KEY)')
      .option('--concurrency <n>', 'requests at once (default 4)', integer)
      .option('--key <column>', "of files: the query's key", 'key')
      .option('--completion <column>', 'of files: what the model wrote', 'completion'),
  )
    .addHelpText(
      'after',
      `
Keeps for every query, as outcomes of the run: exact_match_length (from the start, in a row), exact_match (0 or 1) and rouge_l
(F1). The next report shows them by copies and density.

Examples:
  densimeter memorization pythia --queries train-sample --model onnx:Xenova/pythia-70m --study out
  densimeter memorization llama --queries train-sample --model llama-3-8b --endpoint http://127.0.0.1:8000/v1 --study out
  densimeter memorization llama completions.jsonl --queries train-sample --study out`,
    )
    .action(run);
}

async function run(name: string, files: string[], options: MemorizationOptions): Promise<void> {
  const { importCompletions, memoriseRun } = await import('../study/index.js');
  if (files.length > 0 === (options.model !== undefined)) {
    throw new UsageError('Give either files of completions or a --model that makes them.');
  }
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  const stop = stopOnSignal(printer);
  const { queries: querySet, kind, count, key, completion } = options;
  const about = { run: name, querySet, kind, count, onProgress: printer.onProgress, signal: stop.signal };
  try {
    if (files.length > 0) {
      print(await importCompletions(study, files, process.cwd(), { ...about, key, completion }), options);
      return;
    }
    const completer = await openCompleter(options);
    try {
      const found = await memoriseRun(study, completer, about);
      printer.end();
      print(found, options);
    } finally {
      await completer.close();
    }
  } finally {
    stop.end();
    study.close();
  }
}

async function openCompleter({
  model,
  dtype,
  endpoint: url,
  keyEnv,
  concurrency,
}: MemorizationOptions): Promise<Completer> {
  const { openEndpointCompleter, openOnnxCompleter } = await import('../study/index.js');
  if (url !== undefined) return openEndpointCompleter({ url, model: model!, keyEnv, concurrency });
  if (model!.startsWith('onnx:')) return openOnnxCompleter(model!.slice('onnx:'.length), dtype);
  throw new UsageError(`"${model}" is no model: use onnx:<folder or name>, or an --endpoint that has it.`);
}

function print(found: MemorisedRun, { json, quiet }: MemorizationOptions): void {
  if (json) process.stdout.write(`${JSON.stringify(found)}\n`);
  else if (!quiet) {
    const { run: name, queries, tooShort, unit, count, exactMatch, exactMatchLength, rougeL } = found;
    const short = tooShort > 0 ? ` (${tooShort} too short)` : '';
    process.stdout.write(
      `${name}: the last ${count} ${unit} of ${queries} queries${short}: ${percent(exactMatch)} exact, ${exactMatchLength.toFixed(1)} ${unit} in a row, ROUGE-L ${rougeL.toFixed(3)}\n`,
    );
  }
}
