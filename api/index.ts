export { type App, type AppOptions, createApp } from './app.js';
export { describeApi } from './open-api.js';
export { type RunningServer, type ServeOptions, serve } from './serve.js';
export type * from './types.js';
