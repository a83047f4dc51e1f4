import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { ProblemView } from './schemas/problem.js';

const TYPE_PREFIX = 'urn:densimeter:problem:';

const TITLES = {
  'bad-request': 'The request cannot be read',
  'bad-value': 'A value is not allowed',
  busy: 'Too much waits',
  taken: 'The name is taken',
  'cannot-answer': 'The study cannot answer this',
  'host-refused': 'The host is refused',
  'method-not-allowed': 'The method is not allowed',
  'not-found': 'Not found',
  'origin-refused': 'The origin is refused',
  'only-reads': 'The server only reads',
  outdated: 'What was measured is out of date',
  'token-needed': 'A token is needed',
  failed: 'The server failed',
} as const;

/** What kind of problem it is; the end of its `type`. */
export type ProblemKind = keyof typeof TITLES;

/** An error that is answered as problem+json. */
export class Problem extends Error {
  override name = 'Problem';
  readonly view: ProblemView;

  constructor(
    kind: ProblemKind,
    status: number,
    detail: string,
    at: { field?: string; value?: string } = {},
    /** Sent with it. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.view = { type: TYPE_PREFIX + kind, title: TITLES[kind], status, detail, ...at };
  }
}

/** A 400 for a parameter that cannot be what it is. */
export function badValue(field: string, value: string, rule: string): Problem {
  return new Problem('bad-value', 400, `${field}: "${value}" is not allowed; ${rule}`, { field, value });
}

/** A 404 for a parameter that names nothing; `known` is the sentence that says what there is. */
export function notFound(field: string, value: string, known: string): Problem {
  return new Problem('not-found', 404, `There is no ${field} "${value}". ${known}`, { field, value });
}

/** Sends a problem as application/problem+json. */
export function sendProblem(response: Response, { view, headers }: Problem): void {
  response.set(headers).status(view.status).type('application/problem+json').send(JSON.stringify(view));
}

/** Answers 404 for whatever no route took. */
export const unknownPath: RequestHandler = (request) => {
  throw notFound('path', request.originalUrl, 'The API starts at /api/v1/study.');
};

/** Turns every error into a problem; those that are not the caller's go to `onError` and show nothing of themselves. */
export function problemHandler(onError: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, asProblem(error, onError));
  };
}

function asProblem(error: unknown, onError: (error: unknown) => void): Problem {
  if (error instanceof Problem) return error;
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status >= 400 && status < 500) {
    return new Problem(status === 404 ? 'not-found' : 'bad-request', status, (error as Error).message);
  }
  onError(error);
  return new Problem('failed', 500, 'Something went wrong in densimeter; its output says what.');
}
