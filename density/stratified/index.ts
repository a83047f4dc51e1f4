export { openStratified, type Stratified, stratifiedDensity } from './stratified.js';
