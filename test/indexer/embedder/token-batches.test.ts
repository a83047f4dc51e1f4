import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenBatches } from '../../../indexer/embedder/token-batches.js';

describe('tokenBatches', () => {
  it('puts texts of like length together, shortest first', () => {
    expect(tokenBatches([9, 2, 8, 3, 20], 18)).toEqual([[1, 3], [2, 0], [4]]);
  });

  it('deals every text once, and keeps to the budget with padding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 })),
        fc.integer({ min: 0, max: 200 }),
        (lengths, budget) => {
          const batches = tokenBatches(lengths, budget);
          expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
          for (const batch of batches) {
            const longest = Math.max(...batch.map((text) => lengths[text]!));
            expect(batch.length === 1 || batch.length * longest <= budget).toBe(true);
          }
        },
      ),
    );
  });
});
