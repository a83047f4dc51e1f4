import { randomLcg, randomNormal } from 'd3';
import { describe, expect, it } from 'vitest';
import {
  addOutcomes,
  deleteOutcomes,
  ensureRun,
  openStudy,
  replaceMeasurement,
  replaceQuerySet,
  type Study,
  setControl,
} from '../../../store/index.js';
import { type BatchOptions, MODELS, runBatch } from '../../../study/index.js';
import { compareOutOfSample, leastSquares, midRanks } from '../../../study/statistics/index.js';
import { built } from '../../support/built.js';
import { tempFolder } from '../../support/temp-folder.js';

const QUERIES = 120;
const GROUPS = 9;

/** A study of made-up numbers with so many runs. */
function madeStudy(runs = 3) {
  const study = openStudy(tempFolder(), { write: true });
  const { db } = study;
  const normal = randomNormal.source(randomLcg(5))(0, 1);
  const set = replaceQuerySet(
    db,
    { name: 'set', embedder: 'none', fingerprint: 'none', dims: 1 },
    Array.from({ length: QUERIES }, (_, q) => ({
      ...{ key: `q${q}`, kind: 'query', document: `d${q % GROUPS}`, source: `s${q % 4}`, text: `${q}` },
    })),
  );
  const ids = db.prepare<[], number>('SELECT id FROM queries ORDER BY row').pluck().all();
  const density = ids.map(() => -4 + normal());
  const words = ids.map(() => Math.exp(3 + normal() / 2));
  const common = ids.map((_, q) => 7 + normal() - density[q]! / 5);
  setControl(
    db,
    'words',
    ids.map((id, q) => [id, words[q]!]),
  );
  setControl(
    db,
    'unigram_cross_entropy',
    ids.map((id, q) => [id, common[q]!]),
  );
  replaceMeasurement(
    db,
    {
      ...{ name: 'base', querySetId: set.id, corpora: ['none'], kernel: 'gaussian', bandwidth: 0.2 },
      ...{ bandwidthRule: 'given', estimator: 'exact', estimatorRule: 'given' },
      ...{ relativeError: null, budget: null, seed: 1, points: 1 },
    },
    ids.map((queryId, q) => ({
      ...{ queryId, log10Density: density[q]!, log10Low: density[q]!, log10High: density[q]! },
      ...{ effectiveSamples: 1, touched: 1, shares: [], neighbours: [], curve: [], controls: {} },
    })),
  );
  const losses = Array.from({ length: runs }, (_, r) => {
    const { id } = ensureRun(db, { name: `run-${r}`, scorer: 'import' });
    const loss = ids.map((_, q) => 5 - 0.4 * density[q]! + 0.3 * Math.log(words[q]!) + normal());
    addOutcomes(
      db,
      id,
      ids.map((queryId, q) => ({
        queryId,
        metrics: { nll: loss[q]! * 10, tokens: 10, correct: Number(loss[q]! > 7) },
      })),
    );
    return loss;
  });
  return { study, set, ids, density, words, common, losses };
}

const request = (study: Study, more: Partial<BatchOptions> = {}) =>
  runBatch(study, {
    ...{ name: 'report', runs: ['run-0', 'run-1', 'run-2'], querySets: ['set'], measurement: 'base' },
    ...{ groupBy: 'document' as const, folds: 5, seed: 2, ...more },
  });

