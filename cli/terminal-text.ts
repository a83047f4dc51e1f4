/** A text in a line of at most `length` characters. Training text is untrusted: control characters do not reach the terminal. */
export function shortened(text: string, length = 100): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return [...line].length > length ? `${[...line].slice(0, length - 1).join('')}…` : line;
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** A log10 density, or a change of one, with its sign. */
export function signed(value: number): string {
  const size = Number.isFinite(value) ? Math.abs(value).toFixed(2) : '∞';
  return `${value < 0 ? '−' : '+'}${size}`;
}

/**
 * Cells in aligned columns, one line a row; the columns of `left` flush left and the others flush right.
 *
 * @param rows `(rows, columns)`
 */
export function aligned(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => [...row[column]!].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - [...cell].length);
        return left.includes(column) ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** A model's or a corpus' text for a terminal, without what would steer it; lines and tabs stay. */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\uFFFD');
}
