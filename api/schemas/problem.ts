import { z } from 'zod';

/** An error, as application/problem+json (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().describe('Stable: `urn:densimeter:problem:` and a word for the kind of problem.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    field: z.string().optional().describe('The parameter, header or field that was wrong.'),
    value: z.string().optional().describe('What it held.'),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });
export type ProblemView = z.infer<typeof problemSchema>;
