/** The words of a text with the signs that are written to them. */
export function wordsIn(text: string): string[] {
  return text.match(/\S+/g) ?? [];
}

/** A text before its last words, with the space behind it, and these; null for a text that has not twice as many. */
export function lastWords(text: string, count: number): { prefix: string; target: string[] } | null {
  const found = [...text.matchAll(/\S+/g)];
  if (found.length < 2 * count) return null;
  const tail = found.slice(-count);
  return { prefix: text.slice(0, tail[0]!.index).trimEnd(), target: tail.map(([word]) => word) };
}
