import { openClient, type Points, type Problem, type Query, type Study } from '../../client/index.js';

/** An answer that is not the one asked for; `message` is fit to be shown. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** The HTTP status; null where the server did not answer. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.status = status;
  }
}

const client = openClient(location.origin);

/** What the study holds. */
export function fetchStudy(): Promise<Study> {
  return answerOf(client.GET('/study'));
}

/** The points of a measurement and a run. */
export function fetchPoints(
  measurement: number | null,
  run: string | null,
  signal: AbortSignal,
): Promise<Points> {
  const query = { ...inQuery({ measurement }), ...(run !== null && { run }) };
  return answerOf(client.GET('/points', { params: { query }, signal }));
}

/** All about one query at one measurement. */
export function fetchQuery(id: number, measurement: number | null, signal: AbortSignal): Promise<Query> {
  const params = { path: { id: String(id) }, query: inQuery({ measurement }) };
  return answerOf(client.GET('/queries/{id}', { params, signal }));
}

function inQuery({ measurement }: { measurement: number | null }): { measurement?: string } {
  return measurement === null ? {} : { measurement: String(measurement) };
}

async function answerOf<T>(asked: Promise<{ data?: T; error?: Problem; response: Response }>): Promise<T> {
  const { data, error, response } = await asked.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(`Nothing answers at ${location.origin}. Is densimeter serve still running?`, null);
  });
  if (data !== undefined) return data;
  throw new ApiError(
    error?.detail ?? `The server answered ${response.status} ${response.statusText}.`,
    response.status,
  );
}
