export { type GoldfishRule, goldfishMask, goldfishTable } from '../../lab/index.js';
export type { Completer } from './completer.js';
export { type EndpointCompleter, openEndpointCompleter } from './endpoint-completer.js';
export { writeGoldfishFile } from './goldfish-file.js';
export { importCompletions, type MemorisedRun, memoriseRun } from './memorise-run.js';
export {
  type MemorizationBin,
  type MemorizationResult,
  memorizationOf,
} from './memorization-result.js';
export { openModelEncoder } from './model-encoder.js';
export { openOnnxCompleter } from './onnx-completer.js';
