import { z } from 'zod';

/** A count. */
export const count = z.int().min(0);
/** A number that JSON may be unable to say: an infinite perplexity, the logarithm of 0. */
export const numberOrNull = z.number().nullable();
/** A part of a whole, 0 to 1. */
export const share = z.number();

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
