import { type Command, InvalidArgumentError } from 'commander';
import type { KernelName } from '../density/index.js';

/** The kernels that can be chosen; named here so that --help need not load what computes them. */
export const KERNELS = ['exponential', 'gaussian', 'vmf'] as const satisfies readonly KernelName[];

/** The options that every command takes. */
export interface CommonOptions extends OutputOptions {
  study: string;
}

/** Those of them that have nothing to do with a study. */
export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
  seed?: number;
}

/** Adds the options that every command takes. */
export function withCommonOptions(command: Command): Command {
  return withOutputOptions(command.option('--study <dir>', 'the study directory', '.'));
}

/** Adds those of them that have nothing to do with a study. */
export function withOutputOptions(command: Command): Command {
  return command
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

/** Parses an option that says how many: a whole number from 0 on. */
export function count(value: string): number {
  const parsed = integer(value);
  if (parsed < 0) throw new InvalidArgumentError('Give a whole number from 0 on.');
  return parsed;
}

/** Parses an option that says how many: a whole number from 1 on. */
export function positive(value: string): number {
  const parsed = integer(value);
  if (parsed < 1) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return parsed;
}

/** Parses an option that must be a number. */
export function number(value: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new InvalidArgumentError('Give a number.');
  return parsed;
}

/** Parses an option that is a list separated by commas. */
export function list(value: string): string[] {
  return value.split(',').map((item) => item.trim());
}

/** Parses an option that is numbers separated by commas. */
export function numbers(value: string): number[] {
  return list(value).map(number);
}

/** Parses an option that must be one of some words. */
export function choice<T extends string>(...words: readonly T[]): (value: string) => T {
  return (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new InvalidArgumentError(`Give one of: ${words.join(', ')}.`);
    return found;
  };
}
