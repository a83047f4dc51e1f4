import { chatOf } from './chat.js';
import { type ChoiceColumns, questionWithChoices } from './choices.js';
import type { Fields } from './document.js';
import { columnShape, type Shape, templateShape } from './shape.js';
import { valueAt } from './template.js';

/** Finds a column whatever its case; undefined where it is not there. */
type Find = (name: string) => string | undefined;

const TEXTS = ['content', 'body', 'document'];
const INPUTS = ['input', 'context'];
const OUTPUTS = ['output', 'response'];
const PAIRS = [
  ['prompt', 'completion'],
  ['prompt', 'response'],
  ['question', 'answer'],
  ['question', 'response'],
  ['problem', 'solution'],
] as const;
const CHATS = ['messages', 'conversations'];
const CHOICES = ['choices', 'options'];
const ANSWERS = ['answer', 'answerkey', 'label', 'target'];
const SERIES = /^(?:choice|option|answer)[_ ]?(\d)$|^(?:choice|option)?[_ ]?([a-j])$/i;

/** Columns (in small letters) that a shape is known by: where one is in the first row of a CSV file, that row is its header. */
export const KNOWN_COLUMNS: ReadonlySet<string> = new Set([
  ...['text', 'id', 'instruction'],
  ...[...TEXTS, ...INPUTS, ...OUTPUTS, ...PAIRS.flat(), ...CHATS, ...CHOICES, 'answerkey'],
]);

/**
 * The first shape that the columns fit, in this order: text (with id and metadata: datatrove's document), Alpaca, chat,
 * question with choices, prompt and completion, then content, body or document, then a single column.
 *
 * @param head the first records, for a file without column names
 */
export function detectShape(columns: readonly string[], head: readonly Fields[]): Shape | undefined {
  const bySmall = new Map([...columns].reverse().map((name) => [name.toLowerCase(), name]));
  const find: Find = (name) => bySmall.get(name);
  return (
    textShape(find) ??
    alpaca(find) ??
    chat(find) ??
    choices(columns, find) ??
    pair(find) ??
    firstOf(TEXTS, find).map((name) => columnShape(name))[0] ??
    unnamed(columns, head)
  );
}

function firstOf(names: readonly string[], find: Find): string[] {
  return names.flatMap((name) => find(name) ?? []).slice(0, 1);
}

function textShape(find: Find): Shape | undefined {
  const text = find('text');
  if (!text) return undefined;
  const id = find('id');
  const metadata = find('metadata');
  if (!id || !metadata) return columnShape(text, `text in ${text}`);
  return { ...columnShape(text, `datatrove: ${[text, id, metadata].join(', ')}`), id, meta: metadata };
}

function alpaca(find: Find): Shape | undefined {
  const instruction = find('instruction');
  const [output] = firstOf(OUTPUTS, find);
  if (!instruction || !output) return undefined;
  return joined('Alpaca', [instruction, ...firstOf(INPUTS, find), output]);
}

function chat(find: Find): Shape | undefined {
  const [column] = firstOf(CHATS, find);
  if (!column) return undefined;
  return {
    name: `chat: ${column}`,
    template: `{${column}}, a turn a line`,
    columns: [column],
    text: (fields) => chatOf(valueAt(fields, column)),
  };
}

function choices(columns: readonly string[], find: Find): Shape | undefined {
  const question = find('question');
  if (!question) return undefined;
  const [answer] = firstOf(ANSWERS, find);
  const [list] = firstOf(CHOICES, find);
  const series = list ? [list] : columns.filter((name) => SERIES.test(name));
  if (series.length === 0 || (!list && series.length < 2)) return undefined;
  const firstNumber = list ? 0 : Number(SERIES.exec(series[0]!)?.[1] ?? 0);
  return choiceShape({ question, choices: series, answer, firstNumber });
}

function choiceShape(columns: ChoiceColumns): Shape {
  const { question, choices: series, answer } = columns;
  const span = series.length > 1 ? `${series[0]} to ${series.at(-1)}` : series[0]!;
  const all = [question, ...series, ...(answer ? [answer] : [])];
  return {
    name: `question with choices: ${[question, span, ...(answer ? [answer] : [])].join(', ')}`,
    template: `{${question}}, the choices a line each${answer ? `, the one that {${answer}} names` : ''}`,
    columns: all,
    text: (fields) => questionWithChoices(fields, columns),
  };
}

function pair(find: Find): Shape | undefined {
  for (const [asked, given] of PAIRS) {
    const columns = [find(asked), find(given)].filter((name) => name !== undefined);
    if (columns.length === 2) return joined('prompt and completion', columns);
  }
  return undefined;
}

function joined(name: string, columns: readonly string[]): Shape {
  const template = columns.map((column) => `{${column}}`).join('\n');
  return templateShape(template, `${name}: ${columns.join(', ')}`);
}

/** A CSV file without a header row: one column is the text; a question, choices and a letter or number are MMLU's. */
function unnamed(columns: readonly string[], head: readonly Fields[]): Shape | undefined {
  if (columns.length === 0 || !columns.every((name, i) => name === `column${i}`)) return undefined;
  const [question, ...rest] = columns;
  const answer = rest.pop();
  if (answer === undefined) return columnShape(question!);
  const lettered = head.every((fields) => /^[A-J\d]$/i.test(String(fields[answer]).trim()));
  if (rest.length < 2 || head.length === 0 || !lettered) return undefined;
  return choiceShape({ question: question!, choices: rest, answer });
}
