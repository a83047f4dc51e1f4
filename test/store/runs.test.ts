import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addOutcomes,
  deleteOutcomes,
  ensureRun,
  listRuns,
  lossesOf,
  metricsOf,
  openStudy,
  outcomesOf,
  queriesOf,
  replaceQuerySet,
  replaceRun,
  runNamed,
  type Study,
  setCovariates,
} from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';

let study: Study;
beforeEach(() => {
  study = openStudy(tempFolder(), { write: true });
});
afterEach(() => study.close());

function querySet(name: string, count: number): { id: number; queryIds: number[] } {
  const queries = Array.from({ length: count }, (_, i) => {
    const key = `${name}${i}`;
    return { key, kind: 'k', document: key, source: 's', text: key };
  });
  const { id } = replaceQuerySet(study.db, { name, embedder: 'e', fingerprint: 'f', dims: 2 }, queries);
  return { id, queryIds: queriesOf(study.db, id).map((query) => query.id) };
}

describe('covariates', () => {
  it('keep numbers as numbers and words as words, by name', () => {
    ensureRun(study.db, {
      name: 'a',
      scorer: 'import',
      covariates: { width: 768, lr: 3e-4, family: 'gemma' },
    });
    setCovariates(study.db, 'a', { depth: 45, family: null, width: 1024, code: '007' });
    const { covariates } = runNamed(study.db, 'a');
    expect(covariates).toEqual({ code: '007', depth: 45, lr: 3e-4, width: 1024 });
    expect(Object.keys(covariates)).toEqual(['code', 'depth', 'lr', 'width']);
  });

  it('outlive a run scored again, and go with no other', () => {
    ensureRun(study.db, { name: 'a', scorer: 'ngram', covariates: { order: 3 } });
    ensureRun(study.db, { name: 'b', scorer: 'ngram', covariates: { order: 4 } });
    setCovariates(study.db, 'a', { note: 'mine' });
    const { id } = replaceRun(study.db, { name: 'a', scorer: 'onnx', settings: { stride: 8 } }, []);
    expect(listRuns(study.db)).toEqual([
      { id, name: 'a', scorer: 'onnx', settings: { stride: 8 }, covariates: { note: 'mine', order: 3 } },
      expect.objectContaining({ name: 'b', covariates: { order: 4 } }),
    ]);
  });

  it('are refused where they are no numbers or of no run, and nothing is set then', () => {
    ensureRun(study.db, { name: 'a', scorer: 'import' });
    expect(() => setCovariates(study.db, 'a', { ok: 1, lr: Number.NaN })).toThrow('lr of run "a" is NaN');
    expect(() => setCovariates(study.db, 'z', {})).toThrow('no run "z"; there are: a');
    expect(runNamed(study.db, 'a').covariates).toEqual({});
  });
});

describe('outcomes', () => {
  it('are of any metric; a loss is nll by tokens, or what was a mean already', () => {
    const { id, queryIds } = querySet('q', 3);
    const run = ensureRun(study.db, { name: 'a', scorer: 'import' });
    const [one, two, three] = queryIds as [number, number, number];
    addOutcomes(study.db, run.id, [
      { queryId: one, metrics: { nll: 12, tokens: 4, correct: 1 } },
      { queryId: two, metrics: { loss: 2.5 } },
      { queryId: three, metrics: { nll: 9, bytes: 20 } },
    ]);
    expect(lossesOf(study.db, 'a')).toEqual(
      new Map([
        [two, 2.5],
        [one, 3],
      ]),
    );
    expect([...outcomesOf(study.db, 'a').keys()]).toEqual([one]);
    const metrics = metricsOf(study.db, 'a', id);
    expect(metrics.get('nll')).toEqual(
      new Map([
        [one, 12],
        [three, 9],
      ]),
    );
    expect(metrics.get('correct')).toEqual(new Map([[one, 1]]));
    expect(() => addOutcomes(study.db, run.id, [{ queryId: one, metrics: { nll: 1 } }])).toThrow('UNIQUE');
  });

  it('are deleted by query set', () => {
    const first = querySet('first', 2);
    const second = querySet('second', 1);
    const run = ensureRun(study.db, { name: 'a', scorer: 'import' });
    const all = [...first.queryIds, ...second.queryIds];
    addOutcomes(
      study.db,
      run.id,
      all.map((queryId) => ({ queryId, metrics: { loss: 1 } })),
    );
    deleteOutcomes(study.db, run.id, first.id);
    expect(metricsOf(study.db, 'a', first.id).size).toBe(0);
    expect(metricsOf(study.db, 'a', second.id).get('loss')!.size).toBe(1);
  });
});
