//! `split_clients` (`ngx_http_split_clients_module`): shares of MurmurHash2's range.

use std::sync::Arc;

use super::{Matched, lines, variable};
use crate::config::{Config, EntryId};
use crate::syntax::Body;

/// A `split_clients` block as a table.
#[derive(Debug, Default)]
pub struct Split {
    /// What is hashed, as written: text and variables.
    pub source: Arc<str>,
    /// The variable that it defines, without `$`, in lower case; empty where none is written.
    pub variable: Arc<str>,
    /// The parts, in order.
    pub parts: Vec<Part>,
    /// The first line that keeps the table from being known: what nginx refuses, what a template fills in.
    pub unknown: Option<EntryId>,
}

/// One line of a `split_clients`.
#[derive(Debug, Clone)]
pub struct Part {
    /// The directive.
    pub entry: EntryId,
    /// Hundredths of a percent; `None` for `*`, which takes all that is left.
    pub share: Option<u32>,
    /// The value.
    pub value: Arc<str>,
    /// Hashes below this are its, unless an earlier part has them.
    below: u32,
}

impl Split {
    /// Reads a block; anything but a `split_clients` gives a table that is not known.
    pub fn read(config: &Config, entry: EntryId) -> Split {
        let directive = config.directive(entry);
        let (entries, mut unknown) = lines(config, entry);
        // The block knows no `include`: as a line it is refused.
        unknown = unknown.or_else(|| config.children(entry, "include").next());
        let mut parts = Vec::new();
        let (mut sum, mut below) = (0u32, 0u32);
        for entry in entries {
            let directive = config.directive(entry);
            let share = match &*directive.name.value {
                "*" => Some(None),
                word => word.strip_suffix('%').and_then(share).map(Some),
            };
            let simple = matches!(directive.body, Body::Simple);
            let (Some(share), Some(value), true) = (share, directive.args.first(), simple) else {
                unknown = unknown.or(Some(entry));
                continue;
            };
            sum = share.map_or(10_000, |share| sum.saturating_add(share));
            if sum > 10_000 {
                unknown = unknown.or(Some(entry));
            }
            if let Some(share) = share {
                below = below.wrapping_add((u64::from(share) * 0xffff_ffff / 10_000) as u32);
            }
            parts.push(Part { entry, share, value: value.value.clone(), below });
        }
        let source = directive.args.first().map(|word| word.value.clone()).unwrap_or_default();
        Split { source, variable: variable(directive.arg(1)), parts, unknown }
    }

    /// The value for a source (`ngx_http_split_clients_variable`); `None` where the table is not known.
    pub fn value(&self, source: &[u8]) -> Option<Matched> {
        if self.unknown.is_some() {
            return None;
        }
        let hash = murmur_hash2(source);
        let part = self.parts.iter().find(|part| part.share.is_none() || hash < part.below);
        Some(match part {
            Some(part) => Matched { entry: Some(part.entry), value: part.value.clone(), captures: None },
            None => Matched::nothing(),
        })
    }
}

/// `ngx_atofp` with two digits behind the point: `20.5` is 2050. `None` for what it refuses, and for 0, which the module refuses.
fn share(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if text.is_empty() || fraction.len() > 2 || whole.len() > 7 {
        return None;
    }
    let digits = format!("{whole}{fraction:0<2}");
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten().filter(|share| *share != 0)
}

/// `ngx_murmur_hash2`: 32 bits, seed 0.
fn murmur_hash2(data: &[u8]) -> u32 {
    const M: u32 = 0x5bd1_e995;
    let mut hash = data.len() as u32;
    let (words, rest) = data.as_chunks::<4>();
    for word in words {
        let mut part = u32::from_le_bytes(*word).wrapping_mul(M);
        part ^= part >> 24;
        hash = hash.wrapping_mul(M) ^ part.wrapping_mul(M);
    }
    for (at, byte) in rest.iter().enumerate() {
        hash ^= u32::from(*byte) << (8 * at);
    }
    if !rest.is_empty() {
        hash = hash.wrapping_mul(M);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(M);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    fn read(lines: &str) -> Split {
        let (config, _) = load(&format!("http {{ split_clients \"x$uri\" $Part {{ {lines} }} }}"));
        Split::read(&config, config.all("split_clients")[0])
    }

    #[test]
    fn shares() {
        let split = read("0.5% a; 20.% b; 20.5% c; 10.25% d; * e;");
        assert_eq!((&*split.source, &*split.variable), ("x$uri", "part"));
        let shares: Vec<_> = split.parts.iter().map(|part| part.share).collect();
        assert_eq!(shares, [Some(50), Some(2000), Some(2050), Some(1025), None]);
        assert_eq!(murmur_hash2(b""), 0);
        assert_eq!(&*read("* all;").value(b"q").unwrap().value, "all");
        assert_eq!(read("").value(b"q"), Some(Matched::nothing()));
    }

    #[test]
    fn what_is_not_known() {
        for lines in ["0% a;", "a b;", "10.123% a;", "60% a; 60% b;", "10% ;", "include x;", "{{share}}% a;", "1e1% a;", "-1% a;"] {
            assert_eq!(read(&format!("{lines} * z;")).value(b"q"), None, "{lines}");
        }
    }
}
