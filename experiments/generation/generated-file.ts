import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DataError } from '../../store/index.js';
import { askGenerator, type GeneratorEndpoint } from './ask-generator.js';
import type { GeneratorPrompt } from './generator-prompts.js';

/** What a file of generated texts holds now. */
export interface GeneratedFile {
  texts: number;
  /** Those that were there before. */
  kept: number;
  /** Prompts whose answer held no question and answer. */
  leftOut: number;
}

/**
 * Has prompts answered into a file of JSON lines (id, topic, text). Those that it holds already are not asked again, so that a call that was stopped
 * goes on when it is made again; a line that was cut off is taken out first.
 *
 * @throws DataError for a file that holds something else; UsageError, DataError as `askGenerator` does
 */
export async function writeGenerated(
  file: string,
  prompts: readonly GeneratorPrompt[],
  endpoint: GeneratorEndpoint,
  asking: Omit<Parameters<typeof askGenerator>[2], 'onText'>,
): Promise<GeneratedFile> {
  const known = knownIds(file);
  const open = prompts.filter(({ id }) => !known.has(id));
  let texts = known.size;
  const onText = (text: object) => {
    appendFileSync(file, `${JSON.stringify(text)}\n`);
    texts++;
  };
  const { leftOut } = await askGenerator(open, endpoint, { ...asking, onText });
  return { texts, kept: known.size, leftOut };
}

function knownIds(file: string): Set<string> {
  if (!existsSync(file)) return new Set();
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const ids = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => idOf(line, `${file}, line ${i + 1}`));
  if (whole.length < text.length) writeFileSync(file, whole);
  return new Set(ids);
}

function idOf(line: string, where: string): string {
  try {
    const { id, text } = JSON.parse(line) as { id?: unknown; text?: unknown };
    if (typeof id === 'string' && typeof text === 'string') return id;
  } catch {
    // Said below.
  }
  throw new DataError(`${where} is no generated text (id, topic, text): give another file to write to.`);
}
