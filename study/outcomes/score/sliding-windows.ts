/** One run of a model over tokens `begin` to `end` − 1, of which it scores those from `from` on. */
export interface ScoringWindow {
  begin: number;
  end: number;
  from: number;
}

/**
 * Windows that score each token of `from` to `length` − 1 once, with as much before it as fits: at least
 * `window` − `stride` tokens once the text is longer than the window. Token 0 is never scored: `from` ≥ 1.
 *
 * @param window tokens that the model sees at most
 * @param stride tokens that a window scores, after the first; under `window`
 */
export function* slidingWindows(
  length: number,
  from: number,
  { window, stride }: { window: number; stride: number },
): Generator<ScoringWindow> {
  let scored = from;
  for (let end = Math.min(length, Math.max(window, from + stride)); scored < length; ) {
    yield { begin: Math.max(0, end - window), end, from: scored };
    scored = end;
    end = Math.min(length, end + stride);
  }
}
