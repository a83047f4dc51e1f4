/**
 * The suffix array of a sequence: the starts of its suffixes in lexicographic order. Induced sorting in linear time
 * (Nong, Zhang & Chan 2009, Linear suffix array construction by almost pure induced-sorting).
 *
 * @param text (length) whole numbers from 0 to `largest`
 */
export function suffixArray(text: Int32Array, largest: number): Int32Array {
  const length = text.length;
  if (length < 2) return new Int32Array(length);
  const types = suffixTypes(text);
  const starts = leftmostSmaller(types);
  const buckets = bucketsOf(text, types, largest);
  const suffixes = new Int32Array(length);
  induce(suffixes, starts, text, types, buckets);
  if (starts.length === 0) return suffixes;
  const numberAt = new Int32Array(length).fill(-1);
  for (let i = 0; i < starts.length; i++) numberAt[starts[i]!] = i;
  const sorted = suffixes.filter((start) => numberAt[start]! >= 0);
  const names = new Int32Array(starts.length);
  let name = 0;
  for (let i = 1; i < sorted.length; i++) {
    const [before, start] = [sorted[i - 1]!, sorted[i]!];
    const [a, b] = [numberAt[before]!, numberAt[start]!];
    if (!sameBlock(text, before, starts[a + 1] ?? length, start, starts[b + 1] ?? length)) name++;
    names[b] = name;
  }
  const order = suffixArray(names, name);
  induce(
    suffixes,
    order.map((number) => starts[number]!),
    text,
    types,
    buckets,
  );
  return suffixes;
}

/** (length): 1 where the suffix is smaller than the next (S), 0 where it is larger (L), as the last is. */
function suffixTypes(text: Int32Array): Uint8Array {
  const types = new Uint8Array(text.length);
  for (let i = text.length - 2; i >= 0; i--) {
    types[i] = text[i] === text[i + 1] ? types[i + 1]! : Number(text[i]! < text[i + 1]!);
  }
  return types;
}

/** The starts of S suffixes behind an L suffix, in the order of the text. */
function leftmostSmaller(types: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 1; i < types.length; i++) if (types[i] === 1 && types[i - 1] === 0) count++;
  const starts = new Int32Array(count);
  for (let i = types.length - 1; i > 0; i--) if (types[i] === 1 && types[i - 1] === 0) starts[--count] = i;
  return starts;
}

/** Where, by its first value, the L suffixes and behind them the S suffixes of a bucket begin. */
interface Buckets {
  larger: Int32Array;
  smaller: Int32Array;
}

function bucketsOf(text: Int32Array, types: Uint8Array, largest: number): Buckets {
  const larger = new Int32Array(largest + 2);
  const smaller = new Int32Array(largest + 2);
  for (let i = 0; i < text.length; i++) (types[i] === 0 ? smaller : larger)[text[i]! + types[i]!]!++;
  for (let value = 0; value <= largest; value++) {
    smaller[value]! += larger[value]!;
    larger[value + 1]! += smaller[value]!;
  }
  return { larger, smaller };
}

/** Sorts all suffixes from an order of those at `starts`. */
function induce(
  suffixes: Int32Array,
  starts: Int32Array,
  text: Int32Array,
  types: Uint8Array,
  { larger, smaller }: Buckets,
): void {
  suffixes.fill(-1);
  let next = smaller.slice();
  for (let i = 0; i < starts.length; i++) suffixes[next[text[starts[i]!]!]!++] = starts[i]!;
  next = larger.slice();
  const last = text.length - 1;
  suffixes[next[text[last]!]!++] = last;
  for (let i = 0; i < suffixes.length; i++) {
    const before = suffixes[i]! - 1;
    if (before >= 0 && types[before] === 0) suffixes[next[text[before]!]!++] = before;
  }
  next = larger.slice();
  for (let i = last; i >= 0; i--) {
    const before = suffixes[i]! - 1;
    if (before >= 0 && types[before] === 1) suffixes[--next[text[before]! + 1]!] = before;
  }
}

/** Whether two blocks, each up to and with the start of the next one, are the same. */
function sameBlock(text: Int32Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b || aEnd === text.length || bEnd === text.length) return false;
  for (let i = 0; i <= aEnd - a; i++) if (text[a + i] !== text[b + i]) return false;
  return true;
}
