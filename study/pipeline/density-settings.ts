import { z } from 'zod';
import { chooseEstimator, ESTIMATOR_NAMES, KERNEL_NAMES } from '../../density/index.js';
import { UsageError } from '../../store/index.js';

const limit = z.number().positive().max(1);

/** The `density` of a study file: kernels, bandwidth, estimator, and what is kept of each query. */
export const densitySettings = z
  .strictObject({
    kernels: z.array(z.enum(KERNEL_NAMES)).min(1).default(['exponential', 'gaussian']),
    bandwidth: z
      .union([
        z.enum(['auto', 'likelihood'], { error: 'give a number above 0, "auto" or "likelihood"' }),
        z.number().positive(),
      ])
      .default('auto'),
    /** Whether density is also kept at 16 bandwidths around the one chosen. */
    sweep: z.boolean().default(true),
    /** Training points that are taken out and measured in the rest, so that densities have percentiles; 0 for none. */
    calibrate: z.number().int().min(0).max(100_000).default(500),
    effective_samples: z.number().min(1).default(100),
    neighbours: z.number().int().min(1).max(1000).default(10),
    estimator: z.enum(ESTIMATOR_NAMES).optional(),
    rel_error: limit.optional(),
    budget: limit.optional(),
  })
  .prefault({})
  .transform(({ estimator: given, rel_error: relativeError, budget, ...settings }, context) => {
    try {
      return { ...settings, estimator: chooseEstimator(given, { relativeError, budget }) };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const path = [relativeError === undefined ? 'budget' : 'rel_error'];
      context.addIssue({ code: 'custom', message: error.message, path });
      return z.NEVER;
    }
  });
