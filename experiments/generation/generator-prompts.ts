import { seededUniform } from '../../density/index.js';

/** The forms of generator prompts (Chen et al. 2024, arXiv 2406.10323, section 3). */
export const PROMPT_FORMS = ['static', 'conditional', 'generator-conditional', 'generator-nested'] as const;
export type PromptForm = (typeof PROMPT_FORMS)[number];

/** What a language model is asked for a text with. */
export interface GeneratorPrompt {
  /** Of the form, the topic and the number. */
  id: string;
  topic: string | null;
  prompt: string;
}

/** Items that a model lists, of which the prompt names one by its number. */
const LISTED = 40;

// A model that is asked the same again and again repeats itself; these are drawn beside the numbers of items.
const BOOSTERS = [
  'Be creative.',
  'Do not take what comes to mind first.',
  'Ask as a curious expert would.',
  'Ask as somebody would who meets the subject for the first time.',
  'Ask about something that is seldom asked.',
];
const FORMAT = 'Write it as "Question:" and, on a new line, "Answer:". Write nothing else behind it.';

/**
 * Draws prompts that have a language model make up a question and its answer: of no topic (`static`), of a topic
 * (`conditional`), of a subtopic that the model lists and the prompt draws by number (`generator-conditional`), or of a subtopic of
 * such a subtopic (`generator-nested`). Topics come in turn.
 *
 * @throws RangeError for a form that needs topics where there are none
 */
export function generatorPrompts(
  form: PromptForm,
  topics: readonly string[],
  count: number,
  seed: number,
): GeneratorPrompt[] {
  if (form !== 'static' && topics.length === 0)
    throw new RangeError(`Prompts of the form ${form} need topics.`);
  const uniform = seededUniform(seed);
  const drawn = (count: number) => Math.floor(uniform() * count);
  return Array.from({ length: count }, (_, i) => {
    const topic = form === 'static' ? null : topics[i % topics.length]!;
    const booster = BOOSTERS[drawn(BOOSTERS.length)]!;
    const [first, second] = [1 + drawn(LISTED), 1 + drawn(LISTED)];
    return {
      id: `${form} ${i + 1}`,
      topic,
      prompt: `${askFor(form, topic, first, second)} ${booster} ${FORMAT}`,
    };
  });
}

function askFor(form: PromptForm, topic: string | null, first: number, second: number): string {
  switch (form) {
    case 'static':
      return 'Write a question on any subject, and its answer.';
    case 'conditional':
      return `Write a question on this subject, and its answer: ${topic}.`;
    case 'generator-conditional':
      return (
        `List ${LISTED} subtopics of this subject: ${topic}. Name subtopic ${first}. Then write a question that does not ` +
        'name the subtopic but takes knowledge of it to answer, and its answer.'
      );
    case 'generator-nested':
      return (
        `List ${LISTED} subtopics of this subject: ${topic}. Name subtopic ${first} and list ${LISTED} subtopics of it. Name ` +
        `subtopic ${second} of these. Then write a question that does not name it but takes knowledge of it to answer, and its answer.`
      );
  }
}

/** The question and the answer of what a model wrote, without the lists before them; null where there are none. */
export function questionAndAnswer(written: string): string | null {
  const found = /Question:\**\s*(?<question>\S[\s\S]*?)\s*\**Answer:\**\s*(?<answer>\S[\s\S]*)$/u.exec(
    written.slice(Math.max(0, written.lastIndexOf('Question:'))),
  )?.groups;
  return found ? `Question: ${found.question!.trim()}\nAnswer: ${found.answer!.trim()}` : null;
}
