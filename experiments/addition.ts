import { seededUniform } from '../density/index.js';
import { type Answered, type LabTokenizer, packAlone, type TokenStream } from '../lab/index.js';

/** a + b, written with the lowest digit first. */
export interface Sum {
  question: string;
  answer: string;
  /** Digits of each operand. */
  digits: number;
}

/** Draws a sum of operands of exactly so many digits. */
export function drawSum(digits: number, uniform: () => number): Sum {
  const operand = () =>
    Array.from({ length: digits }, (_, i) =>
      Math.floor(i === 0 && digits > 1 ? 1 + 9 * uniform() : 10 * uniform()),
    ).join('');
  const [a, b] = [operand(), operand()];
  const reversed = (text: string) => [...text].reverse().join('');
  return {
    question: `${reversed(a)}+${reversed(b)}=`,
    answer: reversed(String(BigInt(a) + BigInt(b))),
    digits,
  };
}

/** Draws sums of 1 to `most` digits, each length as often; short ones come again. */
export function drawSums(count: number, most: number, seed: number): Sum[] {
  const uniform = seededUniform(seed);
  return Array.from({ length: count }, () => drawSum(1 + Math.floor(uniform() * most), uniform));
}

/** Sums without those that were there before. */
export function distinctSums(sums: readonly Sum[]): Sum[] {
  return [...new Map(sums.map((sum) => [sum.question, sum])).values()];
}

/** Sums as texts of which the answers alone are learned, each in a window of its own: their places would say the same of digits of others. */
export async function streamOfSums(
  tokenizer: LabTokenizer,
  sums: readonly Sum[],
  context: number,
): Promise<TokenStream> {
  const ids = await tokenizer.encode(sums.map(({ question, answer }) => question + answer));
  return packAlone(
    ids.map((all, i) => {
      const asked = sums[i]!.question.length;
      return { ids: all, mask: Uint8Array.from(all, (_, t) => Number(t >= asked)) };
    }),
    context,
  );
}

/** Sums as they are asked. */
export async function askedSums(tokenizer: LabTokenizer, sums: readonly Sum[]): Promise<Answered[]> {
  const ids = await tokenizer.encode(sums.map(({ question, answer }) => question + answer));
  return ids.map((all, i) => ({ ids: all, from: sums[i]!.question.length }));
}
