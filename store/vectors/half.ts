/** IEEE 754 half floats, kept in 16-bit integers. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
/** 2⁻¹: the last bit of its float32 is 2⁻²⁴, which is the smallest half. */
const HALF = 0.5;
const HALF_BITS = 0x3f000000;
/** Bits of the float32 from which halves are normal (2⁻¹⁴), and of the first that rounds to infinity (65,520). */
const NORMAL = 0x38800000;
const OVERFLOW = 0x477ff000;
const INFINITE = 0x7f800000;

/** Rounds float32 numbers to the nearest halves, ties to even. */
export function encodeHalf(from: Float32Array, into: Uint16Array): void {
  for (let i = 0; i < from.length; i++) {
    float[0] = from[i]!;
    const sign = (bits[0]! >>> 16) & 0x8000;
    const absolute = bits[0]! & 0x7fffffff;
    into[i] = sign | encodeAbsolute(absolute);
  }
}

function encodeAbsolute(absolute: number): number {
  if (absolute > INFINITE) return 0x7e00;
  if (absolute >= OVERFLOW) return 0x7c00;
  if (absolute >= NORMAL) return (absolute + 0xfff + ((absolute >>> 13) & 1) - (112 << 23)) >>> 13;
  bits[0] = absolute;
  // The sum is rounded where the half's last bit is.
  float[0] = float[0]! + HALF;
  return bits[0]! - HALF_BITS;
}

/** Every half as a float32. */
const DECODED = decodeAll();

function decodeAll(): Float32Array {
  const decoded = new Float32Array(1 << 16);
  for (let half = 0; half < decoded.length; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) decoded[half] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else if (exponent === 0) decoded[half] = sign * fraction * 2 ** -24;
    else decoded[half] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return decoded;
}

/** Turns halves into float32 numbers. */
export function decodeHalf(from: Uint16Array, into: Float32Array): void {
  for (let i = 0; i < from.length; i++) into[i] = DECODED[from[i]!]!;
}
