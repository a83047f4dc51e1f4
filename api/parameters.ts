import { z } from 'zod';
import { badValue } from './problem.js';

/** A catalogue id as it stands in a path or query string. */
export const idParameter = z
  .string('give it once')
  .regex(/^[1-9]\d{0,14}$/, 'use a whole number from 1 on')
  .transform(Number);

/** The name of something in a study. */
export const nameParameter = z
  .string('give it once')
  .min(1, 'use a name')
  .max(200, 'use a name of at most 200 characters');

/**
 * Parses the parameters of a request.
 *
 * @throws Problem (400) naming the first bad parameter and its value
 */
export function parseParameters<T extends z.ZodType>(schema: T, given: Record<string, unknown>): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const field = issue.keys[0]!;
    throw badValue(field, String(given[field]), 'there is no such parameter.');
  }
  const field = String(issue.path[0]);
  throw badValue(field, String(given[field]), `${issue.message}.`);
}
