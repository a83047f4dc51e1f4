import { csvFormatRow } from 'd3';
import { columnsOf, type Row, textOf } from './columns.js';

/** Text that a spreadsheet would take for a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** Rows as CSV (RFC 4180), line by line, the header first. An apostrophe goes before text that a spreadsheet would run. */
export function* csvLines(rows: readonly Row[]): Generator<string> {
  const columns = columnsOf(rows);
  yield `${csvFormatRow(columns.map(({ name }) => name))}\n`;
  for (const row of rows) {
    const cells = columns.map(({ name }) => {
      const value = row[name];
      const text = textOf(value) ?? '';
      return typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
    });
    yield `${csvFormatRow(cells)}\n`;
  }
}

/** Rows as JSON, one a line. */
export function* jsonLines(rows: readonly Row[]): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}
