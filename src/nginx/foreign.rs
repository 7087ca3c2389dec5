//! Modules of others of which the catalogue has no facts, but whose names are known well enough not to be taken for misspelt.

use std::sync::LazyLock;

/// Names, or what names begin with, and the module.
static TABLE: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("foreign.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// The module that brings a directive of that name; `None` for a name of none of them.
pub fn module_of(name: &str) -> Option<&'static str> {
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(begin) => name.starts_with(begin),
        None => name == pattern,
    };
    TABLE.iter().find(|(pattern, _)| fits(pattern)).map(|(_, module)| *module)
}

/// True for a name that only Tengine has: a server that others made of nginx, in which nginx's own directives take more.
pub fn is_of_another_server(name: &str) -> bool {
    module_of(name) == Some("Tengine")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_beginnings() {
        assert_eq!(module_of("passenger_enabled"), Some("Phusion Passenger"));
        assert_eq!(module_of("MainRule"), Some("naxsi"));
        assert_eq!(module_of("vod"), Some("nginx-vod-module"));
        assert_eq!(module_of("redis_next_upstream"), Some("ngx_http_redis"));
        assert_eq!((module_of("proxy_pas"), module_of("MainRules"), module_of("")), (None, None, None));
        assert_eq!(TABLE.len(), include_str!("foreign.tsv").lines().count() - 1);
        assert!(TABLE.iter().all(|(pattern, module)| pattern.len() > 2 && !module.is_empty()));
    }
}
