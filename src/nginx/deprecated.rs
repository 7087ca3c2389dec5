//! Directives and parameters that nginx, or the module that has them, wants nobody to use any more, and what takes their place.
//!
//! From nginx's list of changes and from what it says when it reads them (1.22 was asked); see `deprecated.tsv` for the columns.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::version::Version;

/// Something that is not to be used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecated {
    /// The directive.
    pub name: &'static str,
    /// `http`, `stream`, …
    pub protocol: &'static str,
    /// The parameter; empty when it is the directive itself.
    pub parameter: &'static str,
    /// The first version of nginx that says so; `None` for what no version of nginx says: a module's documentation does, or nginx took it
    /// out at once.
    pub since: Option<Version>,
    /// The first version that does not know it.
    pub gone: Option<Version>,
    /// True when it does nothing since then.
    pub is_idle: bool,
    /// What to write instead.
    pub instead: Option<&'static str>,
}

static TABLE: LazyLock<FxHashMap<&'static str, Vec<Deprecated>>> = LazyLock::new(|| {
    let mut table: FxHashMap<&'static str, Vec<Deprecated>> = FxHashMap::default();
    for one in include_str!("deprecated.tsv").lines().filter_map(read) {
        table.entry(one.name).or_default().push(one);
    }
    table
});

fn read(line: &'static str) -> Option<Deprecated> {
    let mut columns = line.split('\t').filter(|_| !line.starts_with('#'));
    let mut next = || columns.next();
    Some(Deprecated {
        name: next()?,
        protocol: next()?,
        parameter: next()?,
        since: Version::read(next()?),
        gone: Version::read(next()?),
        is_idle: next()? == "nothing",
        instead: next().filter(|instead| !instead.is_empty()),
    })
}

/// All of a name: the directive itself, its parameters.
pub fn named(name: &str) -> &'static [Deprecated] {
    TABLE.get(name).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nginx::directives;

    #[test]
    fn every_line_is_about_a_directive() {
        let lines = || include_str!("deprecated.tsv").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(TABLE.values().map(Vec::len).sum::<usize>(), lines().count());
        for one in TABLE.values().flatten() {
            let known = directives::named(one.name).iter().any(|directive| directive.protocol == one.protocol);
            let removed = directives::removed(one.name).find(|removed| removed.protocol == one.protocol);
            assert!(known || removed.is_some(), "{one:?}");
            if let (Some(removed), "") = (removed, one.parameter) {
                assert_eq!(one.gone, Version::read(removed.removed), "{one:?}");
            }
            // What is to be written instead is there; `listen … ssl` and `http2 on` are more than a name.
            let name = one.instead.and_then(|instead| instead.split(' ').next());
            assert!(name.is_none_or(directives::is_known), "{one:?}");
        }
        assert_eq!(named("server_name"), []);
    }
}
