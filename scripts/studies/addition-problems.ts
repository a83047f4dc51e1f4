import { randomInt } from 'd3';

/** A generator of "a + b = c" with operands of so many digits, the first of which is not 0. */
export function additionProblems(random: () => number): (digitsA: number, digitsB: number) => string {
  const digit = randomInt.source(random)(0, 10);
  const firstDigit = randomInt.source(random)(1, 10);
  const operand = (digits: number) =>
    BigInt([firstDigit(), ...Array.from({ length: digits - 1 }, digit)].join(''));
  return (digitsA, digitsB) => {
    const [a, b] = [operand(digitsA), operand(digitsB)];
    return `${a} + ${b} = ${a + b}`;
  };
}
