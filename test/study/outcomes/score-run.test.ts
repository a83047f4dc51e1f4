import { afterEach, describe, expect, it } from 'vitest';
import { listRuns, metricsOf, type Progress, querySetNamed, type Study } from '../../../store/index.js';
import { type Scorer, scoreRun } from '../../../study/index.js';
import { addQueries, studyWithQueries } from './make-queries.js';

let study: Study | undefined;
afterEach(() => {
  study?.close();
  study = undefined;
});

const TEN = Array.from({ length: 10 }, (_, i) => ({ text: `text ${i}`, meta: { answer: `answer ${i}` } }));

/** A scorer that loses a nat a character, and says what it scored. */
function counting(scored: string[], failAt?: string, settings = {}): Scorer {
  return {
    ...{ name: 'onnx', settings: { model: 'm', ...settings }, covariates: { params: 260e3 }, parallel: 2 },
    async score({ context, text }) {
      await Promise.resolve();
      if (text === failAt) throw new Error('the model broke');
      scored.push(context + text);
      return { nll: text.length, tokens: text.length, bytes: text.length };
    },
    close: async () => {},
  };
}

const RUN = { run: 'r', querySet: 'q' };

describe('scoring a run', () => {
  it('keeps nll, tokens and bytes, and what the run is', async () => {
    study = studyWithQueries(TEN);
    const progress: Progress[] = [];
    const onProgress = (one: Progress) => progress.push(one);
    const scored = await scoreRun(study, counting([]), { ...RUN, onProgress });
    expect(scored).toEqual({ run: 'r', queries: 10, kept: 0, nll: 60, tokens: 60, bytes: 60 });
    expect(listRuns(study.db)).toMatchObject([
      { name: 'r', scorer: 'onnx', settings: { model: 'm' }, covariates: { params: 260e3 } },
    ]);
    expect(progress.at(-1)).toMatchObject({
      step: 'scoring r',
      done: 10,
      total: 10,
      also: '1.00 nats a token',
    });
  });

  it('goes on where it broke', async () => {
    study = studyWithQueries(TEN);
    const first: string[] = [];
    await expect(scoreRun(study, counting(first, 'text 6'), { ...RUN, every: 2 })).rejects.toThrow(
      'model broke',
    );
    const { id } = querySetNamed(study.db, 'q');
    const kept = metricsOf(study.db, 'r', id).get('nll')!.size;
    expect(kept).toBe(first.length);
    expect(kept).toBeGreaterThanOrEqual(6);
    const second: string[] = [];
    const scored = await scoreRun(study, counting(second), RUN);
    expect(scored).toMatchObject({ kept, nll: 60 });
    expect([...first, ...second].sort()).toEqual(TEN.map(({ text }) => text));
  });

  it('keeps what it has when it is stopped', async () => {
    study = studyWithQueries(TEN);
    const controller = new AbortController();
    const scored: string[] = [];
    const stopping = scoreRun(study, counting(scored), {
      ...{ ...RUN, signal: controller.signal },
      onProgress: ({ done }) => done === 4 && controller.abort(),
    });
    await expect(stopping).rejects.toThrow('it goes on behind');
    const { id } = querySetNamed(study.db, 'q');
    expect(metricsOf(study.db, 'r', id).get('tokens')!.size).toBe(scored.length);
    expect(scored.length).toBeLessThan(10);
  });

  it('is of one model: another needs another name, or replaces it on every query set', async () => {
    study = studyWithQueries(TEN);
    addQueries(study, 'other', TEN.slice(0, 2));
    await scoreRun(study, counting([]), RUN);
    await scoreRun(study, counting([]), { run: 'r', querySet: 'other' });
    const changed = counting([], undefined, { model: 'n' });
    await expect(scoreRun(study, changed, RUN)).rejects.toThrow(
      /Run "r" was scored otherwise \(onnx {"model":"m"}\)/,
    );
    await expect(scoreRun(study, counting([]), { ...RUN, target: 'answer' })).rejects.toThrow(
      'scored otherwise',
    );
    await scoreRun(study, changed, { ...RUN, replace: true });
    expect(metricsOf(study.db, 'r', querySetNamed(study.db, 'other').id).size).toBe(0);
    expect(metricsOf(study.db, 'r', querySetNamed(study.db, 'q').id).get('nll')!.size).toBe(10);
  });

  it('scores a target given its text', async () => {
    study = studyWithQueries(TEN);
    const scored: string[] = [];
    const { tokens } = await scoreRun(study, counting(scored), { ...RUN, target: 'answer' });
    expect(scored).toContain('text 3 answer 3');
    expect(tokens).toBe(10 * ' answer 3'.length);
    await expect(scoreRun(study, counting([]), { ...RUN, run: 's', target: 'level' })).rejects.toThrow(
      /Query "query\/q\.jsonl:1\/0" has no text in the field "level"; fields kept with it: answer/,
    );
  });

  it('refuses a score that cannot be', async () => {
    study = studyWithQueries(TEN);
    const scorer: Scorer = { ...counting([]), score: async () => ({ nll: Number.NaN, tokens: 3, bytes: 9 }) };
    await expect(scoreRun(study, scorer, RUN)).rejects.toThrow(
      'Query "query/q.jsonl:1/0": its score: nll is NaN',
    );
  });
});
