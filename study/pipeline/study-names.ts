import { z } from 'zod';

/** The name of something in a study file. */
export const name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u, 'use letters, digits, ".", "_" and "-" for a name');

/** One value, or a list of at least one. */
export const oneOrMore = z.union([z.string().transform((file) => [file]), z.array(z.string()).min(1)]);
