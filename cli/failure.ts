import { CommanderError } from 'commander';
import { DataError, Interrupted, UsageError } from '../store/index.js';

/**
 * Says on stderr what went wrong and gives the exit code: 2 for a wrong call, 130 where it was stopped, 1 for all else. What the user can mend is
 * said in words; a fault of ours comes with its stack.
 */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError || error instanceof DataError || error instanceof Interrupted) {
    process.stderr.write(`densimeter: ${error.message}\n`);
    return error.exitCode;
  }
  if (isDiskFull(error)) {
    process.stderr.write(
      'densimeter: the disk is full. Make room and run the same command again: it goes on where it was.\n',
    );
    return 1;
  }
  process.stderr.write(`densimeter: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  return 1;
}

function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'SQLITE_FULL')
  );
}
