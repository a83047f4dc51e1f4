import type { RunningServer } from '../../api/index.js';
import type { Job } from '../../client/index.js';

/** The states of a job that its events tell, to its end. */
export async function statesOf(server: RunningServer, id: string): Promise<Job[]> {
  const response = await fetch(new URL(`api/v1/jobs/${id}/events`, server.url));
  const text = await response.text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as Job);
}

/** How a job ended. */
export async function endOf(server: RunningServer, id: string): Promise<Job> {
  return (await statesOf(server, id)).at(-1)!;
}
