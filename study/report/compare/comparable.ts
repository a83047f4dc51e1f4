import { readFileSync } from 'node:fs';
import { UsageError } from '../../../store/index.js';
import { REPORT_VERSION, type Report } from '../report.js';

/**
 * Reads a report.json to compare with.
 *
 * @throws UsageError for a file that is none, or of another layout
 */
export function readBaseline(file: string): Report {
  let found: Partial<Report> | null;
  try {
    found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Report> | null;
  } catch (error) {
    throw new UsageError(`--against ${file} cannot be read as a report: ${(error as Error).message}`);
  }
  if (found?.version !== REPORT_VERSION) {
    throw new UsageError(
      `--against ${file} ${found?.version === undefined ? 'is no report.json' : `has layout ${found.version}, this densimeter makes ${REPORT_VERSION}: make it again`}.`,
    );
  }
  return found as Report;
}

/**
 * Refuses two reports whose densities are not of the same scale, or that are not of the same queries.
 *
 * @throws UsageError naming everything that differs, with what to do
 */
export function requireComparable(report: Uncompared, before: Report): void {
  const [now, then] = [report.density, before.density];
  const differences = [
    differs('embedder', then.embedder, now.embedder, 'index with the same one'),
    differs('dims', then.dims, now.dims, 'index with the same embedder'),
    differs('kernel', then.kernel, now.kernel, 'name the same one first in density.kernels'),
    differs('bandwidth', then.bandwidth, now.bandwidth, `set density.bandwidth: ${then.bandwidth}`),
    differs('query set', described(before), described(report), 'use the same queries'),
  ].filter((one) => one !== null);
  if (differences.length === 0) return;
  throw new UsageError(
    `This report and ${before.name} of ${before.made.slice(0, 10)} cannot be compared:\n${differences.map((line) => `  ${line}`).join('\n')}`,
  );
}

type Uncompared = Pick<Report, 'density' | 'querySet'>;

function described({ querySet: { name, queries, hash } }: Uncompared): string {
  return `${name}, ${queries} queries (${hash.slice(0, 8)})`;
}

function differs(what: string, then: string | number, now: string | number, mend: string): string | null {
  return then === now ? null : `${what}: ${now} here, ${then} there (${mend})`;
}
