import { chatOf } from './chat.js';
import type { Fields } from './document.js';
import { parseTemplate, valueAt } from './template.js';

/** How the text of a record is made from its columns. */
export interface Shape {
  /** What it is called, with its columns: "Alpaca: instruction, input, output". */
  name: string;
  /** How the text is made, for people. */
  template: string;
  columns: readonly string[];
  /** The text; undefined where the record has none. */
  text(fields: Fields): string | undefined;
  /** Columns taken for the id and for the metadata where the user names none. */
  id?: string;
  meta?: string;
}

/** The shape of a text that is in one column. Other than text in it is no text, but a chat is. */
export function columnShape(column: string, name = `text in ${column}`): Shape {
  return {
    name,
    template: `{${column}}`,
    columns: [column],
    text(fields) {
      const value = valueAt(fields, column);
      return typeof value === 'string' ? value : chatOf(value);
    },
  };
}

/** The shape of a text that is made by a template. */
export function templateShape(template: string, name = 'a template'): Shape {
  const { columns, fill } = parseTemplate(template);
  return { name, template, columns, text: fill };
}
