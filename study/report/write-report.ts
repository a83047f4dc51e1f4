import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Study } from '../../store/index.js';
import { buildReport, type ReportRequest } from './build-report.js';
import { renderReport } from './html/index.js';
import type { Report } from './report.js';

/** A report and where it was written. */
export interface WrittenReport {
  report: Report;
  html: string;
  json: string;
}

/** Builds a report and writes report.html and report.json into the study's folder of that name. */
export function writeReport(study: Study, request: ReportRequest): WrittenReport {
  const report = buildReport(study, request);
  const folder = study.reportFolder(request.name);
  mkdirSync(folder, { recursive: true });
  const [html, json] = [join(folder, 'report.html'), join(folder, 'report.json')];
  writeWhole(html, renderReport(report));
  writeWhole(json, `${JSON.stringify(report, null, 2)}\n`);
  return { report, html, json };
}

/** Writes a file so that nobody ever reads half of it. */
function writeWhole(file: string, content: string): void {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}
