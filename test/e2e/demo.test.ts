import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../study/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { runSmallDemo } from './small-demo.js';

describe('the demo on a small share of its corpus', () => {
  const folder = tempFolder();
  const out = join(folder, 'out');
  let report: Report;

  beforeAll(() => {
    const { stdout, stderr } = runSmallDemo(folder);
    expect(stderr).toContain('index addresses:');
    report = JSON.parse(stdout) as Report;
  });

  const kind = (name: string) => report.kinds.find((one) => one.kind === name)!;

  it('finds seen text denser than held-out text, and that denser than Moby Dick', () => {
    expect(kind('seen').medianLog10Density).toBeGreaterThan(kind('held-out').medianLog10Density);
    expect(kind('held-out').medianLog10Density).toBeGreaterThan(kind('out-of-domain').medianLog10Density);
  });

  it('finds the model less perplexed in the same order', () => {
    expect(kind('seen').medianLoss).toBeLessThan(kind('held-out').medianLoss);
    expect(kind('held-out').medianLoss).toBeLessThan(kind('out-of-domain').medianLoss);
  });

  it('finds that leaked queries gained in density and in loss, beyond chance', () => {
    const { overall, arms } = report.interventions[0]!;
    expect(overall.densityEffect!.low).toBeGreaterThan(0);
    expect(overall.gainEffect!.low).toBeGreaterThan(0);
    expect(arms.map(({ arm }) => arm)).toEqual(
      expect.arrayContaining(['untouched', 'control', 'paraphrase-1', 'paraphrase-3', 'exact']) as string[],
    );
  });

  it('gives every density the settings that make it mean something', () => {
    expect(report.density).toMatchObject({
      kernel: 'exponential',
      estimator: 'exact',
      embedder: 'use-lite',
      dims: 512,
    });
    expect(report.density.bandwidth).toBeGreaterThan(0);
    expect(report.density.bandwidthRule).toContain('100 effective samples');
  });

  it('writes a report that stands alone', () => {
    const html = readFileSync(join(out, 'reports/demo/report.html'), 'utf8');
    expect(existsSync(join(out, 'reports/demo/report.json'))).toBe(true);
    expect(html).toContain('<svg');
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });
});
