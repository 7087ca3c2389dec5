//! How many different clients: exactly while they are few, then HyperLogLog (Flajolet et al. 2007) with 512 registers, off by about 5 %.

/// A set of clients of which only the size can be asked.
#[derive(Debug, Clone)]
pub enum Clients {
    /// Hashes of each.
    Few(Vec<u32>),
    /// The longest run of zeros that each register saw.
    Many(Box<[u8; REGISTERS]>),
}

const BITS: u32 = 9;
const REGISTERS: usize = 1 << BITS;
const FEW: usize = 48;

impl Default for Clients {
    fn default() -> Self {
        Clients::Few(Vec::new())
    }
}

impl Clients {
    /// Adds one, by the hash of its address.
    #[inline]
    pub fn add(&mut self, hash: u64) {
        // One half is enough for registers, and is all that is kept of a few.
        let hash = (hash >> 32) as u32;
        match self {
            Clients::Few(known) => {
                if known.last() == Some(&hash) || known.contains(&hash) {
                    return;
                }
                if known.len() < FEW {
                    return known.push(hash);
                }
                let mut registers = Box::new([0; REGISTERS]);
                known.iter().chain([&hash]).for_each(|hash| enter(&mut registers, *hash));
                *self = Clients::Many(registers);
            }
            Clients::Many(registers) => enter(registers, hash),
        }
    }

    /// Adds all of another set.
    pub fn join(&mut self, other: &Clients) {
        match other {
            Clients::Few(known) => known.iter().for_each(|hash| self.add(u64::from(*hash) << 32)),
            Clients::Many(theirs) => match self {
                Clients::Many(registers) => {
                    registers.iter_mut().zip(theirs.iter()).for_each(|(mine, other)| *mine = (*mine).max(*other));
                }
                Clients::Few(known) => {
                    let mut registers = theirs.clone();
                    known.iter().for_each(|hash| enter(&mut registers, *hash));
                    *self = Clients::Many(registers);
                }
            },
        }
    }

    /// How many there are, estimated.
    pub fn count(&self) -> u64 {
        let registers = match self {
            Clients::Few(known) => return known.len() as u64,
            Clients::Many(registers) => registers,
        };
        let size = REGISTERS as f64;
        let sum: f64 = registers.iter().map(|register| 2f64.powi(-i32::from(*register))).sum();
        let empty = registers.iter().filter(|register| **register == 0).count();
        let raw = 0.7213 / (1.0 + 1.079 / size) * size * size / sum;
        // Few of many registers in use: how many are not says more.
        let estimate = if raw <= 2.5 * size && empty > 0 { size * (size / empty as f64).ln() } else { raw };
        // 32 bits of a hash run out before a count does.
        let space = 2f64.powi(32);
        let estimate = if estimate > space / 30.0 { -space * (1.0 - estimate.min(space * 0.999) / space).ln() } else { estimate };
        estimate.round() as u64
    }
}

#[inline]
fn enter(registers: &mut [u8; REGISTERS], hash: u32) {
    let (index, rest) = (hash >> (32 - BITS), hash << BITS | 1 << (BITS - 1));
    if let Some(register) = registers.get_mut(index as usize) {
        *register = (*register).max(rest.leading_zeros() as u8 + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash;
    use super::*;

    fn of(range: std::ops::Range<u32>) -> Clients {
        let mut clients = Clients::default();
        range.for_each(|number| clients.add(hash::bytes(hash::seed(), &number.to_le_bytes())));
        clients
    }

    #[test]
    fn few_are_counted_and_many_estimated() {
        for count in [0, 1, 7, 48] {
            assert_eq!(of(0..count).count(), u64::from(count));
        }
        for count in [60, 400, 1_500, 10_000, 1_000_000] {
            let (found, count) = (of(0..count).count() as f64, f64::from(count));
            assert!((found / count - 1.0).abs() < 0.2, "{found} for {count}");
        }
    }

    #[test]
    fn sets_joined_are_one_set() {
        for (first, second) in [(0..20, 10..30), (0..20, 10..500), (0..500, 10..30), (0..500, 300..900)] {
            let end = first.end.max(second.end);
            let mut joined = of(first);
            joined.join(&of(second));
            assert_eq!(joined.count(), of(0..end).count());
        }
    }
}
