import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * Logs every request when it is over: method, path, status and time under an id, which the answer has as `X-Request-Id`. Neither
 * query strings, bodies nor headers are logged: they hold texts and tokens.
 */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const id = randomUUID();
    const start = performance.now();
    const { method, path } = request;
    response.set('X-Request-Id', id);
    response.once('close', () => {
      const status = response.statusCode;
      const about = { id, method, path, status, ms: Math.round(performance.now() - start) };
      if (!response.writableFinished) log.warn(about, 'the client went away');
      else if (status === 503) log.warn(about, 'too much waits');
      else if (status >= 500) log.error(about, 'failed');
      else log.info(about, 'answered');
    });
    next();
  };
}
