import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { Command } from 'commander';
import type { BenchRow } from './row.js';

interface BenchOptions {
  json?: boolean;
  large?: boolean;
}

const BENCHMARKS: Record<string, (options: BenchOptions) => Promise<BenchRow[]>> = {
  embed: async () => (await import('./embed.js')).benchEmbed(),
  density: async ({ large = false }) => [
    ...(await (await import('./density.js')).benchDensity()),
    ...(await (await import('./stratified.js')).benchStratified()),
    ...(await (await import('./top-k.js')).benchTopK()),
    ...(await (await import('./growth.js')).benchGrowth(large)),
  ],
  leaks: async () => (await import('./leaks.js')).benchLeaks(),
  reports: async () => (await import('./reports.js')).benchReports(),
  select: async () => (await import('./select.js')).benchSelect(),
  api: async () => (await import('./api.js')).benchApi(),
  web: async () => (await import('./web.js')).benchWeb(),
  cluster: async () => (await import('./cluster.js')).benchCluster(),
  lab: async () => (await import('./lab.js')).benchLab(),
};

new Command('npm run bench --')
  .description('Benchmarks, each against a peer measured in the same run; medians of 5 with their range.')
  .argument('[name...]', `which of them: ${Object.keys(BENCHMARKS).join(', ')}; all by default`)
  .option('--large', 'density: also ten million points')
  .option('--json', 'print one JSON object on stdout')
  .action(run)
  .parseAsync();

async function run(names: string[], options: BenchOptions): Promise<void> {
  const unknown = names.find((name) => !(name in BENCHMARKS));
  if (unknown !== undefined) {
    process.stderr.write(
      `There is no benchmark "${unknown}"; there are: ${Object.keys(BENCHMARKS).join(', ')}.\n`,
    );
    process.exitCode = 2;
    return;
  }
  const rows: BenchRow[] = [];
  for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
    process.stderr.write(`measuring ${name} …\n`);
    rows.push(...(await BENCHMARKS[name]!(options)));
  }
  process.stdout.write(options.json ? `${JSON.stringify({ machine: machine(), rows })}\n` : table(rows));
}

function machine(): Record<string, unknown> {
  const version = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    onnxruntime: (JSON.parse(readFileSync(version, 'utf8')) as { version: string }).version,
  };
}

function table(rows: readonly BenchRow[]): string {
  const lines = rows.flatMap(({ name, value, unit, range, against, ratio, goal, met, note }) => [
    [
      name.padEnd(24),
      `${figure(value)} ${unit} (${figure(range[0])}–${figure(range[1])})`.padEnd(34),
      `${ratio === null ? '–' : `${ratio.toFixed(2)}x`}`.padStart(8),
      `goal ${goal}: ${met === null ? 'not measured' : met ? 'met' : 'NOT MET'}`,
    ].join('  '),
    `  against ${against}`,
    ...(note ? [`  ${note}`] : []),
  ]);
  return `${lines.join('\n')}\n`;
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}
