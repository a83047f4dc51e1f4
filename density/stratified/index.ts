export { stratifiedInShards } from './shards.js';
export { openStratified, type Stratified, stratifiedDensity } from './stratified.js';
