//! Directives: their names, the contexts they may stand in, what they take, since when they are there, where they are documented.
//!
//! `directives.tsv` holds the facts: taken from nginx's C tables and documentation (nginx 1.31) and from those of the modules
//! named in its third column; `cargo xtask catalogue` makes it. A name may be there several times: nginx takes the first of its
//! modules that has the name *and* allows it in the context (`ngx_conf_handler`).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::by_name::ByName;
use super::context::{Context, Contexts};
use super::rows;

static SOURCE: &str = include_str!("directives.tsv");

/// Everything, for who asks for everything.
static TABLE: LazyLock<Vec<Directive>> = LazyLock::new(|| SOURCE.lines().filter_map(Directive::read).collect());

/// The names, each with its number. A configuration has a few dozen of more than a thousand: only their lines are read.
static NAMES: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
    let mut names = FxHashMap::default();
    names.reserve(SOURCE.len() / 250);
    let (mut last, mut start) = ("", 0);
    for end in memchr::memchr_iter(b'\n', SOURCE.as_bytes()) {
        let name = rows::key(SOURCE.get(start..end).unwrap_or_default());
        if name != last && !name.starts_with('#') {
            names.insert(name, names.len() as u16);
            last = name;
        }
        start = end + 1;
    }
    names
});

static READ: ByName<Box<[Directive]>> = ByName::new();

static REMOVED: LazyLock<Vec<Removed>> = LazyLock::new(|| include_str!("removed.tsv").lines().filter_map(Removed::read).collect());

/// What follows a directive's arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `;`
    Simple,
    /// A block of directives or of keys and values.
    Block,
    /// A block of Lua.
    Lua,
}

/// What the setter of a directive reads its value as (`ngx_conf_set_flag_slot`, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// `on` or `off`.
    Flag,
    /// A number of bytes, with `k` or `m`.
    Size,
    /// A number of bytes, with `k`, `m` or `g`.
    Offset,
    /// A time: `30s`, `1h 5m`.
    Time,
    /// A number, in the range if one is given (both ends belong to it).
    Number(Option<(u32, u32)>),
    /// One word of a list.
    Enum(Words),
    /// Any number of words of a list.
    Flags(Words),
    /// A number and a size: `4 32k`.
    Buffers,
    /// Text.
    Text,
    /// Text with variables in it.
    Complex,
    /// Several texts, each with its own directive.
    Texts,
    /// Conditions: as soon as one is neither empty nor `0`.
    Predicates,
    /// Pairs of a key and a value, each with its own directive.
    Pairs,
    /// MIME types.
    MimeTypes,
    /// An address to send from, or `off`.
    Bind,
    /// A folder and how many letters its levels have.
    PathLevels,
    /// Access rights: `user:rw group:r`.
    Access,
    /// As the directive's own function reads it, or not known.
    Own,
}

/// Words that a value may be, separated by `|`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(&'static str);

impl Words {
    /// As the table has them.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Each of them; none where the source does not list them.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.split('|').filter(|word| !word.is_empty())
    }
}

impl Value {
    fn read(column: &'static str) -> Value {
        let (kind, rest) = column.split_once(' ').unwrap_or((column, ""));
        match (kind, rest) {
            ("flag", _) => Value::Flag,
            ("size", _) => Value::Size,
            ("offset", _) => Value::Offset,
            ("time", _) => Value::Time,
            ("integer", range) => {
                Value::Number(range.split_once("..").and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?))))
            }
            ("enum", words) => Value::Enum(Words(words)),
            ("bitmask", words) => Value::Flags(Words(words)),
            ("number", _) => Value::Buffers,
            ("string", _) => Value::Text,
            ("complex", _) => Value::Complex,
            ("string[]", _) => Value::Texts,
            ("predicate", _) => Value::Predicates,
            ("keyval[]", _) => Value::Pairs,
            ("mime[]", _) => Value::MimeTypes,
            ("bind", _) => Value::Bind,
            ("path", _) => Value::PathLevels,
            ("access", _) => Value::Access,
            _ => Value::Own,
        }
    }
}

/// How many arguments a directive may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arguments {
    written: &'static str,
    /// A bit for each number that is right; the last for all from there on. Rules ask for every directive.
    mask: u32,
}

impl Arguments {
    fn read(written: &'static str) -> Arguments {
        let bits = |part: &str| match part.strip_suffix('+') {
            Some(least) => least.parse().ok().and_then(|least| u32::MAX.checked_shl(least)).unwrap_or(0),
            None => part.parse().ok().and_then(|count| 1_u32.checked_shl(count)).unwrap_or(0),
        };
        let mask = if written.is_empty() { u32::MAX } else { written.split(',').fold(0, |mask, part| mask | bits(part)) };
        Arguments { written, mask }
    }

    /// True when so many arguments are right; any number is where the source does not say.
    pub fn allow(self, count: usize) -> bool {
        self.mask & 1 << count.min(31) != 0
    }

