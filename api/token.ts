import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { Problem } from './problem.js';

const COOKIE = 'densimeter-token';

/**
 * Refuses requests without the token: as `Authorization: Bearer`, or as the cookie that opening the page with `?token=` once
 * leaves in the browser. Comparing takes the same time whatever is shown.
 */
export function tokenOnly(token: string): RequestHandler {
  const isRight = (shown: string | undefined) =>
    shown !== undefined && timingSafeEqual(digest(shown), digest(token));
  return (request, response, next) => {
    if (isRight(bearer(request)) || isRight(cookie(request))) {
      next();
      return;
    }
    const { token: shown } = request.query;
    if (request.method === 'GET' && request.path === '/' && typeof shown === 'string' && isRight(shown)) {
      response.cookie(COOKIE, shown, { httpOnly: true, sameSite: 'strict' }).redirect(303, '/');
      return;
    }
    throw new Problem(
      'token-needed',
      401,
      'This server needs its token: send "Authorization: Bearer …", or open the page once with ?token=….',
      { field: 'Authorization' },
      { 'WWW-Authenticate': 'Bearer' },
    );
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function bearer({ headers: { authorization } }: Request): string | undefined {
  return /^Bearer (?<token>\S+)$/i.exec(authorization ?? '')?.groups?.token;
}

function cookie({ headers }: Request): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name !== COOKIE || value === undefined) continue;
    try {
      return decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return undefined;
}
