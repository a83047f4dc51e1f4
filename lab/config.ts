import { z } from 'zod';

const count = z.number().int().min(1);

/** What is said of a width that its heads do not fit. */
export const WIDTH_RULE = { error: 'is to be a multiple of twice the heads', path: ['width'] };

/** Whether every head of a model has an even number of dims: rotary positions turn them in pairs. */
export function fitsHeads({ width, heads }: { width: number; heads: number }): boolean {
  return width % (2 * heads) === 0;
}

/** A decoder-only transformer: what its checkpoint's config.json says. */
export const modelConfigSchema = z
  .strictObject({
    vocabulary: count,
    /** Tokens that it sees at once. */
    context: count.default(128),
    /** Dims of a token inside the model. */
    width: count.default(256),
    layers: count.default(4),
    heads: count.default(4),
    positions: z.enum(['rotary', 'learned', 'abacus', 'none']).default('rotary'),
    /** Layers before, in and after a core that is run again and again; they replace `layers`. */
    recurrence: z.strictObject({ prelude: count, core: count, coda: count }).optional(),
  })
  .refine(fitsHeads, WIDTH_RULE);

export type ModelConfig = z.infer<typeof modelConfigSchema>;

/** The feed-forward layer is this many times as wide as the model. */
export const EXPANSION = 4;

/** Entries of the table of digit positions, of which 0 is for tokens that are no digit (McLeish et al. 2024). */
export const DIGIT_POSITIONS = 1024;

/** The names of the model's blocks, in the order in which a text passes through them. */
export function blockNames({ layers, recurrence }: ModelConfig): {
  before: string[];
  core: string[];
  after: string[];
} {
  const named = (part: string, number: number) => Array.from({ length: number }, (_, i) => `${part}.${i}`);
  if (!recurrence) return { before: named('blocks', layers), core: [], after: [] };
  const { prelude, core, coda } = recurrence;
  return { before: named('prelude', prelude), core: named('core', core), after: named('coda', coda) };
}