    /// `1`, `2,3`, `1+`, `0,1`; empty where the source does not say.
    pub fn as_str(self) -> &'static str {
        self.written
    }

    /// The least number that is right.
    pub fn least(self) -> usize {
        self.written.split(',').filter_map(|part| part.trim_end_matches('+').parse().ok()).min().unwrap_or(0)
    }

    /// The greatest number that is right; `None` where there is no limit, or none is known.
    pub fn most(self) -> Option<usize> {
        let parts = self.written.split(',').map(|part| part.parse().ok()).collect::<Option<Vec<usize>>>()?;
        parts.into_iter().max()
    }
}

/// A directive of one module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directive {
    /// `proxy_pass`
    pub name: &'static str,
    /// `http`, `stream`, `mail`, `core`, …: which of nginx's subsystems it belongs to.
    pub protocol: &'static str,
    /// `nginx`, `nginx-plus`, `lua-nginx-module`, …: where it comes from.
    pub package: &'static str,
    /// `ngx_http_proxy_module`
    pub module: &'static str,
    /// Where it may stand.
    pub contexts: Contexts,
    /// How many arguments it may have.
    pub arguments: Arguments,
    /// What follows them.
    pub form: Form,
    /// What its value is read as.
    pub value: Value,
    /// Whether a block may have several; `None` where the source does not say.
    pub repeats: Option<bool>,
    /// Whether variables are replaced in its arguments; `None` where the source does not say.
    pub variables: Option<bool>,
    /// The first version of its package that has it; empty where that is not known.
    pub since: &'static str,
    default: &'static str,
    syntax: &'static str,
    documentation: &'static str,
}

/// Between several syntaxes or defaults of one directive.
const OR: &str = " \u{23ce} ";

impl Directive {
    fn read(line: &'static str) -> Option<Directive> {
        if line.starts_with('#') {
            return None;
        }
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        let known = |word: &str, yes: &str| (!word.is_empty()).then_some(word == yes);
        Some(Directive {
            name: next()?,
            protocol: next()?,
            package: next()?,
            module: next()?,
            contexts: Contexts::read(next()?),
            arguments: Arguments::read(next()?),
            form: match next()? {
                "block" => Form::Block,
                "lua" => Form::Lua,
                _ => Form::Simple,
            },
            value: Value::read(next()?),
            repeats: known(next()?, "many"),
            variables: known(next()?, "variables"),
            since: next()?,
            default: next()?,
            syntax: next()?,
            documentation: next()?,
        })
    }

    /// True when it takes a block.
    pub fn is_block(&self) -> bool {
        self.form != Form::Simple
    }

    /// Its arguments as the documentation writes them, `<name>` for what is to be filled in; one for each form that it has, none
    /// where it is not documented.
    pub fn syntaxes(&self) -> impl Iterator<Item = &'static str> {
        self.syntax.split(OR).filter(|syntax| !(syntax.is_empty() && self.syntax.is_empty()))
    }

    /// The same as whole directives: `proxy_pass <URL>;`, `events { … }`.
    pub fn written(&self) -> impl Iterator<Item = String> {
        let end = if self.is_block() { " { … }" } else { ";" };
        self.syntaxes().map(move |syntax| {
            let gap = if syntax.is_empty() { "" } else { " " };
            // Some forms have their braces written.
            let end = if syntax.contains('{') { "" } else { end };
            format!("{}{gap}{syntax}{end}", self.name)
        })
    }

    /// What holds where it is not written, as the documentation says it; several lines where several directives do.
    pub fn defaults(&self) -> impl Iterator<Item = &'static str> {
        self.default.split(OR).filter(|default| !default.is_empty())
    }

    /// The page that documents it; `None` where there is none.
    pub fn documentation(&self) -> Option<String> {
        page(self.documentation)
    }
}

/// The address of a page: those of nginx.org are kept without their beginning.
pub(super) fn page(short: &str) -> Option<String> {
    match short.strip_prefix('~') {
        Some(page) => Some(format!("https://nginx.org/en/docs/{page}")),
        None if short.is_empty() => None,
        None => Some(short.to_owned()),
    }
}

/// A directive that nginx once had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// `spdy_chunk_size`
    pub name: &'static str,
    /// `http`, `mail`, `core`, …
    pub protocol: &'static str,
    /// The last version that has it.
    pub last: &'static str,
    /// The first version without it.
    pub removed: &'static str,
}

impl Removed {
    fn read(line: &'static str) -> Option<Removed> {
        let mut columns = line.split('\t').filter(|_| !line.starts_with('#'));
        let (name, protocol, _) = (columns.next()?, columns.next()?, columns.next()?);
        Some(Removed { name, protocol, last: columns.next()?, removed: columns.next()? })
    }
}

