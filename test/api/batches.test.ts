import { describe, expect, it, vi } from 'vitest';
import { Batches } from '../../api/engine/batches.js';

/** Work that is done when it is let go. */
function heldWork() {
  const batches: { key: string; items: number[]; finish(): void; fail(error: Error): void }[] = [];
  const work = (key: string, items: number[]) =>
    new Promise<number[]>((resolve, reject) => {
      batches.push({ key, items, finish: () => resolve(items.map((item) => 10 * item)), fail: reject });
    });
  return { batches, work };
}

const OPTIONS = { lanes: 1, waitMs: 0, most: 4, queue: 8 };
/** Until timers that were due have run. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('Batches', () => {
  it('gathers concurrent callers of a key, and gives each its own', async () => {
    const { batches, work } = heldWork();
    const sizes: number[] = [];
    const gathered = new Batches(work, { ...OPTIONS, onBatch: (items) => sizes.push(items) });
    const answers = [gathered.run('a', [1]), gathered.run('a', [2, 3]), gathered.run('b', [4])];
    await turn();
    expect(batches.map(({ key, items }) => [key, items])).toEqual([['a', [1, 2, 3]]]);
    expect(gathered.waiting).toBe(1);
    batches[0]!.finish();
    expect(await answers[0]).toEqual([10]);
    expect(await answers[1]).toEqual([20, 30]);
    await turn();
    batches[1]!.finish();
    expect(await answers[2]).toEqual([40]);
    expect(sizes).toEqual([3, 1]);
    expect(gathered.waiting).toBe(0);
  });

  it('grows a batch while the lane is busy, up to the most, and lets other keys go between', async () => {
    const { batches, work } = heldWork();
    const gathered = new Batches(work, OPTIONS);
    const first = gathered.run('a', [0]);
    await turn();
    const later = [1, 2, 3, 4, 5].map((item) => gathered.run('a', [item]));
    const other = gathered.run('b', [9]);
    await turn();
    expect(batches).toHaveLength(1);
    for (let next = 0; next < 4; next++) {
      await vi.waitFor(() => expect(batches.length).toBe(next + 1));
      batches[next]!.finish();
    }
    expect(batches.map(({ key, items }) => [key, items])).toEqual([
      ['a', [0]],
      ['a', [1, 2, 3, 4]],
      ['b', [9]],
      ['a', [5]],
    ]);
    expect(await Promise.all([first, ...later, other])).toEqual([[0], [10], [20], [30], [40], [50], [90]]);
  });

  it('waits a moment for callers that were just answered, so that they share the next batch', async () => {
    const { batches, work } = heldWork();
    const gathered = new Batches(work, { ...OPTIONS, waitMs: 5 });
    const askedAgain = gathered.run('a', [0]).then(() => gathered.run('a', [2]));
    await vi.waitFor(() => expect(batches).toHaveLength(1));
    const waited = gathered.run('a', [1]);
    batches[0]!.finish();
    await vi.waitFor(() => expect(batches).toHaveLength(2));
    expect(batches[1]!.items).toEqual([1, 2]);
    batches[1]!.finish();
    expect(await Promise.all([askedAgain, waited])).toEqual([[20], [10]]);
  });

  it('takes a caller with more items than the most alone', async () => {
    const { batches, work } = heldWork();
    const gathered = new Batches(work, OPTIONS);
    void gathered.run('a', [1, 2, 3, 4, 5, 6]);
    await turn();
    expect(batches[0]!.items).toHaveLength(6);
  });

  it('turns callers away where too many wait', async () => {
    const gathered = new Batches(heldWork().work, OPTIONS);
    void gathered.run('a', [1, 2, 3, 4, 5]);
    expect(() => gathered.run('a', [6, 7, 8, 9])).toThrow('5 queries wait already');
  });

  it('does not work for callers who have gone', async () => {
    const { batches, work } = heldWork();
    const gathered = new Batches(work, OPTIONS);
    const gone = new AbortController();
    const left = gathered.run('a', [1], gone.signal);
    const stays = gathered.run('a', [2]);
    gone.abort(new Error('went away'));
    await expect(left).rejects.toThrow('went away');
    await turn();
    expect(batches[0]!.items).toEqual([2]);
    batches[0]!.finish();
    expect(await stays).toEqual([20]);
  });

  it('gives an error to all of its batch, and goes on with the next', async () => {
    const { batches, work } = heldWork();
    const gathered = new Batches(work, OPTIONS);
    const failing = gathered.run('a', [1]);
    const after = gathered.run('b', [2]);
    await turn();
    batches[0]!.fail(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    await turn();
    batches[1]!.finish();
    expect(await after).toEqual([20]);
  });
});
