/*
 * What the API answers, as types of the schemas. Density is log10 of the kernel mean, loss is nats a token; a number that JSON
 * cannot say (an infinite perplexity, the logarithm of 0) is null.
 */
export type * from './schemas/coverage.js';
export type * from './schemas/density.js';
export type * from './schemas/problem.js';
export type * from './schemas/queries.js';
export type * from './schemas/study.js';
