import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';

import { docsPolicy } from './security.js';

const NOT_BUILT = 'The explorer page has not been built. Build it with: npm run build\n';

/** Where `vite build web` leaves the page: beside this file's folder in dist, and under dist from the sources. */
export function builtPageFolder(): string {
  const fromSources = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSources ? '../dist/web/' : '../web/', import.meta.url));
}

/** Serves the built explorer; says how to build it where it is not there. */
export function pageRoute(folder: string): Router {
  const notBuilt: RequestHandler = (_request, response, next) => {
    if (existsSync(join(folder, 'index.html'))) next();
    else response.status(503).type('text/plain').send(NOT_BUILT);
  };
  return Router()
    .get(['/', '/api/docs'], notBuilt)
    .get('/api/docs', docsPolicy, (_request, response) => response.sendFile('docs.html', { root: folder }))
    .use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y' }))
    .use(express.static(folder, { cacheControl: false }));
}
