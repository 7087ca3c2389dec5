//! Which directives people write most in each context: for the order in which they are offered.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::context::Context;

static TABLE: LazyLock<FxHashMap<(Context, &'static str), u32>> = LazyLock::new(|| {
    let mut table = FxHashMap::default();
    for line in include_str!("usual.tsv").lines().filter(|line| !line.starts_with('#')) {
        let Some((context, names)) = line.split_once('\t') else { continue };
        let Some(context) = Context::named(context) else { continue };
        table.extend((0u32..).zip(names.split_whitespace()).map(|(at, name)| ((context, name), at)));
    }
    table
});

/// How many directives are written more often in the context; `None` for one that hardly anybody writes there.
pub fn rank(context: Context, name: &str) -> Option<u32> {
    TABLE.get(&(context, name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nginx::directives;

    #[test]
    fn every_name_is_one_of_its_context() {
        for (context, name) in TABLE.keys() {
            assert!(directives::in_context(name, *context).is_some(), "{name} in {}", context.name());
        }
        assert_eq!(rank(Context::Events, "worker_connections"), Some(0));
        assert_eq!(rank(Context::Events, "proxy_pass"), None);
    }
}
