import express, { type Express, type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { openJobs, type Study } from '../store/index.js';
import { mount } from './endpoint.js';
import { openEngine } from './engine/index.js';
import { healthRoutes } from './health.js';
import { openJobRunner } from './jobs/index.js';
import { requestLog } from './log.js';
import { openMetrics } from './metrics.js';
import { documentRoute } from './open-api.js';
import { builtPageFolder, pageRoute } from './page.js';
import { problemHandler, unknownPath } from './problem.js';
import { endpointsOf } from './routes/index.js';
import { knownHostsOnly, sameOriginOnly, securityHeaders } from './security.js';
import { tokenOnly } from './token.js';

/** How the app answers. */
export interface AppOptions {
  /** Names besides the loopback ones that a request's Host may have. */
  hosts?: readonly string[];
  /** What every request must show; none by default. */
  token?: string;
  /** Refuses whatever would change the study. */
  readOnly?: boolean;
  /** The folder of the built page; by default dist/web. */
  pageFolder?: string;
  /** Hears of requests; by default nobody does. */
  log?: Logger;
  /** Hears of errors that are not the caller's; by default they are printed. */
  onError?: (error: unknown) => void;
}

/** The app of a study, and what it keeps open. */
export interface App {
  app: Express;
  close(): Promise<void>;
}

/** A call may hold 10,000 queries. */
const BODY_LIMIT = '64mb';

/** The Express app of one study: the API under /api/v1 and the explorer page. */
export function createApp(study: Study, options: AppOptions = {}): App {
  const metrics = openMetrics();
  const engine = openEngine(study, metrics);
  metrics.watch(engine);
  const jobs = openJobRunner(study.dir, openJobs(options.readOnly ? undefined : study.dir));
  const hosts = options.hosts ?? [];
  const app = express();
  app.disable('x-powered-by');
  app.use(metrics.timed);
  if (options.log) app.use(requestLog(options.log));
  app.use(securityHeaders());
  app.use(healthRoutes(study));
  app.use(knownHostsOnly(hosts), sameOriginOnly(hosts));
  if (options.token !== undefined) app.use(tokenOnly(options.token));
  app.get('/metrics', metrics.endpoint);
  app.use('/api/v1', neverStale, express.json({ limit: BODY_LIMIT }), apiRouter());
  app.use(pageRoute(options.pageFolder ?? builtPageFolder()));
  app.use('/api', unknownPath);
  app.use(unknownPath);
  app.use(problemHandler(options.onError ?? console.error));
  return {
    app,
    async close() {
      await jobs.close();
      await engine.close();
    },
  };

  function apiRouter(): Router {
    const endpoints = endpointsOf(study, engine, jobs);
    return mount(Router().use(documentRoute(endpoints)), endpoints, options);
  }
}

const neverStale: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-cache');
  next();
};
