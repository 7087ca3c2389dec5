//! What stands at each place behind a directive's name: the kinds of values, for checking them and for completing them.
//!
//! Most directives of nginx are read by a setter that many share, and what they take follows from it ([`Value`]). For those with a
//! function of their own `parameters.tsv` says it. A line there is the name (or several, separated by commas), the protocols
//! (`http,stream`; `*` for all), and a parameter for each place, each with a tab before it:
//!
//! ```text
//! parameter    = alternative *("/" alternative) [ "?" / "*" / "+" ]     may be left out, any number, one or more
//! alternative  = kind                     size
//!              / "'" word "'"             'off'
//!              / name "=" kind            weight=number
//! kind         = word [ "(" detail ")" ]  number(1..9)   name(log_format)   word(a|b|c)
//! ```
//!
//! The kinds are those of [`Kind`]. With `*` or `+` the parameters may stand in any order. Where a name has several lines, the first is
//! for a directive that belongs to its protocol and takes as many arguments.

use std::sync::LazyLock;

use super::by_name::ByName;
use super::directives::{self, Arguments, Directive, Value};
use super::rows;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `on` or `off` (`flag`).
    Flag,
    /// Bytes, with `k` or `m` (`size`; `ngx_parse_size`).
    Size,
    /// Bytes, with `k`, `m` or `g` (`offset`; `ngx_parse_offset`).
    Offset,
    /// A time in milliseconds: `30s`, `1h30m`, `500ms` (`time`; `ngx_parse_time`).
    Time,
    /// A time in seconds: `30s`, `1M`, `1y` (`seconds`; `ngx_parse_time`).
    Seconds,
    /// A whole number, in the range if there is one; both ends belong to it (`number`, `number(1..9)`, `number(1..)`).
    Number(Option<(u32, u32)>),
    /// One of these words, separated by `|` (`word(a|b)`, `'a'`).
    Word(&'static str),
    /// Anything, as it is (`text`).
    Text,
    /// Text in which variables are replaced (`template`).
    Template,
    /// A regular expression (`regex`).
    Regex,
    /// A variable that the directive defines or sets: `$name` (`variable`).
    Variable,
    /// A file (`file`), a folder (`folder`), either (`path`).
    File,
    /// See [`Kind::File`].
    Folder,
    /// See [`Kind::File`].
    Path,
    /// `http://host:port/uri`, host being an upstream or a name of DNS (`url`).
    Url,
    /// `host:port`, `unix:/path`; host as in [`Kind::Url`] (`address`).
    Address,
    /// What nginx listens on: `80`, `*:80`, `[::]:80`, `unix:/path` (`listen`).
    Listen,
    /// A network, or an address (`cidr`).
    Cidr,
    /// A URI of this server, or a named location (`uri`).
    Uri,
    /// The name of something that this directive defines: `name(limit_req_zone)`; `name(location)` is a named location.
    Name(&'static str),
    /// Memory that this directive defines: `name:10m` (`zone`).
    Zone,
    /// So many a time: `10r/s`, `30r/m` (`rate`).
    Rate,
    /// Access rights: `user:rw`, `all:r` (`access`).
    Access,
    /// What an `if` asks, with its parentheses (`condition`).
    Condition,
    /// A status of HTTP (`status`).
    Status,
    /// The name of a header of requests (`request-header`), or of responses (`response-header`).
    RequestHeader,
    /// See [`Kind::RequestHeader`].
    ResponseHeader,
    /// A MIME type (`mime`).
    Mime,
    /// A method of HTTP (`method`).
    Method,
    /// OpenSSL's list of ciphers (`ciphers`).
    Ciphers,
    /// The name of a server (`server-name`).
    ServerName,
}

/// One way to write a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// `weight` of `weight=5`; empty for a parameter without a key.
    pub key: &'static str,
    /// What the value is.
    pub kind: Kind,
}

/// How often a parameter may stand at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Once.
    Once,
    /// Once, or not at all (`?`).
    Optional,
    /// Any number of times (`*`).
    Any,
    /// At least once (`+`).
    Several,
}

/// What may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Any of these.
    pub alternatives: Vec<Alternative>,
    /// How often.
    pub times: Times,
}

/// The names in `parameters.tsv`, each with what stands behind it in its line: few of these are read.
static LINES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("parameters.tsv").lines().filter(|line| !line.starts_with('#'));
    let split = |line: &'static str| Some((rows::key(line), line.get(rows::key(line).len() + 1..)?));
    lines.filter_map(split).flat_map(|(names, rest)| names.split(',').map(move |name| (name, rest))).collect()
});

/// One of `parameters.tsv`.
#[derive(Debug)]
struct Written {
    protocols: &'static str,
    parameters: Vec<Parameter>,
}

