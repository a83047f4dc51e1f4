import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDemoTexts } from '../../experiments/index.js';
import { built } from '../support/built.js';

/** The share of the addresses that tests take: 29 of 233. */
const SHARE = 1 / 8;

/** Runs the demo's study on a small share of its corpus, as a user would; gives what the command printed. */
export function runSmallDemo(folder: string): { out: string; stdout: string; stderr: string } {
  const out = join(folder, 'out');
  writeDemoTexts(join(folder, 'texts'), SHARE);
  const study = readFileSync(new URL('../../scripts/demo/study.yaml', import.meta.url), 'utf8');
  writeFileSync(
    join(folder, 'study.yaml'),
    study.replaceAll('../../demo/texts', 'texts').replace('hold_out: 0.1', 'hold_out: 0.3'),
  );
  const main = fileURLToPath(built('cli/main.js'));
  const args = [main, 'run', join(folder, 'study.yaml'), '--study', out, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`densimeter run ended with ${status}: ${stderr}`);
  return { out, stdout, stderr };
}
