import { useState } from 'preact/hooks';
import { answerOf, client } from '../../data/api.js';
import { useJob } from '../../data/use-job.js';
import { JobProgress } from '../../parts/job-progress.js';

/** Buttons that start a projection as a job, and how far it is. */
export function MakeProjection({ onDone }: { onDone: () => void }) {
  const { job, watch, cancel } = useJob(onDone);
  const [error, setError] = useState('');
  const start = async (method: 'pca' | 'umap') => {
    try {
      setError('');
      watch(await answerOf(client.POST('/projections', { body: { method } })));
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  const isRunning = job?.status === 'queued' || job?.status === 'running';
  return (
    <div class="make">
      {!isRunning && (
        <>
          <button type="button" class="quiet" onClick={() => void start('pca')}>
            Make PCA
          </button>{' '}
          <button type="button" class="quiet" onClick={() => void start('umap')}>
            Make UMAP
          </button>
        </>
      )}
      {job && <JobProgress job={job} onCancel={cancel} />}
      {error && <p role="alert">{error}</p>}
    </div>
  );
}
