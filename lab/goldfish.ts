import MersenneTwister from 'mersenne-twister';

/** Which tokens of a sequence the goldfish loss drops. */
export type GoldfishRule =
  /** Every k-th, from `start` (0 by default) on. */
  | { strategy: 'static'; k: number; start?: number }
  /** Those whose window of `context` ids, themselves the last, hashes below 1/k; 13 by default. */
  | { strategy: 'hashed'; k: number; context?: number };

const TABLE_SIZE = 1_000_003;
const TABLE_SEED = 2_971_215_073;
const CONTEXT = 13;
/** Float32 numbers that PyTorch draws have 24 bits. */
const BITS = 2 ** 24;

let table: Float32Array | undefined;

/**
 * The published table of uniforms: torch.rand(1,000,003) on a CPU by the generator seeded with 2,971,215,073, that is, the low 24 bits of
 * the Mersenne Twister's numbers.
 */
export function goldfishTable(): Float32Array {
  if (!table) {
    const twister = new MersenneTwister(TABLE_SEED);
    table = Float32Array.from({ length: TABLE_SIZE }, () => (twister.random_int() % BITS) / BITS);
  }
  return table;
}

/**
 * The loss mask of the goldfish loss: 1 for ids that are supervised, 0 for those that are dropped (Hans et al. 2024, arXiv 2406.10209; the published
 * code's rule, bit for bit). The hash is the product of the window's ids, which wraps as a signed 64-bit integer, modulo the table's
 * size; an id of 0 makes it 0, and the order of ids does not matter. The first context − 1 ids are never dropped.
 *
 * @param ids token ids, from 0
 * @throws RangeError for a k below 2, or a context or start that is no whole number in range
 */
export function goldfishMask(ids: ArrayLike<number>, rule: GoldfishRule): Uint8Array {
  const { k } = rule;
  if (!(Number.isInteger(k) && k >= 2))
    throw new RangeError(`k is ${k}: one token in k is dropped, k at least 2.`);
  const mask = new Uint8Array(ids.length).fill(1);
  if (rule.strategy === 'static') {
    const { start = 0 } = rule;
    if (!(Number.isInteger(start) && start >= 0))
      throw new RangeError(`start is ${start}: give a whole number from 0.`);
    for (let i = start; i < ids.length; i += k) mask[i] = 0;
    return mask;
  }
  const { context = CONTEXT } = rule;
  if (!(Number.isInteger(context) && context >= 1))
    throw new RangeError(`context is ${context}: give at least 1.`);
  const uniforms = goldfishTable();
  const limit = 1 / k;
  for (let end = context; end <= ids.length; end++) {
    let product = 1n;
    for (let i = end - context; i < end; i++) product = BigInt.asIntN(64, product * BigInt(ids[i]!));
    // The remainder has the sign of the divisor, as Python's and PyTorch's has.
    const key = Number(((product % BigInt(TABLE_SIZE)) + BigInt(TABLE_SIZE)) % BigInt(TABLE_SIZE));
    if (uniforms[key]! < limit) mask[end - 1] = 0;
  }
  return mask;
}