/// All directives of that name, sorted by protocol and module; empty for a name that nothing has.
pub fn named(name: &str) -> &'static [Directive] {
    let read = || rows::of(SOURCE, name).filter_map(Directive::read).collect();
    READ.get(name, read).map_or(&[], |directives| directives)
}

/// The directive of that name that may stand in a context; `None` where nothing of that name may.
pub fn in_context(name: &str, context: Context) -> Option<&'static Directive> {
    named(name).iter().find(|directive| directive.contexts.contains(context))
}

/// True for the name of a directive of nginx or of a module that the table has.
pub fn is_known(name: &str) -> bool {
    NAMES.contains_key(name)
}

/// The number of a name, below [`count`]: for tables of what else there is of each.
pub(super) fn number(name: &str) -> Option<usize> {
    NAMES.get(name).copied().map(usize::from)
}

/// How many names there are.
pub(super) fn count() -> usize {
    NAMES.len()
}

/// All directives, sorted by name.
pub fn all() -> &'static [Directive] {
    &TABLE
}

/// The directives of that name that nginx once had and has no more.
pub fn removed(name: &str) -> impl Iterator<Item = &'static Removed> {
    REMOVED.iter().filter(move |one| one.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(TABLE.is_sorted_by_key(|directive| (directive.name, directive.protocol, directive.module)));
        assert_eq!(TABLE.len(), include_str!("directives.tsv").lines().count() - 1);
        assert_eq!(REMOVED.len(), include_str!("removed.tsv").lines().count() - 1);
        assert!(TABLE.len() > 1200);
        assert!(TABLE.iter().all(|directive| named(directive.name).contains(directive)));
        assert_eq!(NAMES.keys().map(|name| named(name).len()).sum::<usize>(), TABLE.len());
        for directive in all() {
            let counts = directive.arguments.as_str();
            assert!(counts.split(',').all(|part| part.is_empty() || part.trim_end_matches('+').parse::<u8>().is_ok()), "{directive:?}");
            assert!(!directive.contexts.is_empty(), "{directive:?}");
        }
    }

    #[test]
    fn a_name_may_belong_to_several_protocols() {
        let protocols: Vec<_> = named("proxy_pass").iter().map(|directive| directive.protocol).collect();
        assert_eq!(protocols, ["http", "stream"]);
        assert_eq!(in_context("proxy_pass", Context::StreamServer).map(|directive| directive.protocol), Some("stream"));
        assert_eq!(in_context("proxy_pass", Context::Location).map(|directive| directive.arguments.as_str()), Some("1"));
        assert_eq!(in_context("proxy_pass", Context::Events), None);
        assert_eq!(in_context("server", Context::Upstream).map(|directive| directive.is_block()), Some(false));
        assert_eq!(in_context("server", Context::Http).map(|directive| directive.is_block()), Some(true));
        assert!(in_context("include", Context::RtmpRecorder).is_some());
        assert!(named("location")[0].contexts.contains(Context::Server));
        assert!(named("root")[0].documentation().is_some_and(|page| page.ends_with("ngx_http_core_module.html#root")));
        assert!(is_known("content_by_lua_block") && !is_known("worker_procces") && !is_known(""));
    }

    #[test]
    fn facts_are_read() {
        let find = |name: &str| &named(name)[0];
        assert_eq!(find("gzip_comp_level").value, Value::Number(Some((1, 9))));
        assert_eq!(find("client_max_body_size").value, Value::Offset);
        assert_eq!(find("client_max_body_size").defaults().collect::<Vec<_>>(), ["1m"]);
        assert_eq!(find("proxy_buffers").value, Value::Buffers);
        assert_eq!(find("content_by_lua_block").form, Form::Lua);
        assert_eq!(find("add_header").repeats, Some(true));
        assert_eq!(find("location").syntaxes().count(), 2);
        assert_eq!(find("proxy_pass").written().collect::<Vec<_>>(), ["proxy_pass <URL>;"]);
        assert_eq!(find("content_by_lua_block").written().collect::<Vec<_>>(), ["content_by_lua_block { lua-script }"]);
        assert_eq!(removed("spdy_chunk_size").map(|one| one.removed).collect::<Vec<_>>(), ["1.19.7"]);
        let Value::Enum(words) = find("satisfy").value else { panic!("satisfy takes a word") };
        assert!(words.iter().any(|word| word == "any"));
    }

    #[test]
    fn counts_of_arguments() {
        let of = Arguments::read;
        assert!(of("2,3").allow(2) && of("2,3").allow(3) && !of("2,3").allow(1) && !of("2,3").allow(4));
        assert!(of("1+").allow(9) && !of("1+").allow(0) && of("").allow(5));
        assert!(of("0,1+").allow(0));
        assert_eq!((of("2,3").least(), of("2,3").most(), of("1+").least(), of("1+").most(), of("").most()), (2, Some(3), 1, None, None));
    }
}
