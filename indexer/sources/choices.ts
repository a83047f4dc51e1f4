import type { Fields } from './document.js';
import { textOf, valueAt } from './template.js';

/** Which columns of a record hold a question, its choices and the answer. */
export interface ChoiceColumns {
  question: string;
  /** One column with a list of choices (or {text, label} of lists), or a column a choice. */
  choices: readonly string[];
  answer?: string | undefined;
  /** The number that an answer gives the first choice; default 0. */
  firstNumber?: number;
}

const LETTERS = 'ABCDEFGHIJ';

/** The question, its choices a line each, and in a last line the words of the right choice. */
export function questionWithChoices(fields: Fields, columns: ChoiceColumns): string {
  const { texts, labels } = choicesOf(fields, columns.choices);
  const answer = columns.answer === undefined ? undefined : valueAt(fields, columns.answer);
  const right = rightChoice(textOf(answer).trim(), texts, labels, columns.firstNumber ?? 0);
  return [textOf(valueAt(fields, columns.question)), ...texts, right]
    .filter((line) => line.trim() !== '')
    .join('\n');
}

function choicesOf(fields: Fields, columns: readonly string[]): { texts: string[]; labels: string[] } {
  if (columns.length > 1) return { texts: columns.map((name) => textOf(valueAt(fields, name))), labels: [] };
  const value = fromJson(valueAt(fields, columns[0]!));
  if (Array.isArray(value)) return { texts: value.map(textOf), labels: [] };
  if (typeof value !== 'object' || value === null) return { texts: [textOf(value)], labels: [] };
  const { text, label } = { text: undefined, label: undefined, ...value };
  return { texts: listOf(text), labels: listOf(label) };
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

/** An answer is a label, a letter, a number or the words of a choice; words that are no choice stand for themselves. */
function rightChoice(answer: string, texts: string[], labels: string[], firstNumber: number): string {
  if (labels.includes(answer)) return texts[labels.indexOf(answer)] ?? '';
  const letter = answer.length === 1 ? LETTERS.indexOf(answer.toUpperCase()) : -1;
  if (letter >= 0) return texts[letter] ?? '';
  if (/^\d$/.test(answer)) return texts[Number(answer) - firstNumber] ?? '';
  return answer;
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
