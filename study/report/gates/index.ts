export { checkGates, type GateResult } from './check-gates.js';
export { parseRule } from './parse-rule.js';
export type { Rule } from './rule.js';
