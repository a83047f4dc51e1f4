import { Router } from 'express';
import { listCorpora, type Study } from '../store/index.js';

/** GET /healthz (the process answers) and /readyz (the catalogue can be read); neither needs a token. */
export function healthRoutes(study: Study): Router {
  return Router()
    .get('/healthz', (_request, response) => {
      response.json({ status: 'ok' });
    })
    .get('/readyz', (_request, response) => {
      listCorpora(study.db);
      response.json({ status: 'ready' });
    });
}
