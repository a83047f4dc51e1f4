/** Characters of a text that a report shows. */
const EXCERPT = 160;

/** The start of a text, with an ellipsis where there is more. */
export function excerptOf(text: string): string {
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT - 1)}…` : text;
}
