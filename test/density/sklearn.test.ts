import { describe, expect, it } from 'vitest';
import { exactDensity } from '../../density/index.js';
import { runPython, whyNoPython } from '../support/python.js';
import { skipping } from '../support/skipping.js';
import { clusteredVectors } from './clustered.js';
import { pointsInMemory } from './oracle.js';

const DIMS = 8;
const PROGRAM = `
import sys, json, numpy
from sklearn.neighbors import KernelDensity
given = json.loads(sys.argv[1])
x, q = (numpy.array(given[name]).reshape(-1, given['dims']) for name in ('points', 'queries'))
scores = {k: [KernelDensity(kernel=k, bandwidth=h).fit(x).score_samples(q).tolist() for h in given['bandwidths']]
          for k in given['kernels']}
print(json.dumps(scores))
`;

describe.skipIf(skipping('scikit-learn’s KernelDensity', whyNoPython('sklearn', 'python3-sklearn')))(
  'exactDensity against scikit-learn',
  () => {
    it.each([
      ['exponential', 'exponential'],
      ['gaussian', 'gaussian'],
      ['vmf', 'gaussian'],
    ] as const)(
      '%s differs from KernelDensity(%s) by the normalising constant alone',
      async (kernel, theirs) => {
        const [points, queries] = [clusteredVectors(200, DIMS, 1), clusteredVectors(20, DIMS, 2)];
        const bandwidths = [0.1, 0.3, 1];
        const given = {
          points: [...points],
          queries: [...queries],
          dims: DIMS,
          bandwidths,
          kernels: [theirs],
        };
        const scores = runPython<Record<string, number[][]>>(PROGRAM, JSON.stringify(given));
        for (const [b, bandwidth] of bandwidths.entries()) {
          const ours = await exactDensity(queries, [pointsInMemory('a', points, DIMS)], {
            kernel,
            bandwidth,
          });
          const differences = ours.map(({ logDensity }, q) => logDensity - scores[theirs]![b]![q]!);
          for (const difference of differences) expect(difference).toBeCloseTo(differences[0]!, 3);
        }
      },
    );
  },
);
