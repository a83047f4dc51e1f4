/** Gives what every worker gives, in the order of the workers, to all of them; valid until the next call. */
export type Gather = (values: Float64Array) => readonly Float64Array[];

/** There are no others. */
export const alone: Gather = (values) => [values];

/** Memory that workers share. */
export interface Shared {
  /** How many have come to the meeting, how many meetings there were, and 1 where one of the workers has failed. */
  state: SharedArrayBuffer;
  /** Room for the values of each worker. */
  values: SharedArrayBuffer[];
}

const [CAME, MEETINGS, FAILED] = [0, 1, 2];
/** How often those who wait look whether the others are still there, ms. */
const LOOK_MS = 200;

/** A worker that others wait for has failed; its own error says why. */
export class Deserted extends Error {}

/** Memory for so many workers, each of which gives up to `length` numbers at once. */
export function shareMemory(workers: number, length: number): Shared {
  return {
    state: new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT),
    values: Array.from({ length: workers }, () => {
      return new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT);
    }),
  };
}

/** Tells all workers that one has failed. */
export function giveUp({ state }: Shared): void {
  const flags = new Int32Array(state);
  Atomics.store(flags, FAILED, 1);
  Atomics.notify(flags, MEETINGS);
}

/** A gathering of workers that share memory: all have to come, the same number of times, and each blocks its thread until all have. */
export function gatherShared({ state, values: memory }: Shared, worker: number): Gather {
  const flags = new Int32Array(state);
  const meet = () => {
    const meeting = Atomics.load(flags, MEETINGS);
    if (Atomics.add(flags, CAME, 1) === memory.length - 1) {
      Atomics.store(flags, CAME, 0);
      Atomics.add(flags, MEETINGS, 1);
      Atomics.notify(flags, MEETINGS);
    }
    while (Atomics.load(flags, MEETINGS) === meeting) {
      if (Atomics.load(flags, FAILED) === 1) throw new Deserted('Another worker has failed.');
      Atomics.wait(flags, MEETINGS, meeting, LOOK_MS);
    }
  };
  return (values) => {
    // Nobody writes while another still reads what was there.
    meet();
    new Float64Array(memory[worker]!, 0, values.length).set(values);
    meet();
    return memory.map((buffer) => new Float64Array(buffer, 0, values.length));
  };
}
