import { describeAngularKernel, type Sketch, type SketchEstimate } from '../density/index.js';
import type { OutputOptions } from './common-options.js';

/** What is known of a sketch, for machines. */
export function factsOf({ settings, n, bytes }: Sketch) {
  const { embedder, ...rest } = settings;
  const kernel = { name: 'angular', power: rest.bits, words: describeAngularKernel(rest.bits) };
  return { estimator: 'sketch', kernel, n, ...rest, embedder: embedder?.name, bytes };
}

/** What is known of a sketch, with its kernel, in a line. */
export function describe({ settings: { bits, rows, embedder }, n, bytes }: Sketch): string {
  return `Sketch of n = ${count(n)} vectors of ${embedder?.name ?? 'an unnamed embedder'}; ${describeAngularKernel(bits)}; ${count(rows)} rows of 2^${bits} counters, ${(bytes.counters / 2 ** 20).toFixed(1)} MB.`;
}

/** The density of one text, in a line. */
export function lineOf(
  { density, standardError, interval: [low, high] }: SketchEstimate,
  text: string,
): string {
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  const log = (f: number) => Math.log10(f).toFixed(2);
  if (density === 0) return `log10 f below ${log(high)} (95%; no row has any vector near it): ${shown}`;
  const range = low > 0 ? `${log(low)} to ${log(high)}` : `up to ${log(high)}`;
  const found = `f ${density.toExponential(2)} ± ${standardError.toExponential(0)}`;
  return `log10 f ${log(density)} (95%: ${range}), ${found}: ${shown}`;
}

/** A number as it is shown. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Prints facts as JSON, words, or nothing. */
export function say({ json, quiet }: OutputOptions, facts: object, words: string): void {
  if (json) process.stdout.write(`${JSON.stringify(facts)}\n`);
  else if (!quiet) process.stdout.write(`${words}\n`);
}
