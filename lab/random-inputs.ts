import { randomLogNormal, randomNormal, randomPoisson } from 'd3';
import { seededUniform } from '../density/index.js';
import type { ModelConfig } from './config.js';
import type { TrainingSettings } from './training-settings.js';
import type { Batch } from './training-step.js';

/** What is drawn for a step of training, by its number alone. */
export interface RandomInputs {
  inputs: Pick<Batch, 'noise' | 'state'>;
  /** Runs of a recurrent core; 0 where there is none. */
  runs: number;
  /** Where the places of digits begin, less 1. */
  offset: number;
}

const SIGMA = 0.5;
/**
 * Draws a step's noise, runs and first state. The runs are Poisson(rate) + 1 with ln rate ~ N(ln r̄ − σ²/2, σ), σ = .5 (Geiping et al. 2025,
 * arXiv 2502.05171, section 3.3).
 */
export function randomInputs(config: ModelConfig, settings: TrainingSettings, step: number): RandomInputs {
  const uniform = seededUniform(settings.seed * 7_368_787 + step + 1);
  const size = settings.batch * config.context * config.width;
  const offset = config.positions === 'abacus' ? Math.floor(uniform() * (settings.offset + 1)) : 0;
  const inputs: RandomInputs['inputs'] = {};
  let runs = 0;
  if (config.recurrence) {
    const rate = randomLogNormal.source(uniform)(Math.log(settings.runs) - SIGMA ** 2 / 2, SIGMA)();
    runs = randomPoisson.source(uniform)(rate)() + 1;
    inputs.state = Float32Array.from({ length: size }, truncatedNormal(uniform));
  }
  if (settings.noise > 0) {
    const most = settings.noise / Math.sqrt(config.context * config.width);
    inputs.noise = Float32Array.from({ length: size }, () => (2 * uniform() - 1) * most);
  }
  return { inputs, runs, offset };
}

/** Normal numbers, drawn again beyond three deviations. */
function truncatedNormal(uniform: () => number): () => number {
  const normal = randomNormal.source(uniform)();
  return () => {
    let value = normal();
    while (Math.abs(value) > 3) value = normal();
    return value;
  };
}
