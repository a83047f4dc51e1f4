import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, Interrupted, type Study } from '../../store/index.js';
import { importOutcomes } from '../outcomes/import/import-outcomes.js';
import { readOutcomeRecords } from '../outcomes/import/read-outcome-records.js';

/** A command of the user's that trains on the leaks and scores the queries. */
export interface TrainCommand {
  /** Run by the shell in `base`, with the files in DENSIMETER_FINETUNE, DENSIMETER_QUERIES and DENSIMETER_OUTCOMES. */
  command: string;
  base: string;
  /** The run that its outcomes are of. */
  run: string;
  querySet: string;
  /** The folder of the intervention's files. */
  folder: string;
  signal?: AbortSignal | undefined;
}

const METRICS = ['nll', 'loss', 'tokens', 'bytes', 'correct'] as const;

/**
 * Runs a training command and imports what it wrote to DENSIMETER_OUTCOMES: JSON lines of `key` and of `nll` and `tokens`, or `loss`, and `correct`.
 * What it prints goes to stderr.
 *
 * @throws DataError where it fails, or writes no outcomes or unusable ones
 * @throws Interrupted where the signal stopped it
 */
export async function trainByCommand(study: Study, options: TrainCommand): Promise<void> {
  const { command, base, run, querySet, folder, signal } = options;
  const outcomes = join(folder, 'outcomes.jsonl');
  rmSync(outcomes, { force: true });
  await runShell(command, {
    ...{ base, signal },
    env: {
      DENSIMETER_FINETUNE: join(folder, 'finetune.jsonl'),
      DENSIMETER_QUERIES: join(folder, 'queries.jsonl'),
      DENSIMETER_OUTCOMES: outcomes,
    },
  });
  if (!existsSync(outcomes)) {
    throw new DataError(
      `The training command wrote no outcomes: it is to write them to $DENSIMETER_OUTCOMES (${outcomes}).`,
    );
  }
  const columns = await columnsOf(outcomes, folder);
  await importOutcomes(study, [{ run, files: [outcomes], covariates: {} }], {
    ...{ querySet, base: folder, columns, byRow: false, replace: true },
  });
}

async function columnsOf(file: string, base: string): Promise<Record<string, string>> {
  for await (const { fields } of readOutcomeRecords([file], base, ['key'])) {
    return Object.fromEntries(
      ['key', ...METRICS].filter((name) => name in fields).map((name) => [name, name]),
    );
  }
  throw new DataError(`The training command wrote no outcomes: ${file} is empty.`);
}

interface ShellOptions {
  base: string;
  env: Record<string, string>;
  signal?: AbortSignal | undefined;
}

function runShell(command: string, { base, env, signal }: ShellOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      ...{ shell: true, cwd: base, env: { ...process.env, ...env } },
      // A group of its own, so that what the shell started ends with it.
      detached: true,
      stdio: ['ignore', 2, 2],
    });
    const stop = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
    signal?.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('close', (code, killed) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted)
        reject(new Interrupted('Stopped. Run the same command again: the training begins again.'));
      else if (code === 0) resolve();
      else
        reject(new DataError(`The training command ended with ${killed ?? `exit code ${code}`}: ${command}`));
    });
  });
}
