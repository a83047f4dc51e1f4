import { randomLcg } from 'd3';

/** Places that are told apart; those behind count as the last. */
export const PLACES = 180;
/** The kernel of places repeats after so many: far enough behind the last for it to be unlike the first. */
const PERIOD = 192;
/** Standard deviation of the kernel of places. */
const WIDTH = 3;
const FREQUENCIES = 32;
const HALF = 2 * FREQUENCIES;
/** Numbers in a block. */
export const DIGIT_DIMS = 2 * HALF;
/** In the first half the sine of frequency 0, which is 0 in every code: here it says that there is no digit. */
const NO_NUMBER = 1;
const SEED = 20405;

/** Weights wⱼ of the frequencies 2πj/PERIOD, of sum 1, so that Σ wⱼ cos(ωⱼΔ) is about exp(−Δ²/2·WIDTH²). */
const weights = normalised(
  Float64Array.from(
    { length: FREQUENCIES },
    (_, j) => Math.exp(-((omega(j) * WIDTH) ** 2) / 2) / (j ? 1 : 2),
  ),
);
/** A phase for each of the digits at each frequency: unlike digits at one place are nearly orthogonal. */
const phases = Float64Array.from({ length: 10 * FREQUENCIES }, scaled(randomLcg(SEED), 2 * Math.PI));

/**
 * The block of a text, `(DIGIT_DIMS)` of length 1: one half is the sum of the codes of the places that its digits are at,
 * the other the sum of those codes turned by the phases of the digits (binding as in Plate 1995, holographic reduced
 * representations), each half at length √½.
 */
export function blockOf(text: string): Float64Array {
  const block = new Float64Array(DIGIT_DIMS);
  const counts = countDigits(text);
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const [digit, place] = [Math.floor(cell / PLACES), cell % PLACES];
    for (let j = 0; j < FREQUENCIES; j++) {
      const size = count * Math.sqrt(weights[j]!);
      const angle = omega(j) * place;
      const turned = angle + phases[digit * FREQUENCIES + j]!;
      block[2 * j]! += size * Math.cos(angle);
      block[2 * j + 1]! += size * Math.sin(angle);
      block[HALF + 2 * j]! += size * Math.cos(turned);
      block[HALF + 2 * j + 1]! += size * Math.sin(turned);
    }
  });
  if (block[0] === 0) {
    block[NO_NUMBER] = 1;
    return block;
  }
  scaleTo(block.subarray(0, HALF), Math.SQRT1_2);
  scaleTo(block.subarray(HALF), Math.SQRT1_2);
  return block;
}

/** How often each digit is at each place, `(10, PLACES)` row-major; places count from 0. */
function countDigits(text: string): Float64Array {
  const counts = new Float64Array(10 * PLACES);
  for (const [number] of text.matchAll(/[0-9]+/g)) {
    for (let i = 0; i < number.length; i++)
      counts[Number(number[i]) * PLACES + Math.min(i, PLACES - 1)]! += 1;
  }
  return counts;
}

function omega(j: number): number {
  return (2 * Math.PI * j) / PERIOD;
}

function scaled(random: () => number, factor: number): () => number {
  return () => factor * random();
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

/** Gives a vector a length, in place. */
function scaleTo(vector: Float64Array, length: number): void {
  const factor = length / Math.hypot(...vector);
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}