impl Written {
    /// Those of a name.
    fn of(name: &str) -> impl Iterator<Item = Written> {
        LINES.iter().filter(move |(own, _)| *own == name).filter_map(|(_, rest)| {
            let mut columns = rest.split('\t');
            Some(Written { protocols: columns.next()?, parameters: columns.filter_map(parameter).collect() })
        })
    }
}

/// Of each module that has the name.
static READ: ByName<ByModule> = ByName::new();

type ByModule = Vec<(&'static str, Option<Vec<Parameter>>)>;

/// What stands behind the name of a directive, place by place; `None` where that is not known.
pub fn of(directive: &Directive) -> Option<&'static [Parameter]> {
    let make = || directives::named(directive.name).iter().map(|one| (one.module, make(one))).collect();
    let by_module = READ.get(directive.name, make)?;
    by_module.iter().find(|(module, _)| *module == directive.module)?.1.as_deref()
}

/// What may stand as the argument of that index (from 0), behind the arguments that are there; `None` where that is not known, or
/// nothing may.
pub fn at(directive: &Directive, index: usize) -> Option<&'static Parameter> {
    place(of(directive)?, index)
}

/// What may stand at a place, of all places of a directive.
pub fn place(parameters: &[Parameter], index: usize) -> Option<&Parameter> {
    match parameters.get(index) {
        Some(parameter) => Some(parameter),
        None => parameters.last().filter(|last| matches!(last.times, Times::Any | Times::Several)),
    }
}

fn make(directive: &Directive) -> Option<Vec<Parameter>> {
    let of_protocol = |one: &Written| one.protocols == "*" || one.protocols.split(',').any(|own| own == directive.protocol);
    let fits = |one: &Written| of_protocol(one) && fits(&one.parameters, directive.arguments);
    if let Some(written) = Written::of(directive.name).find(fits) {
        return Some(written.parameters);
    }
    let once = |kinds: &[Kind]| kinds.iter().map(|kind| Parameter::new(*kind, Times::Once)).collect();
    Some(match directive.value {
        Value::Flag => once(&[Kind::Flag]),
        Value::Size => once(&[Kind::Size]),
        Value::Offset => once(&[Kind::Offset]),
        Value::Time => once(&[Kind::Time]),
        Value::Number(range) => once(&[Kind::Number(range)]),
        Value::Enum(words) if words.iter().next().is_some() => once(&[Kind::Word(words.as_str())]),
        Value::Flags(words) if words.iter().next().is_some() => vec![Parameter::new(Kind::Word(words.as_str()), Times::Several)],
        Value::Buffers => once(&[Kind::Number(Some((1, u32::MAX))), Kind::Size]),
        Value::Complex => once(&[Kind::Template]),
        Value::Predicates => vec![Parameter::new(Kind::Template, Times::Several)],
        Value::MimeTypes => vec![Parameter::new(Kind::Mime, Times::Several)],
        Value::Text if directive.variables == Some(true) => once(&[Kind::Template]),
        Value::Text => once(&[Kind::Text]),
        _ if directive.arguments.most() == Some(0) => Vec::new(),
        _ => return None,
    })
}

/// True when there is a parameter for each argument that a directive may have, and no more: modules may have directives of the same name.
fn fits(parameters: &[Parameter], arguments: Arguments) -> bool {
    let open = parameters.last().is_some_and(|last| matches!(last.times, Times::Any | Times::Several));
    let least = parameters.iter().filter(|one| matches!(one.times, Times::Once | Times::Several)).count();
    arguments.as_str().is_empty()
        || least <= arguments.least() && arguments.most().map_or(open, |most| parameters.len() == most || open && parameters.len() < most)
}

impl Parameter {
    fn new(kind: Kind, times: Times) -> Parameter {
        Parameter { alternatives: vec![Alternative { key: "", kind }], times }
    }
}

/// `None` for what can't be read, which a test finds.
fn parameter(written: &'static str) -> Option<Parameter> {
    let (alternatives, times) = match written.as_bytes().last()? {
        b'?' => (written.get(..written.len() - 1)?, Times::Optional),
        b'*' => (written.get(..written.len() - 1)?, Times::Any),
        b'+' => (written.get(..written.len() - 1)?, Times::Several),
        _ => (written, Times::Once),
    };
    let alternatives = alternatives.split('/').map(alternative).collect::<Option<Vec<_>>>()?;
    Some(Parameter { alternatives, times })
}

fn alternative(written: &'static str) -> Option<Alternative> {
    if let Some(word) = written.strip_prefix('\'') {
        return Some(Alternative { key: "", kind: Kind::Word(word.strip_suffix('\'')?) });
    }
    let (key, kind) = match written.split_once('=') {
        Some((key, kind)) if !key.contains('(') => (key, kind),
        _ => ("", written),
    };
    Some(Alternative { key, kind: self::kind(kind)? })
}

