/** A mistake in how the program was called: a flag, or a study file. The command exits with 2. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly exitCode = 2;
}

/** Input data that cannot be used; the message names the file, row, field and value. The command exits with 1. */
export class DataError extends Error {
  override name = 'DataError';
  readonly exitCode = 1;
}

/** A stop that was asked for; what was done so far is kept. The command exits with 130, as for SIGINT. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  readonly exitCode = 130;
}
