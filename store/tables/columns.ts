/** A value of a table; lists and objects are written as JSON. */
export type Cell = string | number | boolean | null | undefined | readonly unknown[] | object;
/** A row of a table: column → value. */
export type Row = Readonly<Record<string, Cell>>;

/** A column, with the type that all its values have. */
export interface Column {
  name: string;
  type: 'text' | 'number' | 'boolean';
}

/**
 * The columns of some rows, in the order of their first occurrence. A column of numbers or of booleans, with or without gaps, has that type;
 * any other is text.
 */
export function columnsOf(rows: readonly Row[]): Column[] {
  const types = new Map<string, Column['type'] | undefined>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const type = typeOf(value);
      const known = types.get(name);
      types.set(name, known === undefined || type === undefined || known === type ? (known ?? type) : 'text');
    }
  }
  return Array.from(types, ([name, type]) => ({ name, type: type ?? 'text' }));
}

/** A value as text; what is neither text nor null is JSON. */
export function textOf(value: Cell): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function typeOf(value: Cell): Column['type'] | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}
