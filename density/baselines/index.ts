export { deannDensity } from './deann.js';
export { rspDensity } from './rsp.js';
