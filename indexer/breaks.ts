/** The segmenter takes time with the square of what it is given, so it is given this much at a time, characters. */
export const WINDOW = 4096;

/** Where a segmenter cuts `text`, the last break being its end; a window at a time, so that the time is linear. */
export function* breaksOf(text: string, segmenter: Intl.Segmenter, window = WINDOW): Generator<number> {
  let from = 0;
  let size = window;
  while (from < text.length) {
    const part = text.slice(from, from + size);
    const ends = Array.from(segmenter.segment(part), ({ index, segment }) => from + index + segment.length);
    // The window's end is no break, and what follows it may undo the one before: that needs a later one to be sure.
    const sure = from + size >= text.length ? ends : ends.slice(0, -2);
    yield* sure;
    size = sure.length > 0 ? window : size * 2;
    from = sure.at(-1) ?? from;
  }
}
