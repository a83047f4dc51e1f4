import { chatOf } from './chat.js';
import type { Fields } from './document.js';

/** A text with {columns} in it, to be filled from a record. */
export interface Template {
  /** Columns that are named, each once; nested ones with dots. */
  columns: string[];
  fill(fields: Fields): string;
}

/** A piece of a template: words as they are, or a column. */
type Piece = { words: string } | { column: string };

const TOKEN = /\{\{|\}\}|\{([^{}\n]+)\}/g;

/** Whether a text has a {column} in it. */
export function isTemplate(text: string): boolean {
  return parseLine(text).some((piece) => 'column' in piece);
}

/**
 * Parses a template. A line whose columns are all empty in a record is left out of its text; `\n` and `\t` may be
 * written so; `{{` and `}}` stand for braces.
 */
export function parseTemplate(template: string): Template {
  const lines = template.replaceAll('\\n', '\n').replaceAll('\\t', '\t').split('\n').map(parseLine);
  const columns = lines.flatMap((line) => line.flatMap((piece) => ('column' in piece ? [piece.column] : [])));
  return {
    columns: [...new Set(columns)],
    fill: (fields) => lines.flatMap((line) => fillLine(line, fields)).join('\n'),
  };
}

function parseLine(line: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of line.matchAll(TOKEN)) {
    pieces.push({ words: line.slice(from, match.index) });
    pieces.push(match[1] === undefined ? { words: match[0][0]! } : { column: match[1].trim() });
    from = match.index + match[0].length;
  }
  pieces.push({ words: line.slice(from) });
  return pieces;
}

function fillLine(line: readonly Piece[], fields: Fields): string[] {
  let filled = false;
  let asked = false;
  let text = '';
  for (const piece of line) {
    const value = 'words' in piece ? piece.words : textOf(valueAt(fields, piece.column));
    if ('column' in piece) {
      asked = true;
      filled ||= value.trim() !== '';
    }
    text += value;
  }
  return asked && !filled ? [] : [text];
}

/** The value of a column; of a nested one where its name has dots and no column is called so. */
export function valueAt(fields: Fields, column: string): unknown {
  if (Object.hasOwn(fields, column)) return fields[column];
  const dot = column.indexOf('.');
  const inner = dot < 0 ? undefined : fields[column.slice(0, dot)];
  if (typeof inner !== 'object' || inner === null) return undefined;
  return valueAt({ ...inner }, column.slice(dot + 1));
}

/** The top-level column that a column is in, itself where it is not nested; undefined where there is none such. */
export function topColumn(column: string, columns: readonly string[]): string | undefined {
  if (columns.includes(column)) return column;
  const top = column.split('.')[0]!;
  return columns.includes(top) ? top : undefined;
}

/** A value as text: turns of a chat and items of a list a line each, nothing for null. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  const chat = chatOf(value);
  if (chat !== undefined) return chat;
  return Array.isArray(value) ? value.map(textOf).join('\n') : JSON.stringify(value);
}
