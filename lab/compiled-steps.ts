import { LRUCache } from 'lru-cache';
import type { RandomInputs } from './random-inputs.js';
import type { TrainingWork } from './training-run.js';
import { openTrainingStep, type TrainingStep } from './training-step.js';

/** Sessions keep the memory of their largest step. */
const OPEN_STEPS = 6;

/** Training steps of one model by the runs of its core: one where it has none. */
export class CompiledSteps {
  readonly #steps = new LRUCache<number, TrainingStep>({
    max: OPEN_STEPS,
    dispose: (step) => void this.#closing.push(step.close()),
  });
  readonly #closing: Promise<void>[] = [];

  constructor(readonly work: TrainingWork) {}

  async of(runs: RandomInputs['runs']): Promise<TrainingStep> {
    const found = this.#steps.get(runs);
    if (found) return found;
    const { config, settings, threads } = this.work;
    const { batch, clip, noise, differentiated } = settings;
    const loops = runs > 0 && { loops: { runs, differentiated: Math.min(runs, differentiated) } };
    const step = await openTrainingStep(
      config,
      { batch, clip, noise: noise > 0, ...loops },
      threads === undefined ? {} : { threads },
    );
    this.#steps.set(runs, step);
    return step;
  }

  async close(): Promise<void> {
    this.#steps.clear();
    await Promise.all(this.#closing);
  }
}
