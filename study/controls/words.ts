const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * The words of a text: runs of letters, marks and digits, in small letters and compatibility form, so that typography
 * does not hide that two texts are the same.
 */
export function* wordsOf(text: string): Generator<string> {
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(WORD)) yield word;
}
