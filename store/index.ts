export { DataError, UsageError } from './errors.js';
export type { OnProgress, Progress } from './progress.js';
