/** A word of a text with where it stands: `start` and `end` are offsets into the text. */
export interface Word {
  text: string;
  start: number;
  end: number;
  /** Whether it is the first word of the text or of a sentence. */
  opensSentence: boolean;
}

const WORD = /\p{N}+(?:[.,]\p{N}+)*\p{L}*|[\p{L}\p{M}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;
const SENTENCE_END = /[.!?:][\s"'“”‘’()[\]—-]*$/;
const ABBREVIATION = /^(?:Mr|Mrs|Ms|Messrs|Dr|St|Gen|Col|Capt|Lieut|Lt|Maj|Hon|Rev|Esq|No|Nos|vs|viz|[A-Z])$/;

/** The words and numbers of a text, in order. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let previous: Word | undefined;
  for (const match of text.matchAll(WORD)) {
    const start = match.index;
    // Offsets 64 back are enough to see the end of a sentence, and keep the search linear.
    const gap = text.slice(Math.max(previous?.end ?? 0, start - 64), start);
    const ended = SENTENCE_END.test(gap) && !(gap.startsWith('.') && ABBREVIATION.test(previous?.text ?? ''));
    previous = { text: match[0], start, end: start + match[0].length, opensSentence: !previous || ended };
    words.push(previous);
  }
  return words;
}

/** The text cut into sentences, each with the white space that follows it, so that joining them gives the text. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/[.!?]["'”’)\]]{0,3}\s+(?=["'“‘(]?\p{Lu})/gu)) {
    const before =
      text.slice(Math.max(from, match.index - 12), match.index).match(/[\p{L}\p{N}]+$/u)?.[0] ?? '';
    if (match[0].startsWith('.') && ABBREVIATION.test(before)) continue;
    const end = match.index + match[0].length;
    sentences.push(text.slice(from, end));
    from = end;
  }
  if (from < text.length) sentences.push(text.slice(from));
  return sentences;
}

/** The text with its first letter as a capital. */
export function capitalise(text: string): string {
  return text.replace(/^\P{L}{0,3}\p{Ll}/u, (start) => start.toUpperCase());
}

/** The text with its first letter in lower case when its first word is one that is no name; undefined otherwise. */
export function uncapitalise(text: string): string | undefined {
  const first = text.match(/^\p{L}+/u)?.[0];
  if (first === undefined) return undefined;
  if (first === 'I' || first[0] === first[0]!.toLowerCase()) return text;
  return FUNCTION_WORDS.has(first.toLowerCase()) ? first.toLowerCase() + text.slice(first.length) : undefined;
}

/** Words that carry grammar rather than content. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those my your his her its our their whose i we you he she it they me us him them who whom
  which what where when why how myself ourselves himself herself itself themselves yourself one ones other others
  another such same own each every either neither both all any some no none many much more most few fewer less least
  several enough and or but nor so yet for if unless because although though while whereas since until till as than
  whether lest except of in on at by to from with without within upon about above below under over between among
  amongst through throughout during before after against toward towards into onto out off up down near beyond behind
  across along around per via is are was were be been being am do does did doing done have has had having will would
  shall should may might can could must ought not never ever also too very only just even still again then thus
  there here now hence therefore however moreover nevertheless let else like
  thou thee thy thine ye yon hath hast doth dost art wast wert wilt shalt canst tis twas ere o aye nay oh ah ha hark lo`.split(
    /\s+/,
  ),
);

/** Words for numbers, which a paraphrase keeps. */
export const NUMBER_WORDS: ReadonlySet<string> = new Set(
  `two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
  nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions
  billion billions trillion trillions dozen dozens half third quarter fourth fifth tenth first second zero`.split(
    /\s+/,
  ),
);
