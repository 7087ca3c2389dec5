//! Which directives a block may have one of.
//!
//! The catalogue says it for most, from the functions that read them ([`Directive::repeats`]). `repeats.tsv` has the others: each was
//! written twice, and nginx 1.22 with the modules of its time was asked; and it has those that share a place (`root` and `alias`).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::directives::Directive;

/// By name and protocol: the slot, or `None` where several may stand.
static TABLE: LazyLock<FxHashMap<(&'static str, &'static str), Option<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("repeats.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (name, protocol, slot) = (columns.next()?, columns.next()?, columns.next()?);
            Some(((name, protocol), (slot != "*").then_some(slot)))
        })
        .collect()
});

/// What a block has only one of: mostly the directive's own name, for some a name that several share. `None` where a block may have
/// several, and where that is not known.
pub fn slot(directive: &Directive) -> Option<&'static str> {
    match TABLE.get(&(directive.name, directive.protocol)) {
        Some(slot) => *slot,
        None => (directive.repeats == Some(false)).then_some(directive.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nginx::directives::named;

    #[test]
    fn slots() {
        let of = |name: &str| slot(&named(name)[0]);
        assert_eq!((of("gzip"), of("root"), of("alias")), (Some("gzip"), Some("root"), Some("root")));
        assert_eq!(
            (of("add_header"), of("content_by_lua_block"), of("content_by_lua_file")),
            (None, of("content_by_lua"), of("content_by_lua"))
        );
        assert!(of("content_by_lua").is_some());
    }

    #[test]
    fn every_line_belongs_to_a_directive() {
        for (name, protocol) in TABLE.keys() {
            assert!(named(name).iter().any(|directive| directive.protocol == *protocol), "{name} of {protocol}");
        }
        assert_eq!(TABLE.len(), include_str!("repeats.tsv").lines().count() - 1);
    }
}
