import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel, type Training, train } from '../../lab/index.js';
import { TrainingThreads } from '../../lab/training-threads.js';
import { DataError, Interrupted, UsageError } from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { smallTraining } from './small-model.js';

const dir = tempFolder();
const weightsOf = (name: string) => readFileSync(join(dir, name, 'model.safetensors'));
const training = (name: string, given?: Parameters<typeof smallTraining>[1]) =>
  smallTraining(join(dir, name), given);

describe('a training in a thread of its own', () => {
  it('leaves its caller free in the midst of steps', async () => {
    const wide = await training('wide', {
      model: { width: 128, context: 64 },
      settings: { steps: 8, batch: 8 },
    });
    let turns = 0;
    const turn = () => {
      turns++;
      waiting = setImmediate(turn);
    };
    let waiting = setImmediate(turn);
    const seen: number[] = [];
    await train({ ...wide, onProgress: () => seen.push(turns) });
    clearImmediate(waiting);
    // A caller that makes the steps itself has two turns between them, for hearing signals; a free one has thousands.
    expect(seen).toHaveLength(8);
    expect(seen.at(-1)! - seen[0]!).toBeGreaterThan(7 * 100);
  });

  it('stopped in the midst of a step makes it whole, and goes on to the same bits', async () => {
    const whole = train(await training('whole'));
    const stop = new AbortController();
    const stopped = await training('stopped');
    const one = stopped.settings.batch * stopped.config.context;
    const onProgress: Training['onProgress'] = ({ done }) => {
      // When the next step is under way.
      if (done === 3 * one) setImmediate(() => stop.abort());
    };
    const error = await errorOf(train({ ...stopped, onProgress, signal: stop.signal }));
    expect(error).toBeInstanceOf(Interrupted);
    expect(error.message).toMatch(/^Stopped at step \d+ of 12\. Run the same command again/);
    await train(await training('stopped'));
    await whole;
    expect(weightsOf('stopped')).toEqual(weightsOf('whole'));
  });

  it('that was told to stop before it began is saved, and makes no step', async () => {
    const given = await training('stopped before');
    const onProgress = () => expect.unreachable();
    const error = await errorOf(train({ ...given, onProgress, signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(Interrupted);
    expect(error.message).toContain('Stopped at step 0 of 12.');
    const other = await training('stopped before', { settings: { steps: 13 } });
    const refused = await errorOf(train(other));
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused.message).toContain('holds another training, stopped at step 0');
  });

  it('does not change the weights that it is given', async () => {
    const given = await training('from');
    await train(given);
    const { weights } = readModel(given.folder);
    const before = structuredClone(weights);
    await train({ ...given, folder: join(dir, 'further'), weights });
    expect(weights).toEqual(before);
    expect(weightsOf('further')).not.toEqual(weightsOf('from'));
  });

  it('fails with the error that was thrown in it, and leaves the folder to others', async () => {
    const given = await training('failing');
    const short = { ...given, stream: { ids: new Int32Array(40), weights: new Float32Array(40) } };
    const error = await errorOf(train(short));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(
      '40 tokens are too few for a context of 32: give at least 64, or a smaller context.',
    );
    const own = new RangeError('of the caller');
    const onProgress = () => {
      throw own;
    };
    expect(await errorOf(train({ ...given, onProgress }))).toBe(own);
    expect((await train(given)).isNew).toBe(true);
  });

  it.each([
    ['exits', 'process.exit(3)', 'it left with code 3'],
    ['throws', 'throw new Error("JS heap out of memory")', 'JS heap out of memory'],
  ])('that %s says what to do', async (_, whenCalled, reason) => {
    const program = `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { ${whenCalled} });`;
    const threads = new TrainingThreads(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    const { tokenizer, ...rest } = await training('dying');
    const work = { ...rest, key: '', tokenizer: { json: tokenizer.json } };
    const error = await errorOf(threads.run(work, () => true));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(`dying has ended: ${reason}. Run the same command again: it goes on`);
  });
});

/** What a promise is rejected with. */
async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.unreachable('It was not rejected.'),
    (error: Error) => error,
  );
}
