import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type GoldfishRule, goldfishMask } from '../../lab/index.js';
import { corpusNamed, documentsOf, type OnProgress, type Study, UsageError } from '../../store/index.js';

/** What is written of the training documents of corpora. */
export interface GoldfishFile {
  file: string;
  corpora: readonly string[];
  encode(text: string): ArrayLike<number>;
  rule: GoldfishRule;
  onProgress?: OnProgress | undefined;
}

/**
 * Writes the training documents of corpora as JSON lines of `key`, `input_ids` and `loss_mask` (1: supervised), for a trainer that takes
 * masks. The file gets its name once it is whole.
 *
 * @returns documents, tokens, and how many of them are dropped
 * @throws UsageError for a corpus that is not there, or a file that cannot be written
 */
export async function writeGoldfishFile(
  { db }: Study,
  { file, corpora, encode, rule, onProgress }: GoldfishFile,
): Promise<{ documents: number; tokens: number; dropped: number }> {
  const found = corpora.map((name) => corpusNamed(db, name));
  const part = `${file}.part`;
  const written = { documents: 0, tokens: 0, dropped: 0 };
  try {
    await pipeline(lines, createWriteStream(part));
    renameSync(part, file);
    return written;
  } catch (error) {
    rmSync(part, { force: true });
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new UsageError(`${file} cannot be written: ${message}`);
  }

  function* lines(): Generator<string> {
    for (const { id, name } of found) {
      for (const { key, text } of documentsOf(db, id, 'train')) {
        const ids = Array.from(encode(text));
        const mask = Array.from(goldfishMask(ids, rule));
        written.documents++;
        written.tokens += ids.length;
        written.dropped += mask.reduce((sum, kept) => sum + (1 - kept), 0);
        onProgress?.({ step: 'writing goldfish masks', done: written.documents, unit: 'documents' });
        yield `${JSON.stringify({ key: `${name}/${key}`, input_ids: ids, loss_mask: mask })}\n`;
      }
    }
  }
}
