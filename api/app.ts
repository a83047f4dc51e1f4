import express, { type Express, type RequestHandler } from 'express';
import type { Study } from '../store/index.js';
import { builtPageFolder, pageRoute } from './page.js';
import { Problem, problemHandler, unknownPath } from './problem.js';
import { coverageRoute } from './routes/coverage.js';
import { pointsRoute } from './routes/points.js';
import { queriesRoute } from './routes/queries.js';
import { reportsRoute } from './routes/reports.js';
import { studyRoute } from './routes/study.js';
import { knownHostsOnly, securityHeaders } from './security.js';

/** How the app answers. */
export interface AppOptions {
  /** Names besides the loopback ones that a request's Host may have. */
  hosts?: readonly string[];
  /** The folder of the built page; by default dist/web. */
  pageFolder?: string;
  /** Hears of errors that are not the caller's; by default they are printed. */
  onError?: (error: unknown) => void;
}

/** The Express app of one study: the API under /api/v1 and the explorer page. It only reads. */
export function createApp(study: Study, options: AppOptions = {}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use(knownHostsOnly(options.hosts ?? []));
  app.use(readingOnly);
  app.use(
    '/api/v1',
    neverStale,
    studyRoute(study),
    pointsRoute(study),
    queriesRoute(study),
    coverageRoute(study),
    reportsRoute(study),
  );
  app.use('/api', unknownPath);
  app.use(pageRoute(options.pageFolder ?? builtPageFolder()));
  app.use(unknownPath);
  app.use(problemHandler(options.onError ?? console.error));
  return app;
}

const readingOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next();
    return;
  }
  response.set('Allow', 'GET, HEAD');
  throw new Problem('method-not-allowed', 405, `${request.method} is not allowed; the API only reads.`, {
    field: 'method',
    value: request.method,
  });
};

const neverStale: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-cache');
  next();
};
