import { openClient, type Problem, type ReportFile } from '../../../client/index.js';

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

/** The API of the server that the page is from. */
export const client = openClient(location.origin);

/**
 * What the API answers.
 *
 * @throws ApiError with the problem's words
 */
export async function answerOf<T>(
  asked: Promise<{ data?: T; error?: Problem; response: Response }>,
): Promise<T> {
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

/** The version of report.json that this page reads. */
const REPORT_VERSION = 3;

/**
 * report.json of a report; parts that it lacks are as where there is nothing.
 *
 * @throws ApiError where it was written by another version of densimeter
 */
export async function fetchReport(name: string, signal: AbortSignal): Promise<ReportFile.Report> {
  const params = { path: { name } };
  // The document of the API leaves the report to its own schema.
  const report = (await answerOf(
    client.GET('/reports/{name}', { params, signal }),
  )) as unknown as ReportFile.Report;
  if (report.version !== REPORT_VERSION) {
    throw new ApiError(
      `Report "${name}" was written by another version of densimeter (${report.version}): write it again with densimeter report --name ${name}`,
      null,
    );
  }
  const nothing = { headline: null, queries: [], interventions: [], cells: [], words: [], leaks: null };
  return { ...nothing, ...report };
}
