import { type Command, InvalidArgumentError } from 'commander';

/** The options that every command takes. */
export interface CommonOptions {
  study: string;
  json?: boolean;
  quiet?: boolean;
  seed?: number;
}

/** Adds the options that every command takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--study <dir>', 'the study directory', '.')
    .option('--json', 'print one JSON object on stdout and nothing else there')
    .option('--quiet', 'say nothing but errors')
    .option('--seed <integer>', 'seed of all random draws; overrides the study file', integer);
}

/** Parses an option that must be a whole number. */
export function integer(value: string): number {
  const parsed = Number(value);
  if (!Number.isSafeInteger(parsed)) throw new InvalidArgumentError('Give a whole number.');
  return parsed;
}
