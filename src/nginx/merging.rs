//! How directives of http get from a block to the locations in it, as each module's merge function (`ngx_http_*_merge_loc_conf`) does it.
//!
//! `merging.tsv` holds the facts, one line for each directive that may stand in a location.

use super::by_name::ByName;
use super::{directives, rows};

static SOURCE: &str = include_str!("merging.tsv");

static READ: ByName<Option<Merging>> = ByName::new();

/// What becomes of a directive in the locations inside its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merging {
    /// `deny`
    pub name: &'static str,
    /// What nginx does with it.
    pub kind: Kind,
    /// Directives with the same key are one setting: `allow` for `allow` and `deny`.
    pub key: &'static str,
    /// What it is about, as a person groups settings: `access`, `authentication`, `headers`, `logging` …
    pub about: &'static str,
}

/// Kinds of [`Merging`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One value: the nearest block that sets it holds.
    Scalar,
    /// Several values: all of the nearest block that has any hold, none of those further out.
    Array,
    /// Those of all blocks hold, the outer ones first.
    Concat,
    /// Runs in order with others of its kind, in its own block only (`ngx_http_rewrite_merge_loc_conf` inherits no codes).
    Sequence,
    /// Makes the answer, in its own block only: the last one of a block wins (`clcf->handler`).
    Handler,
    /// Holds in its own block only.
    Own,
    /// Does its work without any request.
    Runs,
}

impl Merging {
    fn read(line: &'static str) -> Option<Merging> {
        if line.starts_with('#') {
            return None;
        }
        let mut columns = line.split('\t');
        let (name, kind, key, about) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let kind = match kind {
            "scalar" => Kind::Scalar,
            "array" => Kind::Array,
            "concat" => Kind::Concat,
            "sequence" => Kind::Sequence,
            "handler" => Kind::Handler,
            "own" => Kind::Own,
            "runs" => Kind::Runs,
            _ => return None,
        };
        Some(Merging { name, kind, key: if key.is_empty() { name } else { key }, about })
    }
}

/// What is known of a directive; `None` for one that may stand in no location, and for one of a module that is not known.
pub fn of(name: &str) -> Option<&'static Merging> {
    READ.get(name, || rows::of(SOURCE, name).find_map(Merging::read))?.as_ref()
}

/// True for a directive that may decide about requests in a way that is not known: of a module that is not in the tables, or that is
/// there without its merge function.
pub fn is_unknown(name: &str) -> bool {
    let known_elsewhere =
        || !directives::named(name).is_empty() && directives::in_context(name, super::context::Context::Location).is_none();
    of(name).is_none() && !matches!(name, "location" | "include") && !known_elsewhere()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        let table: Vec<Merging> = SOURCE.lines().filter_map(Merging::read).collect();
        assert!(table.is_sorted_by_key(|merging| merging.name));
        assert_eq!(table.len(), SOURCE.lines().filter(|line| !line.starts_with('#')).count());
        for merging in &table {
            assert_eq!(of(merging.name), Some(merging));
            let own = of(merging.key).map(|key| key.key);
            assert_eq!(own.unwrap_or(merging.key), merging.key, "{merging:?}");
            let mut alike = table.iter().filter(|other| other.key == merging.key);
            assert!(alike.all(|other| other.kind == merging.kind), "one setting is inherited in one way: {merging:?}");
            assert!(directives::is_known(merging.name), "{merging:?}");
        }
    }

    #[test]
    fn kinds() {
        let kind = |name: &str| of(name).map(|merging| merging.kind);
        assert_eq!(kind("root"), Some(Kind::Scalar));
        assert_eq!(kind("add_header"), Some(Kind::Array));
        assert_eq!(kind("more_set_headers"), Some(Kind::Concat));
        assert_eq!(kind("rewrite"), Some(Kind::Sequence));
        assert_eq!(kind("proxy_pass"), Some(Kind::Handler));
        assert_eq!(kind("try_files"), Some(Kind::Own));
        assert_eq!(kind("server_name"), None);
        assert_eq!(of("deny").map(|merging| merging.key), Some("allow"));
        assert!(is_unknown("my_module_thing") && is_unknown("nchan_pubsub"));
        assert!(!is_unknown("server_name") && !is_unknown("location") && !is_unknown("deny"));
    }

    /// What nginx itself lets stand in a location is here, whatever it is.
    #[test]
    fn nothing_of_nginx_is_missing() {
        for line in include_str!("directives.tsv").lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            if let [name, "http", "nginx", contexts, ..] = columns.as_slice()
                && contexts.split(',').any(|context| context == "location")
                && !matches!(*name, "location" | "include")
                && !name.ends_with("_cache_purge")
            {
                assert!(of(name).is_some(), "{name}");
            }
        }
    }
}
