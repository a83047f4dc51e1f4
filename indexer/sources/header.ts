import { KNOWN_COLUMNS } from './shapes.js';

/** What people call columns: up to five words of letters, digits and a little punctuation. */
const NAME = /^[\p{L}_][\p{L}\p{N}_.:/()#%&[\]-]*(?: [\p{L}\p{N}_.:/()#%&[\]-]+){0,4}$/u;
const MAX_NAME = 64;

/**
 * Whether the first row of a CSV file names its columns.
 *
 * It does where it holds a column that is named by the user or by a shape we know. It does not where a cell comes
 * twice in it, is a number, or comes again below in the same column, as the letter of an answer does. Otherwise it
 * does where all its cells read as names.
 *
 * @param rows the first rows, cells as text
 * @param named columns that the user named
 */
export function hasHeader(rows: readonly (readonly string[])[], named: readonly string[]): boolean {
  const [first, ...rest] = rows;
  if (!first) return false;
  const cells = first.map((cell) => cell.trim());
  if (cells.some((cell) => named.includes(cell) || KNOWN_COLUMNS.has(cell.toLowerCase()))) return true;
  if (cells.length > 1 && cells.every((cell, i) => cell === String(i))) return true;
  const filled = cells.filter((cell) => cell !== '');
  if (new Set(filled).size < filled.length || filled.some(isNumber)) return false;
  if (cells.some((cell, i) => cell !== '' && rest.some((row) => row[i]?.trim() === cell))) return false;
  return (
    filled.length > 0 &&
    filled.every((cell) => cell.length <= MAX_NAME && NAME.test(cell) && !/[.:]$/.test(cell))
  );
}

function isNumber(cell: string): boolean {
  return Number.isFinite(Number(cell));
}
