import { DataError, type Query } from '../../../store/index.js';
import type { ScoredText } from './scorer.js';

/** What of a query is scored. */
export interface ScoredPart {
  /** The field kept with the query (`densimeter queries --meta`) that is scored, given its text; default: the text. */
  target?: string | undefined;
  /** What stands between text and target; default a space. */
  separator?: string | undefined;
}

/**
 * The text of a query that is scored, and what stands before it. A text that ends with the target is cut there.
 *
 * @throws DataError for a query that has no such field, or an empty one
 */
export function scoredText(query: Query, { target, separator = ' ' }: ScoredPart): ScoredText {
  if (target === undefined) return { context: '', text: query.text };
  const value = query.meta[target];
  if ((typeof value !== 'string' && typeof value !== 'number') || String(value).trim() === '') {
    const has = Object.keys(query.meta).join(', ') || 'none';
    throw new DataError(
      `Query "${query.key}" has no text in the field "${target}"; fields kept with it: ${has}. Keep it with: densimeter queries … --meta ${target}`,
    );
  }
  const answer = String(value).trim();
  const text = query.text.trimEnd();
  if (!text.endsWith(answer) || text === answer) return { context: text, text: separator + answer };
  const question = text.slice(0, text.length - answer.length);
  // The white space between them is scored with the answer, as the separator is.
  return { context: question.trimEnd(), text: question.slice(question.trimEnd().length) + answer };
}
