//! References of which the target is computed, by what it begins with.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::ServerId;

/// Numbers of references, found without a look at each that the server has.
#[derive(Debug, Default)]
pub(super) struct Computed(FxHashMap<ServerId, OfServer>);

#[derive(Debug, Default)]
struct OfServer {
    by_beginning: FxHashMap<Arc<str>, Vec<usize>>,
    lengths: BTreeSet<usize>,
}

impl Computed {
    /// The target of this one begins with `beginning`, which is empty when nothing is known of it.
    pub fn add(&mut self, server: ServerId, beginning: &Arc<str>, reference: usize) {
        let server = self.0.entry(server).or_default();
        server.by_beginning.entry(beginning.clone()).or_default().push(reference);
        server.lengths.insert(beginning.len());
    }

    /// Those that may lead to `name`, those with the longest beginning first.
    pub fn of(&self, server: ServerId, name: &str) -> Vec<&[usize]> {
        let Some(server) = self.0.get(&server) else { return Vec::new() };
        let beginnings = server.lengths.range(..=name.len()).rev().filter_map(|length| name.get(..*length));
        beginnings.filter_map(|beginning| server.by_beginning.get(beginning).map(Vec::as_slice)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_name_most_come_first() {
        let mut computed = Computed::default();
        let server = ServerId(0);
        for (number, beginning) in ["", "@a", "@ab", "@b", "", "@äb"].into_iter().enumerate() {
            computed.add(server, &beginning.into(), number);
        }
        let of = |name| computed.of(server, name).concat();
        assert_eq!(of("@abc"), [2, 1, 0, 4]);
        assert_eq!(of("@a"), [1, 0, 4]);
        assert_eq!(of("@ä"), [0, 4], "no beginning ends within a character");
        assert!(computed.of(ServerId(1), "@abc").is_empty());
    }
}
