import { breaksOf, WINDOW } from './breaks.js';

/** A part of a text, in UTF-16 offsets; it neither begins nor ends with white space. */
export interface Span {
  start: number;
  end: number;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Words whose full stop does not end a sentence; the segmenter takes it for one before a capital. */
const ABBREVIATION =
  /(?:^|[\s("'“‘])(?:Mr|Mrs|Ms|Dr|Prof|Rev|Hon|Gen|Col|Capt|Lt|Maj|Sgt|Gov|Sen|Rep|Pres|St|Mt|Ft|No|Nos|vs|Jr|Sr|Messrs|Art|Sec|[A-Z]|(?:[A-Z]\.)+[A-Z])\.\s*$/;
/** Long enough to hold any abbreviation above. */
const ABBREVIATION_LENGTH = 24;

/**
 * A line feed inside a paragraph, as hard-wrapped text has them: the line before holds more than white space and does
 * not end like a sentence, and the next line is not blank, indented by two or more, or an item of a list.
 */
const WRAP =
  /(?=\r?\n)(?<=\S[ \t]*)(?<![\p{Sentence_Terminal}…][\p{Pe}\p{Pf}"'*_]*[ \t]*)\r?\n(?! ?(?:\r?\n|$)| {2}| ?\t| ?(?:[-*+•‣◦·–—]|\(?(?:\d{1,2}|[A-Za-z])[.)])[ \t])/gu;

/**
 * The sentences of a text by Unicode's rules (UAX #29), mended after abbreviations and in hard-wrapped paragraphs, where
 * the rules would end a sentence at every line feed.
 */
export function sentencesOf(text: string, window = WINDOW): Span[] {
  const unwrapped = text.includes('\n') ? text.replace(WRAP, ({ length }) => ' '.repeat(length)) : text;
  const sentences: Span[] = [];
  let start = 0;
  for (const end of breaksOf(unwrapped, segmenter, window)) {
    if (end < text.length && ABBREVIATION.test(text.slice(Math.max(start, end - ABBREVIATION_LENGTH), end)))
      continue;
    const span = trimmed(text, start, end);
    if (span) sentences.push(span);
    start = end;
  }
  return sentences;
}

/** The span without the white space at its ends, or undefined where nothing else is in it. */
export function trimmed(text: string, start: number, end: number): Span | undefined {
  const part = text.slice(start, end);
  const from = start + (part.length - part.trimStart().length);
  const to = end - (part.length - part.trimEnd().length);
  return from < to ? { start: from, end: to } : undefined;
}
