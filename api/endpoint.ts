import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { badValue, Problem } from './problem.js';

/** What an answer is, where it is not the JSON of a schema. */
export interface OtherAnswer {
  /** Media type → what it holds. */
  content: Record<string, { schema?: z.ZodType; description?: string }>;
}

/** A request that is being answered. */
export interface Exchange {
  request: Request;
  response: Response;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
}

/** A path of the API and a method, described well enough for the OpenAPI document and checked by it. */
export interface Endpoint {
  method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it: `/queries/{id}`. */
  path: string;
  operation: string;
  summary: string;
  params?: z.ZodObject | undefined;
  query?: z.ZodObject | undefined;
  body?: z.ZodType | undefined;
  /** Whether the body is a file, which `handle` reads from the request. */
  upload?: boolean;
  /** Of an answer that is not a problem; by default 200. */
  status?: number;
  /** What such an answer holds. */
  answer: z.ZodType | OtherAnswer;
  /** Statuses besides 200 and those that every endpoint may answer. */
  problems?: readonly number[];
  /** Whether it changes the study: refused where the server only reads. */
  changes?: boolean;
  answers(exchange: Exchange): Promise<void>;
}

type Schema = z.ZodObject | undefined;
type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;

interface Definition<P extends Schema, Q extends Schema, B extends z.ZodType | undefined>
  extends Omit<Endpoint, 'answers' | 'params' | 'query' | 'body'> {
  params?: P;
  query?: Q;
  body?: B;
  /** @returns what is sent as JSON; undefined where it has answered itself */
  handle(given: { params: OutputOf<P>; query: OutputOf<Q>; body: OutputOf<B> }, exchange: Exchange): unknown;
}

/** An endpoint whose parameters and body are parsed by their schemas before it is asked. */
export function endpoint<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends z.ZodType | undefined = undefined,
>({ handle, ...definition }: Definition<P, Q, B>): Endpoint {
  const { params, query, body, upload } = definition;
  return {
    ...definition,
    async answers(exchange) {
      const { request, response } = exchange;
      if (body && !request.is('json')) throw notOfType(request, 'application/json');
      if (upload && !request.is(FILE_TYPE)) throw notOfType(request, FILE_TYPE);
      const given = {
        params: (params && parse(params, request.params)) as OutputOf<P>,
        query: parse(query ?? NOTHING, request.query) as OutputOf<Q>,
        body: (body && parse(body, request.body)) as OutputOf<B>,
      };
      const answer = await handle(given, exchange);
      if (answer !== undefined && !response.headersSent) response.json(answer);
    },
  };
}

const NOTHING = z.strictObject({});

/** What a file is sent as, whatever it holds. */
export const FILE_TYPE = 'application/octet-stream';

function notOfType(request: Request, type: string): Problem {
  const value = request.headers['content-type'] ?? 'nothing';
  return new Problem('bad-request', 415, `Send the body with Content-Type: ${type}; this is ${value}.`, {
    field: 'Content-Type',
    value,
  });
}

/** Adds endpoints to a router; a method that a path does not have is answered with 405, one that would change a read-only study with 403. */
export function mount(
  router: Router,
  endpoints: readonly Endpoint[],
  { readOnly = false }: { readOnly?: boolean } = {},
): Router {
  for (const { method, path, changes, answers } of endpoints) {
    router[method](expressPath(path), async (request, response) => {
      if (changes && readOnly) throw onlyReads(request);
      const gone = new AbortController();
      response.once('close', () => {
        if (!response.writableEnded) gone.abort(new Error('the client went away'));
      });
      try {
        await answers({ request, response, signal: gone.signal });
      } catch (error) {
        // Nobody is there to hear it.
        if (!gone.signal.aborted) throw error;
      }
    });
  }
  for (const path of new Set(endpoints.map((one) => one.path))) {
    const methods = endpoints.filter((one) => one.path === path).map(({ method }) => method.toUpperCase());
    const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    router.all(expressPath(path), (request, response) => {
      response.set('Allow', allowed.join(', '));
      throw new Problem(
        'method-not-allowed',
        405,
        `${request.method} is not allowed here; use ${allowed.join(' or ')}.`,
        { field: 'method', value: request.method },
      );
    });
  }
  return router;
}

function onlyReads({ method, originalUrl }: Request): Problem {
  const detail = `${method} ${originalUrl} would change the study, and this server was started with --read-only.`;
  return new Problem('only-reads', 403, detail);
}

function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** Characters of a bad value that an error quotes. */
const QUOTED = 200;

function parse<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const field = [...issue.path, issue.keys[0]!].join('.');
    throw badValue(
      field,
      quoted(valueAt(given, [...issue.path, issue.keys[0]!])),
      'there is no such parameter.',
    );
  }
  const field = issue.path.join('.') || 'body';
  throw badValue(field, quoted(valueAt(given, issue.path)), `${issue.message}.`);
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  );
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
}
