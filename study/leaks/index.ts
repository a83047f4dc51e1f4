export { ALARM, findLeaks, type LeakSearchOptions } from './find-leaks.js';
export { type Leak, type LeaksResult, leaksResult } from './leaks-result.js';
