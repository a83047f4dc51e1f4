export { type DensimeterClient, type OpenClientOptions, openClient } from './client.js';
export type * from './paths.js';
export type * as ReportFile from './report.js';
