import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../../client/index.js';
import { answerOf, client } from './api.js';

/** The queue of a page: what job it waits for, told by the server's events until it has ended. */
export function useJob(onDone: () => void): {
  job: Job | null;
  watch: (job: Job) => void;
  cancel: () => void;
} {
  const [job, setJob] = useState<Job | null>(null);
  const id = job?.id;
  useEffect(() => {
    if (!id) return;
    const events = new EventSource(`/api/v1/jobs/${id}/events`);
    events.addEventListener('job', (event) => {
      const state = JSON.parse(event.data) as Job;
      setJob(state);
      if (state.status === 'queued' || state.status === 'running') return;
      events.close();
      if (state.status === 'done') onDone();
    });
    // A server that is started again goes on with the job, and the browser asks it again by itself.
    return () => events.close();
  }, [id]);
  return {
    ...{ job, watch: setJob },
    cancel() {
      if (id) void answerOf(client.DELETE('/jobs/{id}', { params: { path: { id } } })).then(setJob);
    },
  };
}
