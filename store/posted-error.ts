import { DataError, UsageError } from './errors.js';

/** An error on its way between threads: structured cloning keeps neither class nor name. */
export interface PostedError {
  name: string;
  message: string;
  stack: string | undefined;
}

/** An error as it can be posted. */
export function postable(error: unknown): PostedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return { name, message, stack };
}

/** The error that was posted, of the class that it had where it is one of ours. */
export function fromPosted({ name, message, stack }: PostedError): Error {
  if (name === 'DataError') return new DataError(message);
  if (name === 'UsageError') return new UsageError(message);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
