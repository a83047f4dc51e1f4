export { type JobRunner, type JobState, openJobRunner } from './job-runner.js';
