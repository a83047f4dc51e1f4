import type { Job } from '../../../client/index.js';
import { count, percent } from './format.js';

/** How far a job is, and a button that stops it. */
export function JobProgress({ job, onCancel }: { job: Job; onCancel: () => void }) {
  const { status, progress, error } = job;
  if (status === 'failed' || status === 'cancelled') {
    return (
      <p class="job" role="status">
        {status === 'failed' ? `It failed: ${error}` : 'Cancelled.'}
      </p>
    );
  }
  if (status === 'done') return null;
  const { step, done, total, unit } = progress ?? { step: 'waiting', done: 0, total: null, unit: '' };
  return (
    <p class="job" role="status">
      <progress max={1} value={total ? done / total : undefined} aria-label={step} />{' '}
      {status === 'queued' ? 'Queued' : step}
      {total ? `, ${percent(done / total)}` : done > 0 ? `, ${count(done)} ${unit}` : ''}{' '}
      <button type="button" class="quiet" onClick={onCancel}>
        Cancel
      </button>
    </p>
  );
}
