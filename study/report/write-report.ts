import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvLines, type Study, writeParquet } from '../../store/index.js';
import { type BuildOptions, buildReport, type ReportRequest } from './build-report.js';
import { renderReport } from './html/index.js';
import { reportMarkdown } from './markdown.js';
import type { Report } from './report.js';
import { reportTables } from './tables.js';

/** The formats of a report beside report.json, which is always written. */
export const REPORT_FORMATS = ['html', 'md', 'csv', 'parquet'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** How a report is written. */
export interface WriteOptions extends BuildOptions {
  /** `html` by default. */
  formats?: readonly ReportFormat[] | undefined;
}

/** A report and where it was written. */
export interface WrittenReport {
  report: Report;
  folder: string;
  /** All files, report.json first. */
  files: string[];
}

/**
 * Builds a report and writes it into the study's folder of that name: report.json, report.html, report.md, and its tables
 * as CSV or Parquet files.
 *
 * @throws as `buildReport` does
 */
export async function writeReport(
  study: Study,
  request: ReportRequest,
  options: WriteOptions = {},
): Promise<WrittenReport> {
  const { formats = ['html'], ...building } = options;
  const report = await buildReport(study, request, building);
  const folder = study.reportFolder(request.name);
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  const write = (name: string, content: string) => {
    writeWhole(join(folder, name), content);
    files.push(join(folder, name));
  };
  write('report.json', `${JSON.stringify(report, null, 2)}\n`);
  if (formats.includes('html')) write('report.html', renderReport(report));
  if (formats.includes('md')) write('report.md', reportMarkdown(report));
  for (const [name, rows] of Object.entries(reportTables(report))) {
    if (formats.includes('csv')) write(`${name}.csv`, [...csvLines(rows)].join(''));
    if (!formats.includes('parquet')) continue;
    const file = join(folder, `${name}.parquet`);
    await writeParquet(`${file}.part`, rows);
    renameSync(`${file}.part`, file);
    files.push(file);
  }
  return { report, folder, files };
}

/** Writes a file so that nobody ever reads half of it. */
function writeWhole(file: string, content: string): void {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}
