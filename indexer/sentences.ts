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

/** The segmenter takes time with the square of what it is given, so it is given this much at a time, characters. */
const WINDOW = 4096;

/** The sentences of a text by Unicode's rules (UAX #29), mended after abbreviations. */
export function sentencesOf(text: string, window = WINDOW): Span[] {
  const sentences: Span[] = [];
  let start = 0;
  for (const end of breaksOf(text, window)) {
    if (end < text.length && ABBREVIATION.test(text.slice(Math.max(start, end - ABBREVIATION_LENGTH), end)))
      continue;
    const span = trimmed(text, start, end);
    if (span) sentences.push(span);
    start = end;
  }
  return sentences;
}

/** Where the segmenter ends sentences, the same whatever the window. */
function* breaksOf(text: string, window: number): Generator<number> {
  let from = 0;
  let size = window;
  while (from < text.length) {
    const part = text.slice(from, from + size);
    const ends = Array.from(segmenter.segment(part), ({ index, segment }) => from + index + segment.length);
    // The window's end is no break, and what follows it may undo the one before: that needs a later one to be sure.
    const sure = from + size >= text.length ? ends : ends.slice(0, -2);
    yield* sure;
    size = sure.length > 0 ? window : size * 2;
    from = sure.at(-1) ?? from;
  }
}

/** The span without the white space at its ends, or undefined where nothing else is in it. */
export function trimmed(text: string, start: number, end: number): Span | undefined {
  const part = text.slice(start, end);
  const from = start + (part.length - part.trimStart().length);
  const to = end - (part.length - part.trimEnd().length);
  return from < to ? { start: from, end: to } : undefined;
}
