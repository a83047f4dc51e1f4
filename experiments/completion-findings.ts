import type { Finding } from './experiment.js';
import { meanOverGroups, shareOfGroups, slopeOnDensity } from './pooled.js';
import type { Completion } from './repeated-passages.js';

const EXACT = 'exact match of the last 50 tokens';

/** How many passages come word for word, by condition and copies, and how far density tells which. */
export function completionFindings(
  completions: readonly Completion[],
  conditions: readonly string[],
  copies: readonly number[],
): Finding[] {
  const of = (condition: string, number?: number) =>
    completions.filter(
      (one) => one.condition === condition && (number === undefined || one.copies === number),
    );
  const most = copies.at(-1)!;
  return [
    ...conditions.flatMap((condition) =>
      copies.map((number) =>
        shareOfGroups(
          EXACT,
          withCopies(condition, number),
          of(condition, number).map(({ text, exact }) => ({ group: text, value: exact })),
        ),
      ),
    ),
    ...conditions.map((condition) =>
      meanOverGroups(
        'ROUGE-L of the last 50 tokens',
        withCopies(condition, most),
        '',
        of(condition, most).map(({ text, rouge }) => ({ group: text, value: rouge })),
      ),
    ),
    ...conditions.map((condition) =>
      slopeOnDensity(
        'slope of exact match on log10 density',
        condition,
        'share',
        of(condition).map(({ text, log10Density, exact }) => ({ group: text, log10Density, value: exact })),
      ),
    ),
  ];
}

/** The share of a condition's passages of so many copies that came word for word, in words. */
export function exactInWords(findings: readonly Finding[], condition: string, copies: number): string {
  const { value, low, high } = findings.find(
    (one) => one.measure === EXACT && one.condition === withCopies(condition, copies),
  )!;
  const percent = (share: number) => (100 * share).toFixed(0);
  return `${percent(value)}% (${percent(low!)} to ${percent(high!)})`;
}

function withCopies(condition: string, copies: number): string {
  return `${condition}, ${copies} ${copies === 1 ? 'copy' : 'copies'}`;
}
