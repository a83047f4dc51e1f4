import { type Compared, compared, DEFAULT_LIMITS, judge, type Limits } from './acceptance.js';
import type { Paraphrases } from './paraphraser.js';

/** Of texts that somebody else wrote, the first `count` that are acceptable paraphrases, and why others are not. */
export function selectParaphrases(
  text: string,
  candidates: Iterable<string>,
  { count, isCommon, ...options }: Partial<Limits> & { count: number; isCommon: (word: string) => boolean },
): Paraphrases {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options };
  const source = compared(text, isCommon);
  const accepted: Compared[] = [];
  const rejected: Paraphrases['rejected'] = {};
  for (const draft of candidates) {
    if (accepted.length === count) break;
    const candidate = compared(draft, isCommon);
    const rejection = candidate.words.length === 0 ? 'no-words' : judge(source, candidate, accepted, limits);
    if (rejection === undefined) accepted.push(candidate);
    else rejected[rejection] = (rejected[rejection] ?? 0) + 1;
  }
  return { texts: accepted.map((candidate) => candidate.text), rejected };
}
