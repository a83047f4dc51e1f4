import { z } from 'zod';

/** What is done to the queries of an arm. */
export type ArmKind = 'paraphrase' | 'exact' | 'control' | 'placebo' | 'unrelated';

/** One treatment of a query; `dose` is how many texts are leaked for it. */
export interface Arm {
  name: string;
  dose: number;
  kind: ArmKind;
}

/** The arm of queries from documents that nothing was leaked of: they show what spills over. */
export const UNTOUCHED = 'untouched';

const name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u, 'use letters, digits, ".", "_" and "-" for a name')
  .refine((value) => value !== UNTOUCHED, `"${UNTOUCHED}" is the arm of documents that are left alone`);
const texts = z.number().int().min(0).max(16).default(0);

/** One arm as it is asked for: a control has none of paraphrases, exact, placebo and unrelated. */
export const armSettings = z
  .strictObject({
    name,
    /** Paraphrases of the query. */
    paraphrases: texts,
    /** A copy of the query. */
    exact: z.boolean().default(false),
    /** The nearest training texts that are no leak of it, once more: on its topic, without its words. */
    placebo: texts,
    /** Training texts drawn at random, once more. */
    unrelated: texts,
    weight: z.number().positive().default(1),
  })
  .refine(
    ({ paraphrases, exact, placebo, unrelated }) =>
      [paraphrases > 0 || exact, placebo > 0, unrelated > 0].filter(Boolean).length <= 1,
    'an arm leaks (paraphrases, exact), or is a placebo, or is unrelated',
  );
export type ArmSettings = z.infer<typeof armSettings>;

/** The arms of an intervention. */
export const armList = z
  .array(armSettings)
  .min(2)
  .refine((arms) => new Set(arms.map((arm) => arm.name)).size === arms.length, 'two arms have one name')
  .refine(
    (arms) => arms.filter((arm) => kindOf(arm) === 'control').length === 1,
    'exactly one arm must be the control, of which nothing is leaked',
  );

/** What an arm is. */
export function kindOf({ paraphrases, exact, placebo, unrelated }: ArmSettings): ArmKind {
  if (exact) return 'exact';
  if (paraphrases > 0) return 'paraphrase';
  if (placebo > 0) return 'placebo';
  return unrelated > 0 ? 'unrelated' : 'control';
}

/** An arm as it is drawn, with its weight. */
export function armFrom(settings: ArmSettings): Arm & { weight: number } {
  const { paraphrases, exact, placebo, unrelated, weight } = settings;
  const dose = paraphrases + (exact ? 1 : 0) + placebo + unrelated;
  return { name: settings.name, kind: kindOf(settings), dose, weight };
}
