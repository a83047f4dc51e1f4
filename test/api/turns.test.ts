import { describe, expect, it } from 'vitest';
import { Turns } from '../../api/engine/turns.js';

/** Work that says when it begins, and ends when it is told to. */
function works(said: string[]) {
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      said.push(name);
      ends.set(name, (error) => (error ? reject(error) : resolve(name)));
    });
  return { work, end: (name: string, error?: Error) => ends.get(name)!(error) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('let those who share run together, and those alone behind all before them', async () => {
    const said: string[] = [];
    const { work, end } = works(said);
    const turns = new Turns();
    const all = [
      turns.share(work('a')),
      turns.share(work('b')),
      turns.alone(work('C')),
      turns.share(work('d')),
    ];
    await settle();
    expect(said).toEqual(['a', 'b']);
    end('a');
    await settle();
    expect(said).toEqual(['a', 'b']);
    end('b');
    await settle();
    expect(said).toEqual(['a', 'b', 'C']);
    end('C');
    await settle();
    expect(said).toEqual(['a', 'b', 'C', 'd']);
    end('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'C', 'd']);
  });

  it('go on where work fails, of which only its caller hears', async () => {
    const said: string[] = [];
    const { work, end } = works(said);
    const turns = new Turns();
    const [shared, alone, next] = [turns.share(work('a')), turns.alone(work('B')), turns.share(work('c'))];
    await settle();
    end('a', new Error('of a'));
    await expect(shared).rejects.toThrow('of a');
    await settle();
    end('B', new Error('of B'));
    await expect(alone).rejects.toThrow('of B');
    await settle();
    end('c');
    expect(await next).toBe('c');
  });
});
