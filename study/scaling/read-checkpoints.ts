import { type Covariate, UsageError } from '../../store/index.js';
import { readOutcomeRecords } from '../outcomes/import/read-outcome-records.js';
import type { Checkpoint } from './checkpoint.js';

/** Which columns of a file say what; `by` are kept as covariates. */
export interface CheckpointColumns {
  run: string;
  params: string;
  tokens: string;
  loss: string;
  by: readonly string[];
}

/**
 * Reads checkpoints from Parquet, JSONL, JSON, CSV or TSV files, a record each.
 *
 * @throws UsageError for files or columns that are not there
 * @throws DataError naming the record whose value is no number above 0
 */
export async function readCheckpoints(
  files: readonly string[],
  base: string,
  { run, params, tokens, loss, by }: CheckpointColumns,
): Promise<Checkpoint[]> {
  const extra = by.filter((name) => name !== 'params' && name !== 'tokens');
  const columns = [run, params, tokens, loss, ...extra];
  const checkpoints: Checkpoint[] = [];
  for await (const { at, fields } of readOutcomeRecords(files, base, columns)) {
    const number = (column: string) => {
      const value = fields[column];
      if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
      throw new UsageError(
        `${at}: ${column} is ${JSON.stringify(value)}; a checkpoint needs a number above 0.`,
      );
    };
    checkpoints.push({
      run: String(fields[run]),
      params: number(params),
      tokens: number(tokens),
      loss: number(loss),
      covariates: Object.fromEntries(extra.map((name) => [name, fields[name] as Covariate])),
    });
  }
  return checkpoints;
}
