import type { Command } from 'commander';
import { parse } from 'yaml';
import { openStudy, querySetNamed, UsageError } from '../store/index.js';
import type { DesignedIntervention, InterventionResult, ParaphraserSettings } from '../study/index.js';
import { type CommonOptions, choice, number, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';

interface DesignCliOptions extends CommonOptions {
  queries: string;
  kind?: string;
  arm: string[];
  untouched: number;
  measurement?: string;
  paraphrases: string;
  model?: string;
  keyEnv?: string;
  similarity: [number, number];
  shape: 'text' | 'completion' | 'instruction' | 'messages';
  answer?: string;
}

interface AnalyseCliOptions extends CommonOptions {
  before: string;
  after: string;
  measurement?: string;
}

/** Adds `densimeter intervene`. */
export function addInterveneCommand(program: Command): void {
  const intervene = program
    .command('intervene')
    .description('experiments on the training data: who gets what, and what it did (docs/interventions.md)');
  addDesign(intervene);
  addAnalyse(intervene);
}

function addDesign(intervene: Command): void {
  withCommonOptions(
    intervene
      .command('design')
      .argument('<name>', "the intervention's name, and that of the corpus of its leaks")
      .description('draw arms and doses, and write the files to train on')
      .requiredOption('--queries <set>', 'the query set')
      .option('--kind <kind>', 'only queries of this kind')
      .option(
        '--arm <arm>',
        'name, and what is leaked for a query of it; again for each (see below)',
        gather,
        [],
      )
      .option('--untouched <share>', 'share of the documents of which nothing is leaked', number, 0.2)
      .option('--measurement <name>', 'density before (default: the newest of the query set)')
      .optionsGroup('Paraphrases:')
      .option(
        '--paraphrases <from>',
        'builtin, a file with columns key and paraphrase, or http://host:port/v1',
        'builtin',
      )
      .option('--model <name>', 'at that endpoint')
      .option('--key-env <name>', 'the environment variable that has its key (default OPENAI_API_KEY)')
      .option(
        '--similarity <low,high>',
        'cosine similarity to the query that a paraphrase must have',
        band,
        [0.5, 1],
      )
      .optionsGroup('Files:')
      .option(
        '--shape <shape>',
        'text, completion, instruction or messages',
        choice('text', 'completion', 'instruction', 'messages'),
        'text',
      )
      .option('--answer <field>', "the query's field that is its answer (queries --meta)")
      .optionsGroup('Options:'),
  )
    .addHelpText(
      'after',
      `
An arm is a name and one of: nothing (the control, exactly one), paraphrases and exact, placebo (the nearest training texts
that are no leak, once more), unrelated (training texts at random, once more), and a weight.

Examples:
  densimeter intervene design leak --queries gsm8k --arm 'control: {weight: 2}' --arm 'one: {paraphrases: 1}' \\
    --arm 'four: {paraphrases: 4}' --arm 'copy: {exact: true}' --arm 'same-topic: {placebo: 2}' --study out
  densimeter intervene design leak --queries gsm8k --arm control --arm 'two: {paraphrases: 2}' --shape messages \\
    --answer answer --paraphrases http://127.0.0.1:8000/v1 --model llama-3-8b --study out`,
    )
    .action(design);
}

function addAnalyse(intervene: Command): void {
  withCommonOptions(
    intervene
      .command('analyse')
      .argument('<name>', 'the intervention')
      .description('what it did to density and to outcomes, by arm and dose')
      .requiredOption('--before <run>', 'the run of the model that was not trained on the leaks')
      .requiredOption('--after <run>', 'the run of the model that was')
      .option('--measurement <name>', 'density before (default: the newest of the query set)'),
  )
    .addHelpText(
      'after',
      `
The densities after are measured where they have not been, at the bandwidth of before.

Example:
  densimeter intervene analyse leak --before base --after base-with-leaks --study out`,
    )
    .action(analyse);
}

function gather(value: string, before: string[]): string[] {
  return [...before, value];
}

function band(value: string): [number, number] {
  const [low, high, ...more] = value.split(',').map(Number);
  if (more.length > 0 || !(low! >= -1 && high! <= 1 && low! < high!)) {
    throw new UsageError(`"${value}" is no band of similarities: write --similarity 0.6,0.98.`);
  }
  return [low!, high!];
}

async function design(name: string, options: DesignCliOptions): Promise<void> {
  const { designIntervention, embedderOfSet, measurementBefore } = await import('../study/index.js');
  const arms = await armsFrom(options.arm);
  const paraphraser = paraphraserFrom(options);
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const { queries: querySet, kind, untouched, similarity, shape, answer, seed = 1 } = options;
    const { name: measurement, kernel } = measurementBefore(
      study,
      querySetNamed(study.db, querySet).id,
      options.measurement,
    );
    const embedder = await embedderOfSet(study, querySet);
    try {
      const designed = await designIntervention(study, embedder, {
        ...{ name, querySet, kind, arms, untouched, measurement, kernel, paraphraser, band: similarity },
        ...{ format: { shape, answer }, base: process.cwd(), seed, onProgress: printer.onProgress },
      });
      printer.end();
      if (options.json) process.stdout.write(`${JSON.stringify(designed)}\n`);
      else if (!options.quiet) process.stdout.write(describeDesign(designed));
    } finally {
      await embedder.close();
    }
  } finally {
    study.close();
  }
}

