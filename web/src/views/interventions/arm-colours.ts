import { type KindMark, kindMarks } from '../../parts/kind-marks.js';

/** A mark for each arm, the same in all charts. */
export function armColours(arms: readonly { arm: string }[]): Map<string, KindMark> {
  return kindMarks(arms.map(({ arm }) => arm));
}
