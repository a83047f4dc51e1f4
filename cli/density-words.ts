/** A density with what its estimate rests on. */
export interface PrintedDensity {
  log10Density: number;
  log10Low: number;
  log10High: number;
  /** Share of the points that were looked at. */
  touched: number;
}

/** The 95 % interval of a log10 density: "±0" where it is exact, else its ends. */
export function intervalWords({ log10Low, log10High }: PrintedDensity): string {
  return log10Low === log10High ? '±0' : `${log10(log10Low)} to ${log10(log10High)}`;
}

/** The points that were looked at: "all points looked at", or "1.9% of the points looked at". */
export function touchedWords(touched: number): string {
  return `${touched === 1 ? 'all' : `${(100 * touched).toPrecision(2)}% of the`} points looked at`;
}

/** How a bandwidth's error bound is said beside its density: nothing where it is below what is printed. */
export function boundWords(errorBound: number): string {
  if (!Number.isFinite(errorBound)) return ' (no bound of its error)';
  return errorBound < 0.005 ? '' : ` ±${errorBound.toFixed(2)}`;
}

/** A log10 density as it is printed: two decimals, with a minus. */
export function log10(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
