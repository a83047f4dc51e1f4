/** How the fields of a record are named in the files of a corpus or query set. */
export interface FieldNames {
  /** The text; default `text`. */
  text?: string | undefined;
  /** A unique key; default: file and row. */
  id?: string | undefined;
  /** The source label; default: the file's name. */
  source?: string | undefined;
  /** Fields kept as metadata. */
  meta?: readonly string[];
}

/** A record as a reader found it. Plain text has the one field `text`. */
export interface SourceRecord {
  file: string;
  /** From 1, as editors count lines. */
  row: number;
  fields: Record<string, unknown>;
}

/** A text with its key, its source and its metadata. */
export interface SourceDocument {
  key: string;
  text: string;
  source: string;
  meta: Record<string, unknown>;
  /** Number of the record, from 0, over all files, counting also records that are left out. */
  record?: number;
  /** Where it was read, "a.jsonl:4". */
  at?: string;
  /** Unit vector that came with it, where it was embedded elsewhere. */
  vector?: Float32Array;
}

/** Records that were left out, by reason, with where the first few are. */
export class Skipped {
  readonly #reasons = new Map<string, { count: number; first: string[] }>();

  add(reason: string, file: string, row: number): void {
    const found = this.#reasons.get(reason) ?? { count: 0, first: [] };
    found.count++;
    if (found.first.length < 3) found.first.push(`${file}:${row}`);
    this.#reasons.set(reason, found);
  }

  get count(): number {
    return [...this.#reasons.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** One line a reason: "3 with empty text (a.jsonl:4, a.jsonl:9, …)". */
  lines(): string[] {
    return Array.from(
      this.#reasons,
      ([reason, { count, first }]) =>
        `${count} ${reason} (${first.join(', ')}${count > first.length ? ', …' : ''})`,
    );
  }
}
