import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  computeOptimal,
  fitPowerLaw,
  predictLoss,
  scalingStudy,
} from '../../../study/scaling/index.js';
import { built } from '../../support/built.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { tempFolder } from '../../support/temp-folder.js';

const FILE = 'wandb_df_for_fitting_hot_100b+.jsonl';
const TRUE = {
  E: 0.5,
  A: 6,
  alpha: 0.34,
  B: 8,
  beta: 0.4,
  gamma: -0.05,
  objective: 0,
  error: 0,
  checkpoints: 0,
};

/** Checkpoints of a known law with noise in log L. */
function made({ noise = 0, density = false } = {}): Checkpoint[] {
  const normal = randomNormal.source(randomLcg(4))(0, 1);
  return [1e7, 3e7, 1e8, 3e8, 1e9].flatMap((params, run) =>
    [1e9, 4e9, 2e10, 1e11].flatMap((tokens) =>
      (density ? [-1, 0, 1.5] : [0]).map((z) => {
        const checkpoint = {
          run: `run ${run}`,
          params,
          tokens,
          loss: 1,
          density: z,
          covariates: { width: 64 * (run + 1) },
        };
        const loss = predictLoss(TRUE, checkpoint) * Math.exp(noise * normal());
        const { density: _, ...plain } = { ...checkpoint, loss };
        return density ? { ...checkpoint, loss } : plain;
      }),
    ),
  );
}

describe('fitPowerLaw', () => {
  it('finds the law that made the losses', () => {
    const law = fitPowerLaw(made(), { delta: 1e-3 });
    for (const name of ['E', 'A', 'alpha', 'B', 'beta'] as const)
      expect(law[name]).toBeCloseTo(TRUE[name], 3);
    expect(law.gamma).toBeNull();
  });

  it('finds how density moves it, and one far outlier does not', () => {
    const checkpoints = made({ noise: 1e-4, density: true });
    checkpoints[7]!.loss *= 3;
    const law = fitPowerLaw(checkpoints, { delta: 1e-3 });
    expect(law.gamma).toBeCloseTo(TRUE.gamma, 3);
    expect(law.alpha).toBeCloseTo(TRUE.alpha, 2);
    expect(law.beta).toBeCloseTo(TRUE.beta, 2);
  });

  it('leaves out tokens that do not differ', () => {
    const law = fitPowerLaw(
      made()
        .filter(({ tokens }) => tokens === 4e9)
        .flatMap((one) => [one, { ...one, run: 'again' }]),
      { delta: 1e-3 },
    );
    expect(law).toMatchObject({ B: null, beta: null });
    expect(law.error).toBeLessThan(1e-3);
  });

  it('refuses too few sizes, and a loss of 0', () => {
    expect(() => fitPowerLaw(made().slice(0, 7), { delta: 1e-3 })).toThrow(
      'at least 8 checkpoints of 3 sizes',
    );
    const wrong = made();
    wrong[3]!.loss = 0;
    expect(() => fitPowerLaw(wrong, { delta: 1e-3 })).toThrow('Run "run 0" has loss 0');
  });
});

describe('computeOptimal', () => {
  it('has the corners below which no point lies', () => {
    const normal = randomNormal.source(randomLcg(8))(0, 0.2);
    const checkpoints = made().map((one) => ({ ...one, loss: one.loss * Math.exp(normal()) }));
    const { corners } = computeOptimal(checkpoints)!;
    expect(corners.length).toBeGreaterThan(2);
    for (const { params, tokens, loss } of checkpoints) {
      const at = Math.log(6 * params * tokens!);
      const right = corners.findIndex(({ flops }) => Math.log(flops) >= at);
      if (right <= 0) continue;
      const [a, b] = [corners[right - 1]!, corners[right]!];
      const share = (at - Math.log(a.flops)) / (Math.log(b.flops) - Math.log(a.flops));
      const line = Math.log(a.loss) + share * (Math.log(b.loss) - Math.log(a.loss));
      expect(Math.log(loss)).toBeGreaterThanOrEqual(line - 1e-12);
    }
  });

  it('is nothing without tokens', () => {
    expect(computeOptimal(made().map((one) => ({ ...one, tokens: null })))).toBeNull();
  });
});

describe('scalingStudy', () => {
  it('has intervals by resampling runs, the same by the same seed, and laws of halves', () => {
    const options = { deltas: [1e-3], by: ['tokens'], resamples: 12, seed: 5 };
    const study = scalingStudy(made({ noise: 0.01 }), options);
    const { alpha } = study.laws[0]!.intervals!;
    expect(alpha!.low).toBeLessThan(alpha!.estimate);
    expect(alpha!.high).toBeGreaterThan(alpha!.low);
    expect(study.subsets.map(({ kept }) => kept)).toEqual([
      'tokens up to 12000000000',
      'tokens above 12000000000',
    ]);
    expect(scalingStudy(made({ noise: 0.01 }), options)).toEqual(study);
    expect(() => scalingStudy(made(), { ...options, by: ['colour'] })).toThrow(
      'Not every checkpoint has a number for colour',
    );
  });
});

describe.skipIf(skipping('the Gemstones', whyNoData('gemstones', 'wandb_dfs', FILE)))('the Gemstones', () => {
  const checkpoints = () =>
    readFileSync(sharedData('gemstones', 'wandb_dfs', FILE), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, number | string>)
      .map(({ run_name: run, params_active_precise: params, tokens, final_loss: loss }) => {
        return { run, params, tokens, loss, covariates: {} } as Checkpoint;
      });

  it('have the published exponents at the published objective', () => {
    const law = fitPowerLaw(checkpoints(), { delta: 1e-4 });
    expect(law.alpha).toBeGreaterThan(0.2567);
    expect(law.alpha).toBeLessThan(0.2587);
    expect(law.beta).toBeGreaterThan(0.5845);
    expect(law.beta).toBeLessThan(0.5945);
    expect(law.objective.toPrecision(4)).toBe('0.0006923');
  });

  it('have best sizes that grow about as the root of compute', () => {
    expect(computeOptimal(checkpoints())!.slope).toBeCloseTo(0.495, 2);
  });
});

describe('densimeter scaling', () => {
  const folder = tempFolder();
  const densimeter = (...args: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(built('cli/main.js')), 'scaling', ...args], {
      encoding: 'utf8',
      cwd: folder,
    });

  it('reads checkpoints, and says the laws in a table', () => {
    const rows = made({ noise: 0.01 }).map(({ run, params, tokens, loss, covariates }) => ({
      name: run,
      n: params,
      d: tokens,
      l: loss,
      ...covariates,
    }));
    writeFileSync(join(folder, 'c.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const columns = ['--run', 'name', '--params', 'n', '--tokens', 'd', '--loss', 'l'];
    const { status, stdout, stderr } = densimeter(
      'c.jsonl',
      ...columns,
      '--by',
      'tokens',
      '--resamples',
      '5',
      '--delta',
      '0.001',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^20 losses of 5 runs; intervals by resampling runs 5 times\n/);
    expect(stdout).toMatch(/δ = 0\.001 +0\.\d+/);
    expect(stdout).toMatch(/Best sizes grow as compute to the power of 0\.\d+/);
    writeFileSync(join(folder, 'bad.jsonl'), `${JSON.stringify({ ...rows[0], l: 'low' })}\n`);
    const bad = densimeter('bad.jsonl', ...columns);
    expect(bad.status).toBe(2);
    expect(bad.stderr).toContain('l is "low"; a checkpoint needs a number above 0');
  });
});
