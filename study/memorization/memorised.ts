import { l } from 'js-rouge';

/** How far a completion is what stood in the training text. */
export interface Memorised {
  /** Units from the start that are the same, in a row. */
  exact_match_length: number;
  /** 1 where all are. */
  exact_match: number;
  /** ROUGE-L (Lin 2004), F1 over units: the longest common subsequence. */
  rouge_l: number;
}

/** Compares a completion with what stood in the text, unit by unit. */
export function memorised(completion: readonly string[], target: readonly string[]): Memorised {
  let same = 0;
  while (same < target.length && completion[same] === target[same]) same++;
  return {
    exact_match_length: same,
    exact_match: Number(same === target.length),
    rouge_l: completion.length === 0 ? 0 : rougeL(completion, target),
  };
}

function rougeL(completion: readonly string[], target: readonly string[]): number {
  return l(completion.join(' '), target.join(' '), {
    beta: 1,
    caseSensitive: true,
    tokenizer: (text: string) => text.split(' '),
    segmenter: (text: string) => [text],
  });
}