/** Arms as YAML: `name`, or `name: {paraphrases: 4}`. */
async function armsFrom(given: readonly string[]) {
  const { armList } = await import('../study/index.js');
  const arms = given.map((text) => {
    const value: unknown = parse(text);
    if (typeof value === 'string') return { name: value };
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    if (entries.length !== 1)
      throw new UsageError(`"${text}" is no arm: write --arm 'four: {paraphrases: 4}'.`);
    const [[name, settings]] = entries as [[string, object | null]];
    return { name, ...settings };
  });
  const checked = armList.safeParse(arms);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) =>
    `${[arms[Number(path[0])]?.name, ...path.slice(1)].filter(Boolean).join('.')}: ${message}`.replace(
      /^: /,
      '',
    ),
  );
  throw new UsageError(`--arm: ${problems.join('; ')}.`);
}

function paraphraserFrom({ paraphrases, model, keyEnv }: DesignCliOptions): ParaphraserSettings {
  if (paraphrases === 'builtin') return 'builtin';
  if (!/^https?:/.test(paraphrases)) return { file: paraphrases };
  if (model === undefined) throw new UsageError(`Name the model at ${paraphrases} with --model.`);
  return { url: paraphrases, model, listed: 10, ...(keyEnv && { key_env: keyEnv }) };
}

function describeDesign({ intervention, folder }: DesignedIntervention): string {
  const { name, arms, paraphraser, rejected, missing, band } = intervention;
  const rows = arms.map(
    (arm) =>
      `  ${arm.name.padEnd(20)}${arm.kind.padEnd(12)}${String(arm.dose).padStart(4)}${String(arm.queries).padStart(9)}${String(arm.texts).padStart(9)}`,
  );
  const thrown = Object.entries(rejected).map(([why, count]) => `${count} ${why}`);
  return [
    `Intervention ${name}:`,
    `  ${'arm'.padEnd(20)}${'kind'.padEnd(12)}dose  queries    texts`,
    ...rows,
    `  paraphrases by ${paraphraser}, cosine similarity ${band.join(' to ')}`,
    `  drafts thrown away: ${thrown.join(', ') || 'none'}; paraphrases that could not be had: ${missing}`,
    `Train on ${folder}/finetune.jsonl, score the queries, import or score their outcomes as a run, then:`,
    `  densimeter intervene analyse ${name} --before <run> --after <run>`,
    '',
  ].join('\n');
}

async function analyse(name: string, options: AnalyseCliOptions): Promise<void> {
  const { analyseRuns } = await import('../study/index.js');
  openStudy(options.study).close();
  const study = openStudy(options.study, { write: true });
  const printer = progressPrinter({ quiet: options.quiet === true });
  try {
    const { before: run, after: treatedRun, measurement, seed = 1 } = options;
    const result = await analyseRuns(study, {
      name,
      run,
      treatedRun,
      measurement,
      seed,
      onProgress: printer.onProgress,
    });
    printer.end();
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else if (!options.quiet) process.stdout.write(describeResult(result));
  } finally {
    study.close();
  }
}

type Interval = { estimate: number; low: number; high: number; pValue: number };

function describeResult(result: InterventionResult): string {
  const show = (value: Interval | null) =>
    value
      ? `${value.estimate.toFixed(3)} [${value.low.toFixed(3)}, ${value.high.toFixed(3)}], p ${value.pValue < 0.001 ? '< 0.001' : `= ${value.pValue.toPrecision(2)}`}`
      : '–';
  const { instrumented, trend } = result;
  return [
    `${result.name}: ${result.run} → ${result.treatedRun}, ${result.leakedTexts} texts leaked`,
    `  ${'arm'.padEnd(20)}queries  effect on log10 density            effect on gain, nats a token [95%]`,
    ...result.arms.map(
      (arm) =>
        `  ${arm.arm.padEnd(20)}${String(arm.queries).padStart(7)}  ${show(arm.densityEffect).padEnd(34)} ${show(arm.gainEffect)}`,
    ),
    `  all leaks            log10 density ${show(result.overall.densityEffect)}; gain ${show(result.overall.gainEffect)}`,
    `  gain for a unit of log10 density, as drawn: ${show(instrumented)}${instrumented ? ` (first-stage F ${instrumented.firstStageF.toFixed(0)}${instrumented.weak ? ', weak' : ''})` : ''}`,
    `  trend over ${trend?.doses ?? 0} doses: ${trend ? `z = ${trend.z.toFixed(1)}, p ${trend.pValue < 0.001 ? '< 0.001' : `= ${trend.pValue.toPrecision(2)}`}` : '–'}`,
    `  more effect for an SD more of density before: ${show(result.heterogeneity)}`,
    `  spillover (control against untouched): ${show(result.spillover)}`,
    '  Effects are differences in differences against control, errors clustered by document.',
    '',
  ].join('\n');
}
