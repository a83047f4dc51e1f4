import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import type { Study } from '../../store/index.js';
import { notFound } from '../problem.js';
import { findReport } from '../report-files.js';
import { reportPolicy } from '../security.js';

/** GET /reports/:name and /reports/:name/report.html: the files of a report. */
export function reportsRoute(study: Study): Router {
  return Router()
    .get('/reports/:name', (request, response) => {
      const root = findReport(study, request.params.name);
      response.type('application/json').sendFile('report.json', { root });
    })
    .get('/reports/:name/report.html', reportPolicy, (request, response) => {
      const { name } = request.params as { name: string };
      const root = findReport(study, name);
      if (!existsSync(join(root, 'report.html'))) {
        throw notFound('report.html', name, 'The report has no page; make it again with densimeter report.');
      }
      response.sendFile('report.html', { root });
    });
}
