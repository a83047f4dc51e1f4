export { stratifiedDensity } from './stratified.js';
