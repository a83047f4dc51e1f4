const SILENT_H = /^(?:hour|honest|honou?r|heir)/i;
const CONSONANT_SOUND = /^(?:uni(?!n|m|d)|use|usu|uti|eu|ewe|one|once|ubiq|uran)/i;

/** The text with `a` and `an` as the word after them wants it; words with an h, and capitals, are left alone. */
export function mendArticles(text: string): string {
  return text.replace(/\b([Aa])(n?) (?=([a-z]+))/g, (found, a: string, n: string, word: string) => {
    if (word.startsWith('h') && !SILENT_H.test(word)) return found;
    if (word.length === 1) return found;
    const vowel = SILENT_H.test(word) || (/^[aeiou]/.test(word) && !CONSONANT_SOUND.test(word));
    return vowel === (n === 'n') ? found : `${a}${vowel ? 'n' : ''} `;
  });
}
