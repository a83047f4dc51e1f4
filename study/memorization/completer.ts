/** A language model that goes on where a text stops, always with the likeliest token. */
export interface Completer {
  /** All that its completions depend on. */
  settings: Readonly<Record<string, unknown>>;
  /** What texts are compared in. */
  unit: 'tokens' | 'words';
  /** How many texts are to be under way at once. */
  parallel: number;
  /** The text before its last `count` units, and these; null for a text that has not twice as many. */
  split(text: string, count: number): { prefix: string; target: string[] } | null;
  /** The next `count` units behind a prefix of `split`. */
  complete(prefix: string, count: number): Promise<string[]>;
  close(): Promise<void>;
}
