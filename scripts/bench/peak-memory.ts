import { readFileSync } from 'node:fs';
import { ESTIMATORS, type EstimatorName } from '../../density/index.js';
import { realEmbeddings } from './real-embeddings.js';
import { openReal } from './stratified.js';

// Estimates with one estimator and prints the process's peak memory, GB: peak-memory.js <estimator> <rows> <bandwidth> <times>
const [name, rows, bandwidth, times] = process.argv.slice(2);
const real = await realEmbeddings(Number(rows));
const queries = new Float32Array(real.queries.length * Number(times));
for (let i = 0; i < Number(times); i++) queries.set(real.queries, i * real.queries.length);
const points = openReal(real);
await ESTIMATORS[name as EstimatorName](queries, [points], {
  ...{ kernel: 'exponential', bandwidth: Number(bandwidth), attribution: false, budget: 0.02 },
});
// Not maxRSS, which a process has from the one that started it.
const peak = /VmHWM:\s+(?<kilobytes>\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))!;
process.stdout.write(String((Number(peak.groups!.kilobytes) * 1024) / 1e9));
process.exit();
