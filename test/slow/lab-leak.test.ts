import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../../experiments/index.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();

/** Runs the experiment; ends with SIGKILL once stderr says `until`. */
async function runLeak(until?: string): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [
    MAIN,
    'lab',
    'run',
    'leak',
    '--quick',
    '--seeds',
    '1',
    '--study',
    folder,
  ]);
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    if (until !== undefined && stderr.includes(until)) child.kill('SIGKILL');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stderr };
}

describe('densimeter lab run leak --quick', () => {
  it('killed in the middle and run again finds what leaks do, and that placebos do nothing', {
    timeout: 900_000,
  }, async () => {
    expect((await runLeak(`training ${folder}`)).code).toBeNull();
    const { code, stderr } = await runLeak();
    expect(code, stderr.slice(-2000)).toBe(0);
    expect(stderr).toContain('index addresses: unchanged');
    const { findings, report } = JSON.parse(
      readFileSync(join(folder, 'results.json'), 'utf8'),
    ) as ExperimentResult;
    const gain = (arm: string) =>
      findings.find(({ measure, condition }) => measure.startsWith('gain in loss') && condition === arm)!;
    const density = (arm: string) =>
      findings.find(
        ({ measure, condition }) => measure.startsWith('change in log10 density') && condition === arm,
      )!;
    for (const arm of ['paraphrase-1', 'paraphrase-3', 'exact']) {
      expect(gain(arm).low, arm).toBeGreaterThan(0);
      expect(density(arm).low, arm).toBeGreaterThan(1);
    }
    expect(gain('paraphrase-3').low).toBeGreaterThan(gain('paraphrase-1').high!);
    for (const placebo of ['same-topic', 'unrelated', 'untouched'])
      expect(Math.abs(gain(placebo).value), placebo).toBeLessThan(gain('paraphrase-1').value / 2);
    expect(readFileSync(report!, 'utf8')).toContain('leak-1');
  });
});
