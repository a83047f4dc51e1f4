import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Experiment, ExperimentResult, Finding } from './experiment.js';

/** How an experiment was run. */
export interface ResultSettings {
  full: boolean;
  seeds: readonly number[];
  /** Wall time of this call, in which what was there already was not done again. */
  seconds: number;
}

/** Writes what an experiment found as results.json and results.md, with the command, the day and the machine. */
export function writeResults(
  folder: string,
  { name, title, claim }: Experiment,
  result: ExperimentResult,
  { full, seeds, seconds }: ResultSettings,
): void {
  const command = `densimeter lab run ${name} ${full ? '--full' : '--quick'} --seeds ${seeds.join(',')}`;
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() || 'CPU'}, Node ${process.versions.node}`;
  const run = { command, date, machine, seconds: Math.round(seconds) };
  writeFileSync(
    join(folder, 'results.json'),
    `${JSON.stringify({ name, title, claim, full, seeds, ...run, ...result }, null, 2)}\n`,
  );
  writeFileSync(
    join(folder, 'results.md'),
    `# ${title}\n\n${claim}\n\n\`${command}\`, ${date}, ${machine}, ${run.seconds} s\n\n${resultTable(result.findings)}\n\n${result.conclusion}\n`,
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