describe('runBatch', () => {
  it('gives for every run, metric and model what the plain regressions give', async () => {
    const { study, density, words, common, losses } = madeStudy();
    const { cells, computed } = await request(study);
    // Without n-gram overlap and nearest text, these models are those of length alone.
    expect(cells).toHaveLength(3 * 2 * MODELS.length);
    expect(computed).toBe(cells.length);
    const groups = density.map((_, q) => `d${q % GROUPS}`);
    const length = { name: 'log_words', values: words.map(Math.log) };
    const frequency = { name: 'unigram', values: common };
    const term = { name: 'log10_density', values: density };
    const cell = cells.find(
      ({ run, metric, model }) => run === 'run-1' && metric === 'loss' && model === 'all controls',
    )!;
    const fit = leastSquares(losses[1]!, [length, frequency, term], { groups });
    const slope = fit.coefficients.at(-1)!;
    expect(cell).toMatchObject({
      querySet: 'set',
      unit: 'nats/token',
      kernel: 'gaussian',
      bandwidth: 0.2,
      n: QUERIES,
      groups: GROUPS,
    });
    expect(cell.slope).toBeCloseTo(slope.estimate, 9);
    expect(cell.slopeError).toBeCloseTo(slope.standardError, 9);
    expect(cell.r2).toBeCloseTo(fit.r2, 9);
    const compared = compareOutOfSample(losses[1]!, [length, frequency], [term], {
      folds: 5,
      groups,
      seed: 2,
    });
    expect(cell.gain).toBeCloseTo(compared.difference, 9);
    expect(cell.outOfSampleR2).toBeCloseTo(compared.full.r2, 9);
    const ranked = cells.find(
      ({ run, metric, model }) => run === 'run-1' && metric === 'loss' && model === 'all controls, in ranks',
    )!;
    const ranks = [length, frequency, term].map(({ name, values }) => ({ name, values: midRanks(values) }));
    expect(ranked.r2).toBeCloseTo(leastSquares(midRanks(losses[1]!), ranks).r2, 9);
    study.close();
  });

  it('computes again only what changed, and forgets what is asked for no more', async () => {
    const { study, set, ids } = madeStudy();
    await request(study);
    expect((await request(study)).computed).toBe(0);
    const { id } = ensureRun(study.db, { name: 'run-2', scorer: 'import' });
    deleteOutcomes(study.db, id, set.id);
    addOutcomes(
      study.db,
      id,
      ids.map((queryId, q) => ({ queryId, metrics: { loss: 3 + ((q * 7) % 11) / 5 } })),
    );
    const changed = await request(study);
    expect(changed.computed).toBe(MODELS.length);
    expect(changed.cells).toHaveLength((2 * 2 + 1) * MODELS.length);
    expect((await request(study, { seed: 3 })).computed).toBe(changed.cells.length);
    study.close();
  });

  it('leaves out queries without an outcome, runs with too few of them, and outcomes that are all alike', async () => {
    const { study, set, ids } = madeStudy();
    const write = (name: string, metrics: (q: number) => Record<string, number> | null) => {
      const { id } = ensureRun(study.db, { name, scorer: 'import' });
      deleteOutcomes(study.db, id, set.id);
      const rows = ids.flatMap((queryId, q) => {
        const own = metrics(q);
        return own ? [{ queryId, metrics: own }] : [];
      });
      addOutcomes(study.db, id, rows);
    };
    write('run-0', (q) => (q % 2 === 0 ? { loss: (q * q) % 17 } : null));
    write('run-1', (q) => (q < 8 ? { loss: q } : null));
    write('run-2', () => ({ loss: 2 }));
    const { cells } = await request(study);
    expect(new Set(cells.map(({ run, n }) => `${run} ${n}`))).toEqual(new Set(['run-0 60']));
    study.close();
  });

  it('stops between runs with what it has, and goes on from there', async () => {
    const { study } = madeStudy();
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 1) stop.abort();
    };
    await expect(request(study, { signal: stop.signal, onProgress })).rejects.toThrow('Stopped');
    expect((await request(study)).computed).toBe(2 * 2 * MODELS.length);
    study.close();
  });

  it('is the same on several threads', async () => {
    const { study } = madeStudy();
    const alone = await request(study, { name: 'alone' });
    const { runBatch: builtBatch } = (await import(
      built('study/index.js')
    )) as typeof import('../../../study/index.js');
    const several = await builtBatch(study, {
      ...{ name: 'several', runs: ['run-0', 'run-1', 'run-2'], querySets: ['set'], measurement: 'base' },
      ...{ groupBy: 'document', folds: 5, seed: 2, jobs: 2 },
    });
    expect(several).toEqual(alone);
    study.close();
  });
});
