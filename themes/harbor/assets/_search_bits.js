// A stream of bits, the highest of each byte first, as the index of the search is written in.

// How many ones stand for a number that is written in full.
const ESCAPE = 24;

/** Reads the bits of bytes one number after the other; beyond the end there are zeros. */
export class Bits {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** The number that the next `count` bits are, 32 at most. */
  bits(count) {
    let value = 0;
    let left = count;
    while (left > 0) {
      const within = this.at & 7;
      const taken = Math.min(8 - within, left);
      const byte = this.bytes[this.at >> 3] || 0;
      // No shift: of 32 bits the highest would be a sign.
      value = value * (1 << taken) + ((byte >> (8 - within - taken)) & ((1 << taken) - 1));
      this.at += taken;
      left -= taken;
    }
    return value;
  }

  /** How many bits like `bit` are next, `most` at most; what ends them is read too. */
  run(bit, most) {
    let count = 0;
    while (count < most) {
      const next = ((this.bytes[this.at >> 3] || 0) >> (7 - (this.at & 7))) & 1;
      this.at += 1;
      if (next !== bit) return count;
      count += 1;
    }
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
