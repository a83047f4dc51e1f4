import { format, utcFormat } from 'd3';

/** What is shown where there is no number. */
export const NONE = '–';

/** A number that may not be there: null, or not finite. */
export type Maybe = number | null | undefined;

/** A count, with thousands marked: 50,123. */
export function count(value: Maybe): string {
  return isNumber(value) ? format(',d')(value) : NONE;
}

/** A number with a fixed number of decimals; one too small for them to its first significant digit (0.0003, 2e−7). */
export function decimal(value: Maybe, digits: number): string {
  if (!isNumber(value)) return NONE;
  const tooSmall = value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits;
  return format(tooSmall ? (Math.abs(value) < 1e-6 ? '.0e' : '.1r') : `.${digits}f`)(value).replace(
    'e-',
    'e−',
  );
}

/** As `decimal`, with a plus where it is above zero: for changes and effects. */
export function signed(value: Maybe, digits: number): string {
  return isNumber(value) && value > 0 ? `+${decimal(value, digits)}` : decimal(value, digits);
}

/** A setting to three significant digits, without trailing zeros. */
export function setting(value: Maybe): string {
  return isNumber(value) ? format('.3~r')(value) : NONE;
}

/** An interval: [−0.46, −0.36]. */
export function interval(low: Maybe, high: Maybe, digits: number, sign = false): string {
  const write = sign ? signed : decimal;
  return isNumber(low) && isNumber(high) ? `[${write(low, digits)}, ${write(high, digits)}]` : NONE;
}

/** A p-value with its letter, in one unbroken piece: p < 0.001, p = 0.034. */
export function pValue(value: Maybe): string {
  if (!isNumber(value)) return `p\u00a0${NONE}`;
  return value < 0.001
    ? 'p\u00a0<\u00a00.001'
    : `p\u00a0=\u00a0${format(value < 0.1 ? '.2r' : '.2f')(value)}`;
}

/** An ISO time as a date in words, UTC; what is not a time is left as it is. */
export function date(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : utcFormat('%-d %B %Y, %H:%M UTC')(time);
}

/** Whether there is a number to show. */
export function isNumber(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
