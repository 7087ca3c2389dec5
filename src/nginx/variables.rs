//! Variables that nginx and the modules of the directives' table define by themselves.
//!
//! `variables.tsv` holds them: taken from the C tables of nginx 1.31 and of the modules in its third column, with those that
//! older versions had; `cargo xtask catalogue` makes it. A name that ends in `*` is the beginning of any number of names.

use std::sync::{LazyLock, OnceLock};

use super::rows;

static SOURCE: &str = include_str!("variables.tsv");

/// Everything, for who asks for everything.
static TABLE: LazyLock<Vec<Variable>> = LazyLock::new(|| SOURCE.lines().filter_map(Variable::read).collect());

/// The rows by the names in them, few of which are read: editors ask of every variable in a document.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let lines = SOURCE.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| Row { key: rows::key(line), line, read: OnceLock::new() }).collect()
});

#[derive(Debug)]
struct Row {
    /// The name, with `*` where it is a beginning.
    key: &'static str,
    line: &'static str,
    read: OnceLock<Option<Box<Variable>>>,
}

impl Row {
    fn read(&self) -> Option<&Variable> {
        self.read.get_or_init(|| Variable::read(self.line).map(Box::new)).as_deref()
    }
}

/// A variable, or all that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Without `$`; for a prefix, what the names begin with (`http_`).
    pub name: &'static str,
    /// `http` or `stream`.
    pub protocol: &'static str,
    /// `nginx`, `nginx-plus`, `vts`, …
    pub package: &'static str,
    /// `ngx_http_core_module`; empty where that is not known.
    pub module: &'static str,
    /// True when the name is a beginning.
    pub prefix: bool,
    /// True when a configuration may define it anew (`NGX_HTTP_VAR_CHANGEABLE`, or a setter of its own).
    pub changeable: bool,
    /// The first version of its package that has it; empty where that is not known.
    pub since: &'static str,
    documentation: &'static str,
}

impl Variable {
    fn read(line: &'static str) -> Option<Variable> {
        let mut columns = line.split('\t').filter(|_| !line.starts_with('#'));
        let (name, protocol, package) = (columns.next()?, columns.next()?, columns.next()?);
        let (name, prefix) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
        let (module, changeable) = (columns.next()?, columns.next()? == "changeable");
        Some(Variable { name, protocol, package, module, prefix, changeable, since: columns.next()?, documentation: columns.next()? })
    }

    /// The page that documents it; `None` where there is none.
    pub fn documentation(&self) -> Option<String> {
        super::directives::page(self.documentation)
    }
}

/// All variables of all protocols, prefixes too, sorted by name.
pub fn all() -> &'static [Variable] {
    &TABLE
}

/// The variable of that name (in lower case, without `$`) in `http` or `stream`; `None` for one that nobody defines by himself.
pub fn find(name: &str, protocol: &str) -> Option<&'static Variable> {
    let start = ROWS.partition_point(|row| row.key < name);
    let mut own = ROWS.iter().skip(start).take_while(|row| row.key == name).filter_map(Row::read);
    let exact = own.find(|variable| variable.protocol == protocol);
    exact.or_else(|| prefixes().iter().find(|variable| variable.protocol == protocol && name.starts_with(variable.name)).copied())
}

/// Variables of nginx's own that `set` and `map` may give another value, and that are still there without the directive (in lower case, without
/// `$`): those with `NGX_HTTP_VAR_CHANGEABLE`, and the families of which every name exists (`NGX_HTTP_VAR_PREFIX`).
pub fn is_there_anyway(name: &str) -> bool {
    let families = ["http_", "sent_http_", "sent_trailer_", "upstream_http_", "upstream_trailer_", "upstream_cookie_", "cookie_", "arg_"];
    matches!(name, "args" | "limit_rate" | "proxy_add_x_forwarded_for") || families.iter().any(|family| name.starts_with(family))
}

/// All names of a protocol, prefixes left out: to look for what was probably meant.
pub fn names(protocol: &str) -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(move |variable| variable.protocol == protocol && !variable.prefix).map(|variable| variable.name)
}

fn prefixes() -> &'static [&'static Variable] {
    static PREFIXES: LazyLock<Vec<&'static Variable>> =
        LazyLock::new(|| ROWS.iter().filter(|row| row.key.ends_with('*')).filter_map(Row::read).collect());
    &PREFIXES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(TABLE.is_sorted_by_key(|variable| (variable.name, variable.protocol)));
        assert!(ROWS.is_sorted_by_key(|row| row.key));
        assert_eq!(TABLE.len(), include_str!("variables.tsv").lines().count() - 1);
        assert!(TABLE.len() > 300);
    }

    #[test]
    fn names_and_prefixes() {
        assert_eq!(find("host", "http").map(|variable| variable.package), Some("nginx"));
        assert!(find("http_x_anything", "http").is_some() && find("http_x_anything", "stream").is_none());
        assert!(find("ssl_preread_server_name", "stream").is_some() && find("hots", "http").is_none() && find("", "http").is_none());
        assert!(names("http").any(|name| name == "request_id") && names("stream").all(|name| name != "uri"));
    }
}
