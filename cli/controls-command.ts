import type { Command } from 'commander';
import { quantile } from 'd3';
import { listCorpora, openStudy } from '../store/index.js';
import type { MeasuredControls } from '../study/index.js';
import { type CommonOptions, list, withCommonOptions } from './common-options.js';
import { progressPrinter } from './progress-printer.js';

interface ControlsOptions extends CommonOptions {
  corpora?: string[];
}

/** Adds `densimeter controls`. */
export function addControlsCommand(program: Command): void {
  withCommonOptions(
    program
      .command('controls')
      .argument('<set>', 'a query set')
      .description(
        'measure what density has to beat: length, word frequency, n-grams seen (docs/outcomes.md)',
      )
      .option('--corpora <names>', 'separated by commas; default: all but interventions', list),
  )
    .addHelpText(
      'after',
      '\nThe distance of the nearest training text is taken from a measurement of the same corpora.\n\nExample:\n  densimeter controls mmlu --corpora pretrain,tuning --study out',
    )
    .action(run);
}

async function run(set: string, { corpora, study: dir, json, quiet }: ControlsOptions): Promise<void> {
  const { measureControls } = await import('../study/index.js');
  openStudy(dir).close();
  const study = openStudy(dir, { write: true });
  const printer = progressPrinter({ quiet: quiet === true });
  try {
    const all = listCorpora(study.db).filter(({ role }) => role !== 'intervention');
    const names = corpora ?? all.map(({ name }) => name);
    const measured = measureControls(study, {
      querySet: set,
      corpora: names,
      onProgress: printer.onProgress,
    });
    printer.end();
    const summary = { set, corpora: names, ...measured, controls: quartiles(measured) };
    if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else if (!quiet) process.stdout.write(describe(summary));
  } finally {
    study.close();
  }
}

function quartiles({ controls }: MeasuredControls) {
  return Object.entries(controls).map(([name, values]) => {
    const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share)!);
    return { name, queries: values.length, low: low!, median: median!, high: high! };
  });
}

type Summary = Omit<MeasuredControls, 'controls'> & {
  set: string;
  corpora: string[];
  controls: ReturnType<typeof quartiles>;
};

function describe({ set, corpora, words, vocabulary, queries, controls, measurement }: Summary): string {
  const rows = controls.map(({ name, low, median, high, queries: having }) => {
    const numbers = [low, median, high].map((value) => value.toPrecision(4).padStart(10)).join('');
    return `  ${name.padEnd(26)}${numbers}${having < queries ? `  (${having} queries)` : ''}`;
  });
  const count = (value: number) => value.toLocaleString('en');
  return [
    `Controls of ${queries} queries of ${set} against ${count(words)} words (${count(vocabulary)} distinct) of ${corpora.join(', ')}:`,
    `  ${'quartiles'.padEnd(26)}${['25%', 'median', '75%'].map((head) => head.padStart(10)).join('')}`,
    ...rows,
    ...(measurement === null
      ? [
          `  no nearest_distance: measure first, with densimeter measure ${set} --corpora ${corpora.join(',')}`,
        ]
      : []),
    '',
  ].join('\n');
}
