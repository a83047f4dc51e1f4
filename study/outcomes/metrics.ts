/** A metric that a batch explains: what it is, and its unit. */
export interface Metric {
  name: string;
  unit: string;
  values: Float64Array;
}

/** Counts, and sums over them, are no outcome by themselves. */
const PARTS = new Set(['nll', 'tokens', 'bytes']);
const UNITS: Record<string, string> = {
  loss: 'nats/token',
  bits_per_byte: 'bits/byte',
  correct: 'share right',
};

/** The metrics of a run's columns: loss and bits a byte from sums and counts, and every other as it is. */
export function metricsFrom(columns: ReadonlyMap<string, Float64Array>): Metric[] {
  const [nll, tokens, bytes] = ['nll', 'tokens', 'bytes'].map((name) => columns.get(name));
  const loss = columns.get('loss');
  const made = new Map<string, Float64Array>();
  if (loss || (nll && tokens)) {
    // A mean is kept only where the count of tokens is not known.
    const summed = nll && tokens ? nll.map((sum, q) => sum / tokens[q]!) : loss!;
    made.set('loss', loss ? summed.map((value, q) => (Number.isNaN(value) ? loss[q]! : value)) : summed);
  }
  if (nll && bytes)
    made.set(
      'bits_per_byte',
      nll.map((sum, q) => sum / bytes[q]! / Math.LN2),
    );
  for (const [name, values] of columns) {
    if (!PARTS.has(name) && name !== 'loss') made.set(name, values);
  }
  return Array.from(made, ([name, values]) => ({ name, unit: UNITS[name] ?? name, values }));
}
