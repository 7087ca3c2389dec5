//! What a variable can have: of those that only `set` gives a value, the few texts that it ever has.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, EntryId, ServerId};
use crate::nginx::{directives, variables};
use crate::routing::UriSet;
use crate::routing::pattern;
use crate::syntax::Signs;

/// More texts than that are not followed.
const MOST: usize = 16;

/// Longer texts are not followed: `set $a $a$a` makes one twice as long each time.
const LONGEST: usize = 4096;

/// The texts that a variable can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// One of these.
    Known(BTreeSet<Box<[u8]>>),
    /// Anything.
    Any,
}

impl Values {
    /// Exactly this.
    pub(super) fn one(text: &[u8]) -> Values {
        Values::Known(BTreeSet::from([text.into()]))
    }

    fn of(texts: BTreeSet<Box<[u8]>>) -> Values {
        if texts.len() > MOST { Values::Any } else { Values::Known(texts) }
    }

    /// One of these or of those.
    pub(super) fn or(&self, other: &Values) -> Values {
        match (self, other) {
            (Values::Known(these), Values::Known(those)) => Values::of(these.union(those).cloned().collect()),
            _ => Values::Any,
        }
    }

    /// Those for which the question has the answer.
    pub(super) fn filter(&self, question: impl Fn(&[u8]) -> bool, answer: bool) -> Values {
        match self {
            Values::Known(texts) => Values::Known(texts.iter().filter(|text| question(text) == answer).cloned().collect()),
            Values::Any => Values::Any,
        }
    }

    /// The answer, when it is the same for all of them.
    pub(super) fn agree(&self, question: impl Fn(&[u8]) -> bool) -> Option<bool> {
        let Values::Known(texts) = self else { return None };
        let mut answers = texts.iter().map(|text| question(text));
        let first = answers.next()?;
        answers.all(|answer| answer == first).then_some(first)
    }
}

/// What is true for a text: neither empty nor `0` (`ngx_http_script_if_code`).
pub(super) fn is_true(text: &[u8]) -> bool {
    !text.is_empty() && text != b"0"
}

/// A text with variables, put together (`ngx_http_script_compile`).
pub(super) fn evaluate<'v>(text: &str, mut value: impl FnMut(&str) -> &'v Values) -> Values {
    let mut texts = BTreeSet::from([Box::<[u8]>::default()]);
    let mut add = |part: &Values| {
        let Values::Known(parts) = part else { return false };
        texts = texts.iter().flat_map(|head| parts.iter().map(|tail| [&**head, &**tail].concat().into_boxed_slice())).collect();
        texts.len() <= MOST && texts.iter().all(|text| text.len() <= LONGEST)
    };
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once('$') {
        if !add(&Values::one(plain.as_bytes())) {
            return Values::Any;
        }
        let (name, after) = match after.strip_prefix('{') {
            Some(braced) => match braced.split_once('}') {
                Some(parts) => parts,
                None => return Values::Any,
            },
            None => {
                let end = after.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_').unwrap_or(after.len());
                after.split_at(end)
            }
        };
        // `$1` and what nginx refuses.
        if name.is_empty() || name.as_bytes().first().is_some_and(u8::is_ascii_digit) || !add(value(name)) {
            return Values::Any;
        }
        rest = after;
    }
    if add(&Values::one(rest.as_bytes())) { Values::of(texts) } else { Values::Any }
}

/// What a variable of nginx's own can have, whoever sends the request: a set of texts that has them all, and what a person says of
/// them.
pub(super) fn domain(variable: &str, hosts: bool) -> Option<(UriSet, &'static str)> {
    // `ngx_http_parse_request_line`, `ngx_http_v2_parse_method`; Lua sets one of the known methods only.
    let (pattern, why) = match variable {
        "request_method" => (r"^[A-Z_-]+\z", "constant-condition-method"),
        // `ngx_http_validate_host`
        "host" if hosts => (r"^[^A-Z]*\z", "constant-condition-host"),
        "scheme" => (r"^https?\z", "constant-condition-scheme"),
        _ => return None,
    };
    Some((UriSet::regex(pattern, false)?, why))
}

/// Who gives variables their values, in the whole configuration.
#[derive(Debug)]
pub(super) struct Variables<'a> {
    config: &'a Config,
    table: OnceCell<Table>,
}

#[derive(Debug, Default)]
struct Table {
    /// What a variable has, beside nothing, because of the `set`s of a server.
    set: FxHashMap<(ServerId, String), Values>,
    everywhere: Everywhere,
}

/// What counts in every server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Everywhere {
    /// Variables that something else than `set` gives a value.
    others: FxHashSet<String>,
    /// Code may give any variable a value.
    code: bool,
    /// Code runs whenever a variable is read, and may give another one a value.
    on_read: bool,
    /// `$host` may have what a client did not send.
    hosts: bool,
}