fn kind(written: &'static str) -> Option<Kind> {
    let (word, detail) = match written.split_once('(') {
        Some((word, rest)) => (word, rest.strip_suffix(')')?),
        None => (written, ""),
    };
    Some(match (word, detail) {
        ("flag", "") => Kind::Flag,
        ("size", "") => Kind::Size,
        ("offset", "") => Kind::Offset,
        ("time", "") => Kind::Time,
        ("seconds", "") => Kind::Seconds,
        ("zone", "") => Kind::Zone,
        ("rate", "") => Kind::Rate,
        ("access", "") => Kind::Access,
        ("condition", "") => Kind::Condition,
        ("number", "") => Kind::Number(None),
        ("number", range) => {
            let (low, high) = range.split_once("..")?;
            let high = if high.is_empty() { u32::MAX } else { high.parse().ok()? };
            Kind::Number(Some((low.parse().ok()?, high)))
        }
        ("word", words) if !words.is_empty() => Kind::Word(words),
        ("text", "") => Kind::Text,
        ("template", "") => Kind::Template,
        ("regex", "") => Kind::Regex,
        ("variable", "") => Kind::Variable,
        ("file", "") => Kind::File,
        ("folder", "") => Kind::Folder,
        ("path", "") => Kind::Path,
        ("url", "") => Kind::Url,
        ("address", "") => Kind::Address,
        ("listen", "") => Kind::Listen,
        ("cidr", "") => Kind::Cidr,
        ("uri", "") => Kind::Uri,
        ("name", directive) if !directive.is_empty() => Kind::Name(directive),
        ("status", "") => Kind::Status,
        ("request-header", "") => Kind::RequestHeader,
        ("response-header", "") => Kind::ResponseHeader,
        ("mime", "") => Kind::Mime,
        ("method", "") => Kind::Method,
        ("ciphers", "") => Kind::Ciphers,
        ("server-name", "") => Kind::ServerName,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nginx::context::Context;

    #[test]
    fn every_line_is_read_and_belongs_to_a_directive() {
        for line in include_str!("parameters.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (names, protocols) = (columns.next().unwrap(), columns.next().unwrap());
            let parameters: Vec<_> = columns.map(|written| parameter(written).unwrap_or_else(|| panic!("{names}: {written}"))).collect();
            for (name, protocol) in names.split(',').flat_map(|name| protocols.split(',').map(move |protocol| (name, protocol))) {
                let takes = |one: &Directive| {
                    (protocol == "*" || one.protocol == protocol) && of(one).is_some_and(|own| own.iter().eq(parameters.iter()))
                };
                assert!(directives::named(name).iter().any(takes), "{name} of {protocol}: {parameters:?}");
            }
        }
    }

    /// Of nginx itself everything is known; of the modules of others what is worth it.
    #[test]
    fn few_are_unknown() {
        let unknown = |package: fn(&str) -> bool| {
            let of_package = directives::all().iter().filter(|directive| package(directive.package));
            let names = of_package.filter(|directive| of(directive).is_none()).map(|one| format!("{} ({})", one.name, one.protocol));
            names.collect::<Vec<_>>()
        };
        let (own, others) = (unknown(|name| name == "nginx"), unknown(|name| name != "nginx"));
        println!("{} of nginx: {}\n{} of others: {}", own.len(), own.join(", "), others.len(), others.join(", "));
        assert_eq!(own.len(), 0);
        assert!(others.len() < 190, "{}", others.len());
    }

    #[test]
    fn by_place() {
        let find = |name: &str, context| directives::in_context(name, context).unwrap();
        let kinds = |name: &str, context, index| {
            at(find(name, context), index).map(|parameter| parameter.alternatives.iter().map(|one| one.kind).collect::<Vec<_>>())
        };
        assert_eq!(kinds("gzip_comp_level", Context::Http, 0), Some(vec![Kind::Number(Some((1, 9)))]));
        assert_eq!(kinds("gzip_comp_level", Context::Http, 1), None);
        assert_eq!(kinds("proxy_buffers", Context::Http, 1), Some(vec![Kind::Size]));
        assert_eq!(kinds("server", Context::Upstream, 0), Some(vec![Kind::Address]));
        let options = at(find("server", Context::Upstream), 7).unwrap();
        assert!(options.alternatives.contains(&Alternative { key: "weight", kind: Kind::Number(Some((1, u32::MAX))) }));
        assert!(options.alternatives.contains(&Alternative { key: "", kind: Kind::Word("backup") }));
    }
}
