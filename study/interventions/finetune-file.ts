import { type Query, UsageError } from '../../store/index.js';

/** The shapes of records that trainers read. */
export const FINETUNE_SHAPES = ['text', 'completion', 'instruction', 'messages'] as const;
export type FinetuneShape = (typeof FINETUNE_SHAPES)[number];

/** How a text is written for the trainer. */
export interface FinetuneFormat {
  shape: FinetuneShape;
  /** The field kept with a query that holds its answer; every shape but `text` needs one. */
  answer?: string | undefined;
}

/**
 * The JSON line of a text that is leaked for a query: `{"text"}`, `{"prompt", "completion"}`, `{"instruction", "input", "output"}` or
 * `{"messages"}`, with the query's answer behind it. A text for `text` has the answer behind a space where one is named.
 *
 * @throws UsageError for a query that does not have the answer
 */
export function finetuneLine(text: string, query: Query, { shape, answer }: FinetuneFormat): string {
  if (shape === 'text' && answer === undefined) return JSON.stringify({ text });
  const target = answerOf(query, answer);
  switch (shape) {
    case 'text':
      return JSON.stringify({ text: `${text} ${target}` });
    case 'completion':
      return JSON.stringify({ prompt: text, completion: target });
    case 'instruction':
      return JSON.stringify({ instruction: text, input: '', output: target });
    case 'messages':
      return JSON.stringify({
        messages: [
          { role: 'user', content: text },
          { role: 'assistant', content: target },
        ],
      });
  }
}

function answerOf({ key, meta }: Query, field: string | undefined): string {
  if (field === undefined)
    throw new UsageError('Name the field that has the answer: every shape but "text" needs one.');
  const value = meta[field];
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new UsageError(
    `Query ${JSON.stringify(key)} has no field "${field}"; it has: ${Object.keys(meta).join(', ') || 'none'}. Keep it with --meta.`,
  );
}
