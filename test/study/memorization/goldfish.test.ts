import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goldfishMask, goldfishTable } from '../../../study/memorization/index.js';

const fixture = JSON.parse(readFileSync(new URL('goldfish.json', import.meta.url), 'utf8')) as {
  table: Record<string, number>;
  cases: { k: number; context: number; ids: number[]; mask: number[] }[];
};

describe('goldfishTable', () => {
  it('is that of PyTorch by the published seed', () => {
    const table = goldfishTable();
    expect(table).toHaveLength(1_000_003);
    for (const [place, uniform] of Object.entries(fixture.table)) expect(table[Number(place)]).toBe(uniform);
    // As others report it of the published code.
    expect(table[0]).toBeCloseTo(0.234, 3);
  });
});

describe('goldfishMask', () => {
  it.each(fixture.cases)(
    'is the published one for k = $k and $context ids, bit for bit',
    ({ k, context, ids, mask }) => {
      expect(Array.from(goldfishMask(ids, { strategy: 'hashed', k, context }))).toEqual(mask);
    },
  );

  it('drops about one in k, never among the first, and the same wherever a passage stands', () => {
    const passage = Array.from({ length: 400 }, (_, i) => 1 + ((i * i * 31 + 7 * i) % 40_000));
    const alone = goldfishMask(passage, { strategy: 'hashed', k: 4 });
    expect(alone.subarray(0, 12)).toEqual(new Uint8Array(12).fill(1));
    const dropped = alone.reduce((sum, kept) => sum + 1 - kept, 0) / 388;
    expect(dropped).toBeGreaterThan(0.18);
    expect(dropped).toBeLessThan(0.33);
    const behind = goldfishMask([5, 9, 2, ...passage], { strategy: 'hashed', k: 4 });
    expect(behind.subarray(3 + 12)).toEqual(alone.subarray(12));
  });

  it('drops every k-th from a start on', () => {
    const rule = { strategy: 'static', k: 3, start: 1 } as const;
    expect(Array.from(goldfishMask([7, 7, 7, 7, 7, 7], rule))).toEqual([1, 0, 1, 1, 0, 1]);
    expect(Array.from(goldfishMask([], rule))).toEqual([]);
  });

  it.each([
    [{ strategy: 'static', k: 1 }, 'k is 1'],
    [{ strategy: 'static', k: 3, start: -1 }, 'start is -1'],
    [{ strategy: 'hashed', k: 4, context: 0 }, 'context is 0'],
  ] as const)('refuses %j', (rule, message) => {
    expect(() => goldfishMask([1, 2], rule)).toThrow(message);
  });
});
