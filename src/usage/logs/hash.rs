//! Hashes of bytes: seeded anew in each process, so that nobody can write log lines whose hashes collide.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// Secrets of the process. Without them nobody can say which texts have the same hash.
#[derive(Debug, Clone, Copy)]
pub struct Seed(u64, u64);

static SEED: LazyLock<Seed> = LazyLock::new(|| {
    let state = RandomState::new();
    Seed(state.hash_one(1) | 1, state.hash_one(2) | 1)
});

/// Those of this process, for [`bytes`].
pub fn seed() -> Seed {
    *SEED
}

/// For what is told to people: the same text has the same hash in each process, and so the same log the same estimate.
pub const FIXED: Seed = Seed(0x2545_f491_4f6c_dd1d, 0xd6e8_feb8_6659_fd93);

/// A hash of which all bits may be used: 64-bit multiplications folded onto themselves, sixteen bytes each.
///
/// Two texts have the same one about once in 2^64, so that a cache may take an equal hash for an equal text.
#[inline]
pub fn bytes(seed: Seed, text: &[u8]) -> u64 {
    let Seed(first, second) = seed;
    let mut hash = first ^ (text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut chunks = text.chunks_exact(16);
    for chunk in &mut chunks {
        let (low, high) = chunk.split_at(8);
        hash = fold(word(low) ^ hash, word(high) ^ second);
    }
    let rest = chunks.remainder();
    let (low, high) = match rest.len() {
        0 => (0, 0),
        8..=15 => (word(rest), word(rest.get(rest.len() - 8..).unwrap_or_default())),
        4..=7 => (half(rest), half(rest.get(rest.len() - 4..).unwrap_or_default())),
        length => {
            let at = |index: usize| u64::from(rest.get(index).copied().unwrap_or_default());
            (at(0) | at(length / 2) << 8 | at(length - 1) << 16, 0)
        }
    };
    fold(fold(low ^ hash, high ^ second), first)
}

/// Two hashes in one.
#[inline]
pub fn join(one: u64, other: u64) -> u64 {
    fold(one ^ 0x8ebc_6af0_9c88_c6e3, other.wrapping_add(0x5899_65cc_7537_4cc3))
}

#[inline]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one).wrapping_mul(u128::from(other));
    product as u64 ^ (product >> 64) as u64
}

#[inline]
fn word(text: &[u8]) -> u64 {
    text.first_chunk::<8>().map_or(0, |chunk| u64::from_le_bytes(*chunk))
}

#[inline]
fn half(text: &[u8]) -> u64 {
    text.first_chunk::<4>().map_or(0, |chunk| u64::from(u32::from_le_bytes(*chunk)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_counts_and_bits_are_spread() {
        let base: Vec<u8> = (0..64).collect();
        let mut seen = std::collections::HashSet::new();
        for length in 0..base.len() {
            assert!(seen.insert(bytes(seed(), &base[..length])));
            for at in 0..length {
                let mut other = base[..length].to_vec();
                other[at] ^= 0x20;
                assert!(seen.insert(bytes(seed(), &other)), "{length} {at}");
            }
        }
        let top = (0u32..4096).map(|number| bytes(seed(), &number.to_le_bytes()) >> 56).collect::<std::collections::HashSet<_>>();
        assert_eq!(top.len(), 256);
    }
}
