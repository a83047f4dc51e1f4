import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Study } from '../../store/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { notFound } from '../problem.js';
import { findReport } from '../report-files.js';
import { nameParameter } from '../schemas/common.js';
import { withReportPolicy } from '../security.js';

const params = z.object({ name: nameParameter });

/** GET /reports/{name} and /reports/{name}/report.html: the files of a report. */
export function reportsEndpoints(study: Study): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/reports/{name}',
      operation: 'getReport',
      summary: 'The report.json of a report.',
      params,
      answer: { content: { 'application/json': { schema: z.looseObject({ version: z.int() }) } } },
      handle: ({ params: { name } }, { response }) => {
        response.type('application/json').sendFile('report.json', { root: findReport(study, name) });
      },
    }),
    endpoint({
      method: 'get',
      path: '/reports/{name}/report.html',
      operation: 'getReportPage',
      summary: 'The page of a report.',
      params,
      answer: { content: { 'text/html': {} } },
      handle: async ({ params: { name } }, { request, response }) => {
        const root = findReport(study, name);
        if (!existsSync(join(root, 'report.html'))) {
          throw notFound(
            'report.html',
            name,
            'The report has no page; make it again with densimeter report.',
          );
        }
        await withReportPolicy(request, response);
        response.sendFile('report.html', { root });
      },
    }),
  ];
}
