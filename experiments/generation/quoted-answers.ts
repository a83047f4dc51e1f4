import { rollups } from 'd3';
import { seededUniform } from '../../density/index.js';
import type { GeneratedText } from './ask-generator.js';

/** A text that answers can be quoted from. */
export interface Quotable {
  id: string;
  /** Who says it, and when. */
  speaker: string;
  year: number;
  passage: string;
}

const QUESTIONS = [
  (speaker: string, year: number, subject: string) =>
    `What did ${speaker} tell Congress about ${subject} in ${year}?`,
  (speaker: string, year: number, subject: string) => `How did ${speaker} speak of ${subject} in ${year}?`,
  (speaker: string, _: number, subject: string) => `What was ${speaker}'s view of ${subject}?`,
];
/** Letters of a word that can be a subject, at least. */
const LETTERS = 5;

/**
 * A generator that needs no language model: the prompt is a speaker, a year and the two words of a passage that fewest passages have,
 * the answer the passage word for word. It stands in for one that knows the texts, and makes nothing up.
 */
export function quotedAnswers(passages: readonly Quotable[], seed: number): GeneratedText[] {
  const uniform = seededUniform(seed);
  const words = passages.map(({ passage }) => [
    ...new Set(passage.toLowerCase().match(new RegExp(`\\p{L}{${LETTERS},}`, 'gu')) ?? []),
  ]);
  const passagesWith = new Map(
    rollups(
      words.flat(),
      (all) => all.length,
      (word) => word,
    ),
  );
  return passages.map(({ id, speaker, year, passage }, i) => {
    const subject = words[i]!.filter((word) => passagesWith.get(word)! > 1)
      .sort((a, b) => passagesWith.get(a)! - passagesWith.get(b)!)
      .slice(0, 2)
      .join(' and ');
    const question = QUESTIONS[Math.floor(uniform() * QUESTIONS.length)]!(
      speaker,
      year,
      subject || 'the Union',
    );
    return { id, topic: subject || null, text: `Question: ${question}\nAnswer: ${passage}` };
  });
}
