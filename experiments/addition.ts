import { seededUniform } from '../density/index.js';
import { type Answered, type LabTokenizer, packWhole, type TokenStream } from '../lab/index.js';

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

/** Draws sums of 1 to `most` digits, none of them twice. */
export function drawSums(count: number, most: number, seed: number): Sum[] {
  const uniform = seededUniform(seed);
  const drawn = new Map<string, Sum>();
  for (let tried = 0; drawn.size < count && tried < 20 * count; tried++) {
    const sum = drawSum(1 + Math.floor(uniform() * most), uniform);
    drawn.set(sum.question, sum);
  }
  return [...drawn.values()];
}

/** Sums as texts of which the answers alone are learned. */
export async function streamOfSums(
  tokenizer: LabTokenizer,
  sums: readonly Sum[],
  context: number,
): Promise<TokenStream> {
  const ids = await tokenizer.encode(sums.map(({ question, answer }) => question + answer));
  return packWhole(
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
