import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Study, safeName } from '../store/index.js';
import { badValue, notFound } from './problem.js';
import type { ReportView } from './schemas/study.js';

/** The part of report.json that the API itself reads. */
const headSchema = z.object({ study: z.string(), made: z.string(), words: z.array(z.string()) });

/** A report as the API lists it; `study` and `words` are empty where its report.json cannot be read. */
export interface ReportHead extends ReportView {
  study: string;
  words: string[];
}

/** The reports of a study, newest first. */
export function listReports(study: Study): ReportHead[] {
  return reportNames(study)
    .map((name) => readHead(study, name))
    .sort((a, b) => (b.made ?? '').localeCompare(a.made ?? '') || a.name.localeCompare(b.name));
}

/**
 * The folder of a report that exists. The name is looked up in the listing of `reports/`, never used as a path.
 *
 * @throws Problem 400 for a name that cannot be one, 404 where there is no such report
 */
export function findReport(study: Study, name: string): string {
  try {
    safeName(name);
  } catch (error) {
    throw badValue('report', name, (error as Error).message);
  }
  const names = reportNames(study);
  const found = names.find((one) => one === name);
  if (!found) throw notFound('report', name, `There are: ${names.join(', ') || 'none'}.`);
  return study.reportFolder(found);
}

function reportNames(study: Study): string[] {
  const folder = join(study.dir, 'reports');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'report.json')))
    .map((entry) => entry.name);
}

function readHead(study: Study, name: string): ReportHead {
  const folder = join(study.dir, 'reports', name);
  const html = existsSync(join(folder, 'report.html'));
  try {
    return { name, html, ...headSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))) };
  } catch {
    return { name, html, made: null, study: '', words: [] };
  }
}