/// Directives of nginx that define the variable in one of their arguments.
const DEFINE: [&str; 5] = ["map", "geo", "split_clients", "auth_request_set", "perl_set"];

impl<'a> Variables<'a> {
    pub(super) fn new(config: &'a Config) -> Variables<'a> {
        Variables { config, table: OnceCell::new() }
    }

    /// What a variable can have before the first directive of a sequence: an internal redirect keeps what it had, so every `set` of the
    /// server may have run before. The name is in small letters.
    pub(super) fn initial(&self, server: Option<ServerId>, variable: &str) -> Values {
        let Table { set, everywhere } = self.table();
        let Some(server) = server.filter(|_| !everywhere.code && !is_own(variable) && !everywhere.others.contains(variable)) else {
            return Values::Any;
        };
        match set.get(&(server, variable.to_owned())) {
            Some(values) => values.or(&Values::one(b"")),
            // Of the variables that nginx knows by itself, of those of another server, or refused.
            None => Values::Any,
        }
    }

    /// True where a `set` of the variable holds until the next one: no regex's group or `map` has its name, no code runs when others are
    /// read. The name is in small letters.
    pub(super) fn stays(&self, variable: &str) -> bool {
        let everywhere = self.everywhere();
        !everywhere.on_read && !is_own(variable) && !everywhere.others.contains(variable)
    }

    /// True when `$host` comes from the client or from `server_name`.
    pub(super) fn hosts(&self) -> bool {
        self.everywhere().hosts
    }

    /// What of the configuration counts in every server.
    pub(super) fn everywhere(&self) -> &Everywhere {
        &self.table().everywhere
    }

    fn table(&self) -> &Table {
        self.table.get_or_init(|| self.read())
    }

    fn read(&self) -> Table {
        let config = self.config;
        let mut set: FxHashMap<(ServerId, String), Values> = FxHashMap::default();
        let mut everywhere = Everywhere { hosts: true, ..Everywhere::default() };
        // What an include brings may give any variable a value.
        everywhere.code = !config.unknown_includes.is_empty();
        for name in config.names() {
            let lua = name.contains("_by_lua");
            everywhere.code |= lua || name.starts_with("js_") || name.starts_with("perl") || matches!(name, "ssi" | "eval");
            everywhere.on_read |= matches!(name, "js_set" | "perl_set" | "js_var");
            everywhere.hosts &= !lua && !name.starts_with("more_");
            // In the blocks of other modules the variable may come first: `$name country_code;`
            everywhere.others.extend(name.strip_prefix('$').map(str::to_ascii_lowercase));
        }
        // A server without a `Host` may be one whose first name is a regex.
        let by_regex = |name: &EntryId| config.directive(*name).arg(0).is_some_and(|name| name.starts_with('~'));
        everywhere.hosts &= !config.all("server_name").iter().any(by_regex);
        for id in config.all("set") {
            let directive = config.directive(*id);
            let (Some(variable), Some(text)) = (directive.arg(0).and_then(|word| word.strip_prefix('$')), directive.arg(1)) else {
                continue;
            };
            let Some(server) = config.server_of(*id) else { continue };
            let values = if text.contains('$') { Values::Any } else { Values::one(text.as_bytes()) };
            set.entry((server, variable.to_ascii_lowercase())).and_modify(|old| *old = old.or(&values)).or_insert(values);
        }
        let reads = |name: &str| !DEFINE.contains(&name) && directives::named(name).iter().any(|own| own.package == "nginx");
        // What only reads variables defines them by groups alone.
        for id in config.named_or_with(|name| !reads(name), Signs::NAMED_GROUP).iter() {
            let directive = config.directive(id);
            let words = &directive.args;
            let name = &*directive.name.value;
            if name == "set" {
                continue;
            }
            let reads = reads(name);
            let defined = match name {
                "map" | "geo" | "split_clients" => words.len().checked_sub(1),
                _ if DEFINE.contains(&name) => Some(0),
                _ => None,
            };
            for (at, word) in words.iter().enumerate() {
                if let Some(variable) = word.value.strip_prefix('$').filter(|_| !reads && defined.is_none_or(|defined| defined == at)) {
                    everywhere.others.insert(variable.to_ascii_lowercase());
                }
                if !reads && word.has_dollar() {
                    everywhere.others.extend(word.value.split("=$").nth(1).map(str::to_ascii_lowercase));
                }
                if word.signs().has(Signs::NAMED_GROUP) && pattern::names_variables(&word.value) {
                    everywhere.others.extend(pattern::group_names(&word.value).map(str::to_ascii_lowercase));
                }
            }
        }
        Table { set, everywhere }
    }
}

/// True for a variable that nginx has by itself although `set` may change it: what it is read as is made of the request.
fn is_own(variable: &str) -> bool {
    variables::find(variable, "http").is_some()
}
