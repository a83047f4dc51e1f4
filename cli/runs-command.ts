import type { Command } from 'commander';
import {
  type Covariate,
  covariateFrom,
  listRuns,
  openStudy,
  type Run,
  runNamed,
  setCovariates,
  UsageError,
} from '../store/index.js';
import { type CommonOptions, withCommonOptions } from './common-options.js';

/** Adds `densimeter runs`, which lists runs and sets what they are compared by. */
export function addRunsCommand(program: Command): void {
  const runs = program.command('runs').description('list runs, and set their covariates');

  withCommonOptions(runs.command('list').description('say what runs there are, and their covariates'))
    .addHelpText('after', '\nExample:\n  densimeter runs list --study out')
    .action(({ study: dir, json }: CommonOptions) => {
      const study = openStudy(dir);
      try {
        const found = listRuns(study.db);
        const words = found.map(describe).join('\n') || 'There is no run yet.';
        process.stdout.write(json ? `${JSON.stringify({ runs: found })}\n` : `${words}\n`);
      } finally {
        study.close();
      }
    });

  withCommonOptions(
    runs
      .command('set')
      .argument('<run>')
      .argument('<key=value...>', 'numbers are sizes, anything else a category; an empty value takes it away')
      .description('set covariates of a run: parameters, tokens, width, learning rate, family …'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  densimeter runs set gpt2 params=124e6 family=gpt neftune_alpha=5 --study out',
    )
    .action((name: string, pairs: string[], { study: dir, json, quiet }: CommonOptions) => {
      const covariates = covariatesFrom(pairs);
      openStudy(dir).close();
      const study = openStudy(dir, { write: true });
      try {
        setCovariates(study.db, name, covariates);
        const run = runNamed(study.db, name);
        if (json) process.stdout.write(`${JSON.stringify({ run })}\n`);
        else if (!quiet) process.stdout.write(`${describe(run)}\n`);
      } finally {
        study.close();
      }
    });
}

/**
 * The covariates that `key=value` pairs name: numbers as such, null for an empty value.
 *
 * @throws UsageError quoting a pair that is none
 */
function covariatesFrom(pairs: readonly string[]): Record<string, Covariate | null> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([^=\s]+)=(.*)$/s.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        throw new UsageError(`"${pair}" is no covariate: write key=value, such as params=124e6.`);
      }
      return [key, value.trim() === '' ? null : covariateFrom(value.trim())];
    }),
  );
}

function describe({ name, scorer, covariates }: Run): string {
  const pairs = Object.entries(covariates).map(([key, value]) => `${key}=${value}`);
  return `${name} (${scorer})${pairs.length > 0 ? `: ${pairs.join(', ')}` : ''}`;
}
