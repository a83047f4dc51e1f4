/**
 * Text of a corpus or query as a reader may see it: line breaks and tabs as spaces, lone surrogates as U+FFFD, and
 * other control characters and marks that would turn the direction of the text around by their names: ‹U+202E›.
 */
export function visible(text: string): string {
  return text
    .replace(/[\n\r\t\u2028\u2029]+/g, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, nameOf);
}

/** At most `length` characters of a text, with an ellipsis where it was longer; no character is cut in two. */
export function shorten(text: string, length: number): string {
  const characters = [...visible(text)];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}

function nameOf(character: string): string {
  const code = character.codePointAt(0)!;
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}
