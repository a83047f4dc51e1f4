import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkText, openTokenizer, type Span, type TokenWindows } from '../../indexer/index.js';
import { stateOfTheUnion } from './texts.js';

const tokenizer = openTokenizer();
const useLite = (text: string) => tokenizer.encode(text).length;
/** As tokenizers that fall back on bytes count: no word of theirs is one token whatever its length. */
const bytes = (text: string) => Buffer.byteLength(text);

const windowsOf = (whole: string, tokens: number, overlap: number, count = useLite) =>
  chunkText(whole, { by: 'tokens', tokens, overlap }, count);
const textOf = (whole: string, { start, end }: Span) => whole.slice(start, end);

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        'Peace',
        'constitutionally',
        'is ',
        ' U.S. ',
        ', ',
        '\n\n',
        '今天天气很好。',
        'สวัสดีชาวโลก',
        '😀',
        '👨‍👩‍👧‍👦',
        '🇺🇸',
        'e\u0301',
        '\u00a0',
        '\ufeff',
        'xyz'.repeat(30),
        '7'.repeat(50),
        '\ud83d',
      ),
      { maxLength: 80 },
    )
    .map((parts) => parts.join('')),
);
const sizes = fc
  .tuple(fc.integer({ min: 3, max: 60 }), fc.double({ min: 0, max: 0.999, noNaN: true }))
  .map(([tokens, share]) => ({ tokens, overlap: Math.floor(tokens * share) }));

/** What holds for all windows of all texts. */
function expectWindows(
  whole: string,
  { tokens, overlap }: Omit<TokenWindows, 'by'>,
  count = useLite,
): Span[] {
  const windows = windowsOf(whole, tokens, overlap, count);
  let last: Span = { start: -1, end: 0 };
  for (const window of windows) {
    const part = textOf(whole, window);
    // One code point may be several tokens (a ligature that NFKC takes apart), and is never cut.
    if ([...part].length > 1) expect(count(part)).toBeLessThanOrEqual(tokens);
    expect(part).toBe(part.trim());
    expect(window.start).toBeGreaterThan(last.start);
    expect(window.end).toBeGreaterThan(last.end);
    // Nothing but white space is between two windows, and what they share fits into the overlap.
    if (window.start >= last.end) expect(whole.slice(last.end, window.start).trim()).toBe('');
    else expect(count(whole.slice(window.start, last.end))).toBeLessThanOrEqual(overlap);
    last = window;
  }
  expect(whole.slice(last.end).trim()).toBe('');
  return windows;
}

describe('chunkText by tokens', () => {
  it('gives windows that fit, hold every character, and share no more than asked for', () => {
    fc.assert(
      fc.property(text, sizes, (whole, size) => {
        expectWindows(whole, size);
      }),
      { numRuns: 1000 },
    );
  });

  it('does so for a tokenizer of bytes', () => {
    const room = sizes.map(({ tokens, overlap }) => ({ tokens: tokens + 4, overlap }));
    fc.assert(
      fc.property(text, room, (whole, size) => {
        expectWindows(whole, size, bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('fills windows of English to within a word', () => {
    const address = stateOfTheUnion()[0]!;
    for (const [tokens, overlap] of [
      [16, 0],
      [100, 20],
      [256, 128],
      [50, 49],
    ] as const) {
      const windows = expectWindows(address, { tokens, overlap });
      windows.slice(0, -1).forEach(({ start, end }, i) => {
        const more = /^\s*(?:[\p{L}\p{N}]+(?:[.,'’][\p{L}\p{N}]+)*|\S)/u.exec(address.slice(end))![0].length;
        expect(useLite(address.slice(start, end + more))).toBeGreaterThan(tokens);
        const next = windows[i + 1]!;
        if (overlap < tokens / 2) return;
        expect(useLite(address.slice(next.start, end))).toBeGreaterThan(overlap - 12);
      });
    }
  });

  it('cuts between words', () => {
    const whole = 'We hold these truths to be self-evident and plain.';
    expect(windowsOf(whole, 6, 2).map((span) => textOf(whole, span))).toMatchInlineSnapshot(`
      [
        "We hold these truths to",
        "to be self-evident",
        "and plain.",
      ]
    `);
  });

  it('cuts a word of many tokens between graphemes', () => {
    const family = '👨‍👩‍👧‍👦';
    const whole = family.repeat(40);
    const windows = windowsOf(whole, 100, 0, bytes);
    expect(windows.length).toBeGreaterThan(9);
    for (const window of windows) expect(textOf(whole, window)).toMatch(new RegExp(`^(?:${family})+$`));
  });

  it('cuts a grapheme of many tokens between code points, and no code point', () => {
    const whole = `e${'\u0301'.repeat(300)}😀`;
    const windows = windowsOf(whole, 10, 0, bytes);
    expect(windows.every((window) => bytes(textOf(whole, window)) <= 10)).toBe(true);
    expect(windowsOf('😀😀', 3, 0, bytes)).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 4 },
    ]);
  });

  it.each([
    ['letters', 'x'.repeat(1_000_000)],
    ['letters of a pattern', 'qzjvk'.repeat(200_000)],
    ['digits', '31415926'.repeat(125_000)],
    ['Chinese', '今天天气很好'.repeat(166_000)],
    ['emoji', '😀'.repeat(500_000)],
    ['emoji between letters', '😀a'.repeat(330_000)],
    ['full stops', '.'.repeat(1_000_000)],
    ['words after a run of emoji', `${'😀'.repeat(100_000)}${'word '.repeat(160_000)}`],
  ])('cuts a megabyte of %s', (_, whole) => {
    let counted = 0;
    const windows = windowsOf(whole, 128, 32, (part) => {
      counted += part.length;
      return useLite(part);
    });
    // Linear: what is counted is a few times the text.
    expect(counted).toBeLessThan(20 * whole.length);
    expect(windows.at(-1)!.end).toBe(whole.trimEnd().length);
    for (const window of windows.filter((_, i) => i % 50 === 0))
      expect(useLite(textOf(whole, window))).toBeLessThanOrEqual(128);
  });

  it('fills the windows of 3 million characters', () => {
    const whole = stateOfTheUnion().join(' ').slice(0, 3_000_000);
    const windows = windowsOf(whole, 256, 32);
    const counts = windows.slice(0, -1).map((window) => useLite(textOf(whole, window)));
    expect(Math.max(...counts)).toBe(256);
    expect(Math.min(...counts)).toBeGreaterThan(236);
  });

  it('gives no window for white space', () => {
    expect(windowsOf(' \n\t ', 5, 1)).toEqual([]);
    expect(windowsOf('', 5, 1)).toEqual([]);
  });

  it('refuses sizes that cannot be', () => {
    expect(() => windowsOf('text', 0, 0)).toThrow('at least 1');
    expect(() => windowsOf('text', 2.5, 0)).toThrow('whole number');
    expect(() => windowsOf('text', 5, 5)).toThrow('from 0 to 4');
    expect(() => windowsOf('text', 5, -1)).toThrow('from 0 to 4');
    expect(() => windowsOf('text', 5, Number.NaN)).toThrow('from 0 to 4');
  });
});
