import type { PointsView, ProblemView, QueryView, StudyView } from '../../api/types.js';

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

/** What the study holds. */
export function fetchStudy(): Promise<StudyView> {
  return ask<StudyView>('study', {});
}

/** The points of a measurement and a run. */
export function fetchPoints(
  measurement: number | null,
  run: string | null,
  signal: AbortSignal,
): Promise<PointsView> {
  return ask<PointsView>('points', { measurement, run }, signal);
}

/** All about one query at one measurement. */
export function fetchQuery(id: number, measurement: number | null, signal: AbortSignal): Promise<QueryView> {
  return ask<QueryView>(`queries/${id}`, { measurement }, signal);
}

async function ask<T>(
  path: string,
  parameters: Record<string, string | number | null>,
  signal?: AbortSignal,
): Promise<T> {
  const given = Object.entries(parameters).filter(([, value]) => value !== null);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const response = await answered(`/api/v1/${path}${search.size > 0 ? `?${search}` : ''}`, signal);
  if (!response.ok) throw new ApiError(await detailOf(response), response.status);
  return (await response.json()) as T;
}

async function answered(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, signal ? { signal } : {});
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(`Nothing answers at ${location.origin}. Is densimeter serve still running?`, null);
  }
}

async function detailOf(response: Response): Promise<string> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (!isProblem) return `The server answered ${response.status} ${response.statusText}.`;
  return ((await response.json()) as ProblemView).detail;
}
