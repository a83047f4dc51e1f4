import { format } from 'd3';

const SUPERSCRIPTS: Record<string, string> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/** A count: 28,570. */
export const count = format(',');

/** Loss, log10 density, distance: two digits behind the point. */
export const twoDigits = format('.2f');

/** A correlation: −0.61. */
export const correlation = format('.2f');

/** A share of a whole: 12.3%, and <0.1% rather than 0.0%. */
export function percent(share: number): string {
  return share > 0 && share < 0.0005 ? '<0.1%' : format('.1%')(share);
}

/** A perplexity, to three digits: 30.1, 412, 12,300. */
export const perplexity = format(',.3~r');

/** An effective number of samples, to two digits. */
export const effective = format(',.2~r');

/** 10 to that power: 1.4 × 10⁻⁵. */
export function powerOfTen(exponent: number): string {
  let power = Math.floor(exponent);
  let digits = format('.1f')(10 ** (exponent - power));
  if (digits === '10.0') {
    digits = '1.0';
    power++;
  }
  return `${digits} × 10${[...String(power)].map((digit) => SUPERSCRIPTS[digit]).join('')}`;
}

/** "1 query", "2 queries". */
export function counted(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A number as it is, with a minus sign that is one. */
export function plain(value: number | string): string {
  return String(value).replace('-', '−');
}
