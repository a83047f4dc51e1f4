import type { Command } from 'commander';
import { UsageError } from '../store/index.js';
import { count, number, type OutputOptions, withOutputOptions } from './common-options.js';
import { type ModelOptions, modelOf, withModelOptions } from './lab-options.js';
import { plainText } from './terminal-text.js';

interface GenerateCliOptions extends OutputOptions, ModelOptions {
  tokens: number;
  temperature: number;
}

/** Adds `densimeter lab generate`. */
export function addLabGenerateCommand(lab: Command): void {
  const command = lab
    .command('generate')
    .argument('<model>', 'the folder of a model')
    .argument('[prompts...]', 'what is to be continued; without one, a new text')
    .description('continue texts with a model of the lab')
    .option('--tokens <n>', 'most tokens that are added', count, 60)
    .option('--temperature <t>', '0: always the likeliest token', number, 0.8);
  withOutputOptions(withModelOptions(command).optionsGroup('Options:'))
    .addHelpText(
      'after',
      `
Example:
  densimeter lab generate models/base "The Congress of" --tokens 40 --temperature 0`,
    )
    .action(run);
}

async function run(folder: string, given: string[], options: GenerateCliOptions): Promise<void> {
  const { openGenerator } = await import('../lab/index.js');
  const { tokens, temperature, seed = 1 } = options;
  if (temperature < 0) throw new UsageError(`--temperature is ${temperature}: give 0 or more.`);
  const model = await modelOf(folder, options);
  const prompts = given.length > 0 ? given : [''];
  const generator = await openGenerator(model);
  try {
    const made = await generator.continue(await model.tokenizer.encode(prompts), {
      tokens,
      temperature,
      seed,
    });
    const texts = await Promise.all(made.map((ids) => model.tokenizer.decode(ids)));
    if (options.json) {
      const continued = prompts.map((prompt, i) => ({ prompt, text: texts[i], tokens: made[i]!.length }));
      process.stdout.write(`${JSON.stringify({ continued })}\n`);
    } else
      for (const [i, prompt] of prompts.entries()) process.stdout.write(`${plainText(prompt + texts[i]!)}\n`);
  } finally {
    await generator.close();
  }
}
