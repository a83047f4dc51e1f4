import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arm } from '../../../study/interventions/arms.js';
import { assignArms, blocksOf, drawUntouchedDocuments } from '../../../study/interventions/design.js';

const DEMO_ARMS: (Arm & { weight?: number })[] = [
  { name: 'control', dose: 0, kind: 'control', weight: 3 },
  { name: 'one', dose: 1, kind: 'paraphrase' },
  { name: 'three', dose: 3, kind: 'paraphrase' },
  { name: 'exact', dose: 1, kind: 'exact' },
];

const queriesOf = fc
  .array(fc.integer({ min: 0, max: 5 }), { maxLength: 120 })
  .map((blocks) => blocks.map((block, i) => ({ id: 1000 - 3 * i, block: `block ${block}` })));
const armsOf = fc
  .array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 6 })
  .map((weights) =>
    weights.map((weight, i): Arm & { weight: number } => ({
      name: `arm ${i}`,
      dose: i,
      kind: 'paraphrase',
      weight,
    })),
  );
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('assignArms', () => {
  it('gives every query one arm with its dose, in the order of the queries', () => {
    fc.assert(
      fc.property(queriesOf, armsOf, seeds, (queries, arms, seed) => {
        const drawn = assignArms(queries, arms, seed);
        expect(drawn.map((assignment) => assignment.query)).toEqual(queries.map((query) => query.id));
        for (const { arm, dose } of drawn) expect(dose).toBe(arms.find(({ name }) => name === arm)!.dose);
      }),
    );
  });

  it('keeps every arm within one query of its part of every block', () => {
    fc.assert(
      fc.property(queriesOf, armsOf, seeds, (queries, arms, seed) => {
        const drawn = assignArms(queries, arms, seed);
        const total = arms.reduce((sum, arm) => sum + arm.weight, 0);
        for (const block of new Set(queries.map((query) => query.block))) {
          const inside = drawn.filter((_, i) => queries[i]!.block === block);
          for (const arm of arms) {
            const part = (inside.length * arm.weight) / total;
            const size = inside.filter((assignment) => assignment.arm === arm.name).length;
            expect(Math.abs(size - part)).toBeLessThan(1 + 1e-9);
          }
        }
      }),
    );
  });

  it('makes arms of equal weight differ by one query at most in every block', () => {
    fc.assert(
      fc.property(queriesOf, fc.integer({ min: 1, max: 6 }), seeds, (queries, count, seed) => {
        const arms = Array.from({ length: count }, (_, i): Arm => ({ name: `${i}`, dose: i, kind: 'exact' }));
        const drawn = assignArms(queries, arms, seed);
        for (const block of new Set(queries.map((query) => query.block))) {
          const inside = drawn.filter((_, i) => queries[i]!.block === block);
          const sizes = arms.map((arm) => inside.filter((assignment) => assignment.arm === arm.name).length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is the same for the same seed and differs for another', () => {
    const queries = Array.from({ length: 60 }, (_, id) => ({ id, block: `${id % 4}` }));
    expect(assignArms(queries, DEMO_ARMS, 7)).toEqual(assignArms(queries, DEMO_ARMS, 7));
    expect(assignArms(queries, DEMO_ARMS, 7)).not.toEqual(assignArms(queries, DEMO_ARMS, 8));
  });

  it('treats half of the queries in the demo, a sixth in each treated arm', () => {
    const queries = Array.from({ length: 600 }, (_, id) => ({ id, block: `${id % 5}` }));
    const drawn = assignArms(queries, DEMO_ARMS, 1);
    const sizes = DEMO_ARMS.map(({ name }) => drawn.filter(({ arm }) => arm === name).length);
    expect(sizes).toEqual([300, 100, 100, 100]);
  });

  it('spreads what rounding leaves over in proportion to the weights', () => {
    // One query a block: each of 2000 seeds draws its arm, half of them the control.
    const drawn = Array.from(
      { length: 2000 },
      (_, seed) => assignArms([{ id: 1, block: 'a' }], DEMO_ARMS, seed)[0]!,
    );
    const share = (arm: string) => drawn.filter((assignment) => assignment.arm === arm).length / drawn.length;
    expect(share('control')).toBeCloseTo(1 / 2, 1);
    for (const arm of ['one', 'three', 'exact']) expect(Math.abs(share(arm) - 1 / 6)).toBeLessThan(0.04);
  });

  it('refuses designs that cannot be drawn', () => {
    const control: Arm = { name: 'control', dose: 0, kind: 'control' };
    expect(() => assignArms([], [], 1)).toThrow('at least one arm');
    expect(() => assignArms([], [control, control], 1)).toThrow('control');
    expect(() => assignArms([], [{ ...control, weight: 0 }], 1)).toThrow('weight must be positive, not 0');
    expect(() => assignArms([], [{ ...control, weight: Number.NaN }], 1)).toThrow('NaN');
    const twice = [
      { id: 4, block: 'a' },
      { id: 4, block: 'b' },
    ];
    expect(() => assignArms(twice, [control], 1)).toThrow('listed twice');
  });
});

describe('drawUntouchedDocuments', () => {
  const names = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 40 });
  const shares = fc.double({ min: 0, max: 1, noNaN: true });

  it('draws the share of the different documents, whatever their order and repeats', () => {
    fc.assert(
      fc.property(names, shares, seeds, (documents, share, seed) => {
        const drawn = drawUntouchedDocuments(documents, share, seed);
        const all = new Set(documents);
        for (const name of drawn) expect(all.has(name)).toBe(true);
        expect(Math.abs(drawn.size - share * all.size)).toBeLessThanOrEqual(1);
        expect(drawUntouchedDocuments([...documents, ...documents].reverse(), share, seed)).toEqual(drawn);
      }),
    );
  });

  it('leaves both sides someone when the share is between none and all', () => {
    const documents = ['a', 'b', 'c'];
    expect(drawUntouchedDocuments(documents, 0.01, 1).size).toBe(1);
    expect(drawUntouchedDocuments(documents, 0.99, 1).size).toBe(2);
    expect(drawUntouchedDocuments(documents, 0, 1).size).toBe(0);
    expect(drawUntouchedDocuments(documents, 1, 1).size).toBe(3);
  });

  it('refuses a share outside [0, 1]', () => {
    expect(() => drawUntouchedDocuments(['a'], 1.5, 1)).toThrow('1.5');
    expect(() => drawUntouchedDocuments(['a'], Number.NaN, 1)).toThrow('NaN');
  });
});

describe('blocksOf', () => {
  const queries = Array.from({ length: 60 }, (_, id) => ({
    id,
    subject: id < 50 ? 'law' : 'art',
    log10Density: -((id * 17) % 60),
  }));

  it('keeps subjects apart, and like densities together where there are enough of them', () => {
    const blocks = blocksOf(queries, 5);
    expect(blocks.map(({ id }) => id)).toEqual(queries.map(({ id }) => id));
    const members = (block: string) =>
      blocks.filter((one) => one.block === block).map(({ id }) => queries[id]!.log10Density);
    const law = [1, 2, 3, 4].map((number) => members(`law, density ${number} of 4`));
    expect(law.map((block) => block.length)).toEqual([13, 12, 13, 12]);
    for (const [i, block] of law.slice(1).entries()) {
      expect(Math.min(...block)).toBeGreaterThan(Math.max(...law[i]!));
    }
    expect(members('art, density 1 of 1')).toHaveLength(10);
  });
});
