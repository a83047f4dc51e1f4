import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment, ExperimentResult, Finding } from './experiment.js';

/** Writes what an experiment found as results.json and results.md. */
export function writeResults(
  folder: string,
  { name, title, claim }: Experiment,
  result: ExperimentResult,
  settings: { full: boolean; seeds: readonly number[] },
): void {
  writeFileSync(
    join(folder, 'results.json'),
    `${JSON.stringify({ name, title, claim, ...settings, ...result }, null, 2)}\n`,
  );
  writeFileSync(
    join(folder, 'results.md'),
    `# ${title}\n\n${claim}\n\n${resultTable(result.findings)}\n\n${result.conclusion}\n`,
  );
}

/** The findings as a table in Markdown. */
export function resultTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ measure, condition, value, low, high, unit, note }) => [
    measure,
    condition,
    figure(value),
    low === null || high === null ? '–' : `${figure(low)} to ${figure(high)}`,
    unit,
    note,
  ]);
  const head = ['measure', 'of', 'value', '95% interval', 'unit', 'from'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function figure(value: number): string {
  const shown = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3);
  return Number(shown) === 0 ? '0' : shown;
}
