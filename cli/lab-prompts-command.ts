import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { PromptForm } from '../experiments/index.js';
import { UsageError } from '../store/index.js';
import { choice, count, integer, type OutputOptions, withOutputOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';
import { stopOnSignal } from './stop-on-signal.js';

const FORMS = [
  'static',
  'conditional',
  'generator-conditional',
  'generator-nested',
] as const satisfies readonly PromptForm[];

interface PromptsOptions extends OutputOptions {
  topics?: string;
  form: PromptForm;
  count: number;
  endpoint?: string;
  model?: string;
  keyEnv?: string;
  concurrency?: number;
  out?: string;
}

/** Adds `densimeter lab prompts`. */
export function addLabPromptsCommand(lab: Command): void {
  const command = lab
    .command('prompts')
    .description('write generator prompts (GenQA), or have a language model answer them into a file of texts')
    .option('--topics <file>', 'a topic a line')
    .option('--form <form>', FORMS.join(', '), choice(...FORMS), 'generator-conditional')
    .option('--count <n>', 'prompts', count, 100)
    .option('--endpoint <url>', 'a model behind chat completions, such as http://127.0.0.1:8000/v1')
    .option('--model <name>', 'at that endpoint')
    .option('--key-env <name>', 'the environment variable that has its key (default OPENAI_API_KEY)')
    .option('--concurrency <n>', 'requests at once', integer)
    .option('--out <file>', 'JSON lines of generated texts: id, topic, text');
  withOutputOptions(command.optionsGroup('Options:'))
    .addHelpText(
      'after',
      `
Without an endpoint the prompts are printed as JSON lines (id, topic, prompt), for a model of your own. With one, what
--out holds already is not asked again.

Examples:
  densimeter lab prompts --topics topics.txt --count 500 > prompts.jsonl
  densimeter lab prompts --topics topics.txt --count 500 --endpoint http://127.0.0.1:8000/v1 --model llama-3-8b --out generated.jsonl
  densimeter lab run genqa --generated generated.jsonl`,
    )
    .action(run);
}

async function run(options: PromptsOptions): Promise<void> {
  const { generatorPrompts, writeGenerated } = await import('../experiments/index.js');
  const { form, endpoint: url, model, keyEnv, concurrency, out, seed = 1 } = options;
  if ((url === undefined) !== (out === undefined) || (url === undefined) !== (model === undefined))
    throw new UsageError('--endpoint, --model and --out go together: the answers of a model go to a file.');
  const topics = options.topics === undefined ? [] : topicsOf(options.topics);
  if (form !== 'static' && topics.length === 0)
    throw new UsageError(`Prompts of the form ${form} need topics: give --topics <file>, or --form static.`);
  const prompts = generatorPrompts(form, topics, options.count, seed);
  if (url === undefined || model === undefined || out === undefined) {
    for (const prompt of prompts) process.stdout.write(`${JSON.stringify(prompt)}\n`);
    return;
  }
  const printer = progressPrinter({ quiet: options.quiet === true });
  const { signal, end } = stopOnSignal(printer);
  try {
    const { onProgress } = printer;
    const found = await writeGenerated(
      out,
      prompts,
      { url, model, keyEnv, concurrency },
      { seed, onProgress, signal },
    );
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify({ out, ...found })}\n`);
    else if (!options.quiet)
      process.stdout.write(
        `${out}: ${found.texts} texts, ${found.kept} of them there before; ${found.leftOut} answers held no question and answer\n`,
      );
  } finally {
    end();
  }
}

function topicsOf(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as Error).message}): give a file of topics.`);
  }
  const topics = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (topics.length === 0) throw new UsageError(`${file} has no topics: give one a line.`);
  return topics;
}
