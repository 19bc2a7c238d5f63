//! A stream of bits, the first being the highest of the first byte.

/// How many ones stand for a value that is written in full.
const ESCAPE: u32 = 24;

/// Writes bits.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// What is not yet a whole byte, in the low bits.
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// Writes the lowest `count` bits of `value`, 32 at most.
    pub(super) fn bits(&mut self, value: u32, count: u32) {
        let mask = (1_u64 << count) - 1;
        self.pending = (self.pending << count) | (u64::from(value) & mask);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.pending >> self.count) as u8);
        }
    }

    /// Writes a number as a Rice code: how often `2^k` goes into it as ones and a zero, then the rest
    /// in `k` bits; from 24 ones on, these ones and the number in 32 bits.
    pub(super) fn rice(&mut self, value: u32, k: u32) {
        let quotient = value >> k;
        if quotient >= ESCAPE {
            self.bits((1 << ESCAPE) - 1, ESCAPE);
            return self.bits(value, 32);
        }
        self.bits((1 << (quotient + 1)) - 2, quotient + 1);
        self.bits(value, k);
    }

    /// Writes a number from 1 on as an Elias gamma code: as many zeros as it has bits beyond the first,
    /// then its bits.
    pub(super) fn gamma(&mut self, value: u32) {
        let further = value.ilog2();
        self.bits(0, further);
        self.bits(value, further + 1);
    }

    /// The bytes, the last filled up with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            let missing = 8 - self.count;
            self.bits(0, missing);
        }
        self.bytes
    }
}

/// Reads what a [`BitWriter`] wrote; beyond the end there are zeros.
#[derive(Debug, Clone)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    /// Begins at the first bit.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        BitReader { bytes, at: 0 }
    }

    /// The next 57 bits or more, the first of them highest.
    fn ahead(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let word = match rest.first_chunk::<8>() {
            Some(word) => *word,
            None => {
                let mut word = [0; 8];
                word[..rest.len()].copy_from_slice(rest);
                word
            }
        };
        u64::from_be_bytes(word) << (self.at % 8)
    }

    /// The number that the next `count` bits are, 32 at most.
    pub(super) fn bits(&mut self, count: u32) -> u32 {
        let bits = self.ahead() >> 1 >> (63 - count);
        self.at += count as usize;
        bits as u32
    }

    /// The number that the next Rice code stands for.
    pub(super) fn rice(&mut self, k: u32) -> u32 {
        let quotient = self.ahead().leading_ones().min(ESCAPE);
        self.at += quotient as usize;
        if quotient == ESCAPE {
            return self.bits(32);
        }
        self.at += 1;
        quotient << k | self.bits(k)
    }

    /// The number that the next Elias gamma code stands for.
    pub(super) fn gamma(&mut self) -> u32 {
        let further = self.ahead().leading_zeros().min(31);
        self.at += further as usize;
        self.bits(further + 1)
    }
}

/// The parameter of a Rice code that suits numbers of this size on average.
pub(super) fn parameter(total: u32, count: u32) -> u32 {
    (total / count.max(1)).max(1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = BitWriter::default();
        let values = [0, 1, 2, 7, 8, 1_000, 65_535, u32::MAX];
        for value in values {
            for k in [0, 3, 12] {
                writer.rice(value, k);
            }
            writer.gamma(value.max(1));
            writer.bits(value, 32);
            writer.bits(value, 3);
        }
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        for value in values {
            for k in [0, 3, 12] {
                assert_eq!(reader.rice(k), value);
            }
            assert_eq!(reader.gamma(), value.max(1));
            assert_eq!(reader.bits(32), value);
            assert_eq!(reader.bits(3), value & 7);
        }
    }
}
