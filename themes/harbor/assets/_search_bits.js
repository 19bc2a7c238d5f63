// A stream of bits, the highest of each byte first, as the index of the search is written in.

// How many ones stand for a number that is written in full.
const ESCAPE = 24;

/** Reads the bits of bytes one number after the other; beyond the end there are zeros. */
export class Bits {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** The next 32 bits, as a number with a sign. */
  ahead() {
    const { bytes, at } = this;
    const from = at >> 3;
    const within = at & 7;
    const word = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
    return within === 0 ? word : (word << within) | (bytes[from + 4] >> (8 - within));
  }

  /** The number that the next `count` bits are, 32 at most. */
  bits(count) {
    // Of no bits nothing is left, of which a shift by 32 knows nothing.
    if (count === 0) return 0;
    const value = this.ahead() >>> (32 - count);
    this.at += count;
    return value;
  }

  /** How many bits like `bit` are next, `most` at most, which is 31 or less; what ends them is read too. */
  run(bit, most) {
    const count = Math.min(Math.clz32(bit === 1 ? ~this.ahead() : this.ahead()), most);
    this.at += count === most ? count : count + 1;
    return count;
  }

  /** The number that the next Rice code stands for. */
  rice(k) {
    const quotient = this.run(1, ESCAPE);
    return quotient === ESCAPE ? this.bits(32) : quotient * 2 ** k + this.bits(k);
  }

  /** The number that the next Elias gamma code stands for. */
  gamma() {
    const further = this.run(0, 31);
    return 2 ** further + this.bits(further);
  }
}

/** The parameter of a Rice code that suits numbers of this size on average. */
export function parameter(total, count) {
  return 31 - Math.clz32(Math.max(Math.floor(total / Math.max(count, 1)), 1));
}
