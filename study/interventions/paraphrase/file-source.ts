import { readRecords, valueAt } from '../../../indexer/index.js';
import { DataError } from '../../../store/index.js';
import type { ParaphraseSource } from './paraphraser.js';
import { isEnglishWord } from './readings.js';
import { selectParaphrases } from './select.js';
import { readWordNet } from './wordnet.js';

const KEY = 'key';
const TEXT = 'paraphrase';

/**
 * Paraphrases from a file (JSONL, CSV, Parquet …) with the columns `key`, a query's key or text, and `paraphrase`. They are taken as somebody
 * meant them: only copies, near copies and texts of another length are left out.
 *
 * @throws UsageError for a file that is not there
 * @throws DataError for a record without either column
 */
export async function openFileSource(file: string, base: string): Promise<ParaphraseSource> {
  const byKey = new Map<string, string[]>();
  for await (const { at, fields } of readRecords({ files: [file], base }, [KEY, TEXT])) {
    const [key, text] = [valueAt(fields, KEY), valueAt(fields, TEXT)];
    if (key === undefined || key === null || typeof text !== 'string') {
      throw new DataError(
        `${at}: a record of paraphrases has a "${KEY}" (a query's key or text) and a "${TEXT}".`,
      );
    }
    const before = byKey.get(String(key));
    if (before) before.push(text);
    else byKey.set(String(key), [text]);
  }
  const wordnet = await readWordNet();
  return {
    name: `file: ${file}`,
    parallel: 1,
    async paraphrase({ key, text }, { count }) {
      const candidates = byKey.get(key) ?? byKey.get(text) ?? [];
      const loose = { minEditShare: 0, minContentShare: 0, sameNames: false, sameNumbers: false };
      return selectParaphrases(text, candidates, {
        ...{ count, ...loose, maxOverlap: 0.9, maxOverlapOfTwo: 1 },
        isCommon: (word) => isEnglishWord(word, wordnet),
      });
    },
  };
}
