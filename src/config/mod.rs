//! The typed configuration of one root, after includes.
//!
//! An arena of [`Entry`]s (a directive, the file that it is written in, its parent) holds everything in nginx's
//! reading order; servers, locations and upstreams are views into it.

mod beside;
mod build;
mod by_server;
pub mod effective;
mod inherit;
mod inside;
mod listen;
mod names;
mod unchanged;
mod within;

pub use by_server::{ByServer, RestsOn};
pub use inside::Entries;
pub use listen::parse_listen;
pub use names::Chosen;
pub use unchanged::{Same, Unchanged};

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::message;
use crate::messages::Language;
use crate::nginx::context::Context;
use crate::nginx::{case, directives, templates};
use crate::project::{FileId, Place, Project, Root, RootKind};
use crate::syntax::{Directive, Question, Signs};
use crate::text::Span;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
id! {
    /// An [`Entry`] of a [`Config`].
    EntryId
}
id! {
    /// A [`Server`] of a [`Config`].
    ServerId
}
id! {
    /// A [`Location`] of a [`Config`].
    LocationId
}
id! {
    /// An [`Upstream`] of a [`Config`].
    UpstreamId
}

/// A directive where nginx reads it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The file that it is written in.
    pub file: FileId,
    /// The directive.
    pub directive: Arc<Directive>,
    /// What the catalogue has of its name, for any context: looked up once, as most rules ask.
    pub known: &'static [directives::Directive],
    /// The context that it stands in. A file that nothing includes is taken for what it most probably is meant for: see [`RootKind`].
    /// `None` in a block that nginx refuses or that a module which is not known brings, and where that can't be told.
    pub context: Option<Context>,
    /// The enclosing block.
    pub parent: Option<EntryId>,
    /// Entries inside, with includes replaced by what they led to.
    pub children: Vec<EntryId>,
}

/// The configuration that nginx reads from one root.
#[derive(Debug, Clone)]
pub struct Config {
    /// The root's file.
    pub root: FileId,
    /// All entries, in reading order.
    pub entries: Vec<Entry>,
    /// Entries outside any block.
    pub top: Vec<EntryId>,
    /// `server` blocks of http, in reading order.
    pub servers: Vec<Server>,
    /// `location` blocks, in reading order (a nested one after the one around it).
    pub locations: Vec<Location>,
    /// `upstream` blocks of http, in reading order.
    pub upstreams: Vec<Upstream>,
    /// `include`s whose content is not known: what depends on seeing everything can't be proven.
    pub unknown_includes: Vec<EntryId>,
    /// The first directive behind which something was left out because there is too much of it: what is below that is not known.
    pub gave_up: Option<EntryId>,
    by_name: names::Names,
    within: within::Within,
    beside: beside::Beside,
    /// The first upstream of each name, in small letters; made when it is first asked for.
    by_upstream: OnceLock<FxHashMap<Box<str>, usize>>,
    by_file: inside::ByFile,
}

/// A `server` of http.
#[derive(Debug, Clone)]
pub struct Server {
    /// The block.
    pub entry: EntryId,
    /// True when no `server` is written: the root is a fragment with locations at its top ([`RootKind::Server`]), meant for
    /// inside one. `entry` is then an entry of no bytes that stands for the unwritten block, the parent of all others. What is
    /// said of the server as a whole (its names, its `listen`s, that nothing selects it) means nothing then.
    pub synthetic: bool,
    /// `listen`s; nginx's default where there is none.
    pub listens: Vec<Listen>,
    /// `server_name`s as written (lower-cased as nginx does), in order; empty means the one name `""`.
    pub names: Vec<(Arc<str>, EntryId)>,
    /// Locations directly inside.
    pub locations: Vec<LocationId>,
}

/// One `listen`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// The directive; `None` for the default that holds where none is written.
    pub entry: Option<EntryId>,
    /// `*`, an address, `[…]`, or `unix:…`.
    pub address: String,
    /// The port; 0 for a unix socket.
    pub port: u16,
    /// `default_server` (or the old `default`).
    pub default: bool,
    /// `ssl`.
    pub ssl: bool,
    /// `quic`.
    pub quic: bool,
}

/// A `location`.
#[derive(Debug, Clone)]
pub struct Location {
    /// The block.
    pub entry: EntryId,
    /// Its server.
    pub server: ServerId,
    /// The location around it.
    pub parent: Option<LocationId>,
    /// What it matches.
    pub matcher: Matcher,
    /// Locations directly inside, in order.
    pub locations: Vec<LocationId>,
}

/// What a location matches (`ngx_http_core_location`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Matcher {
    /// `= /path`
    Exact(Arc<str>),
    /// `/path`, or `^~ /path`.
    Prefix {
        /// The text.
        path: Arc<str>,
        /// `^~`: no regex of this level is tried.
        no_regex: bool,
    },
    /// `~ regex`, or `~* regex`.
    Regex {
        /// The pattern.
        pattern: Arc<str>,
        /// `~*`
        caseless: bool,
    },
    /// `@name` (with the `@`).
    Named(Arc<str>),
}

/// An `upstream` of http.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// The block.
    pub entry: EntryId,
    /// Its name.
    pub name: Arc<str>,
    /// Its `server`s: the address as written and the directive.
    pub servers: Vec<(Arc<str>, EntryId)>,
}

impl Config {
    /// Builds the configuration of a root.
    pub fn build(project: &Project, root: &Root) -> Config {
        build::build(project, root, 0)
    }

    /// The same, for a root of which there is a configuration of an earlier state: what is made is about as large as that.
    pub fn build_after(project: &Project, root: &Root, earlier: &Config) -> Config {
        build::build(project, root, earlier.entries.len())
    }

    /// The entry.
    ///
    /// # Panics
    /// For an id of another configuration that is out of this one's range; the same holds for the other look-ups by id.
    #[inline]
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.index()]
    }

    /// The directive of an entry.
    #[inline]
    pub fn directive(&self, id: EntryId) -> &Directive {
        &self.entries[id.index()].directive
    }

    /// The name of an entry's directive, without a look at that.
    pub fn name(&self, id: EntryId) -> &str {
        self.by_name.of(id)
    }

    /// The server.
    pub fn server(&self, id: ServerId) -> &Server {
        &self.servers[id.index()]
    }

    /// The location.
    pub fn location(&self, id: LocationId) -> &Location {
        &self.locations[id.index()]
    }

    /// The upstream of that name; names are compared without case (`ngx_http_upstream_add`).
    pub fn upstream(&self, name: &str) -> Option<&Upstream> {
        let table = self.by_upstream.get_or_init(|| {
            let mut table = FxHashMap::default();
            for (index, upstream) in self.upstreams.iter().enumerate() {
                table.entry(upstream.name.to_ascii_lowercase().into()).or_insert(index);
            }
            table
        });
        table.get(&*case::lower(name)).and_then(|index| self.upstreams.get(*index))
    }

    /// All directives of that name, wherever they stand, in reading order. It costs a look-up: a rule that starts here costs nothing where its
    /// directive is not used.
    pub fn all(&self, name: &str) -> &[EntryId] {
        self.by_name.all(name)
    }

    /// The directives whose name is wanted: it is asked once of each name, and of those not wanted nothing is looked at.
    pub fn named(&self, wanted: impl Fn(&str) -> bool) -> Chosen<'_> {
        self.by_name.chosen(wanted, Signs::default())
    }

    /// The directives of whose name the catalogue has something that is wanted: see [`Entry::known`].
    pub fn known(&self, wanted: impl Fn(&'static [directives::Directive]) -> bool) -> Chosen<'_> {
        self.by_name.known(wanted)
    }

    /// The directives with one of the signs in an argument.
    pub fn with_signs(&self, signs: Signs) -> Chosen<'_> {
        self.by_name.chosen(|_| false, signs)
    }

    /// Both: those whose name is wanted, and those with one of the signs in an argument.
    pub fn named_or_with(&self, wanted: impl Fn(&str) -> bool, signs: Signs) -> Chosen<'_> {
        self.by_name.chosen(wanted, signs)
    }

    /// The names of all directives, each once, in the order in which they are first read: a question about names alone is asked of few of them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.distinct()
    }

    /// Where the whole directive is.
    pub fn place(&self, id: EntryId) -> Place {
        let entry = self.entry(id);
        Place { file: entry.file, span: entry.directive.span }
    }

    /// Where the directive's name and arguments are: what to underline.
    pub fn header(&self, id: EntryId) -> Place {
        let entry = self.entry(id);
        Place { file: entry.file, span: entry.directive.header() }
    }

    /// Where an argument is; the header for an argument that is not there.
    pub fn arg_place(&self, id: EntryId, index: usize) -> Place {
        let entry = self.entry(id);
        let span: Span = entry.directive.args.get(index).map_or(entry.directive.header(), |word| word.span);
        Place { file: entry.file, span }
    }

    /// Children of an entry with this name, in order.
    pub fn children<'a>(&'a self, id: EntryId, name: &str) -> impl DoubleEndedIterator<Item = EntryId> + use<'a> {
        self.by_name.lookup(&self.entries, name).map_or(&[][..], |of| of(Some(id))).iter().copied()
    }

    /// The directives of which it is not known that nothing about their words is wrong where they stand, in reading order. It is asked of what was
    /// noted when the configuration was built: of nearly all directives nothing else is looked at.
    pub fn unsound(&self, question: Question) -> impl Iterator<Item = EntryId> {
        self.by_name.unsound(question)
    }

    /// The location whose block directly or indirectly holds the entry (the innermost one).
    pub fn location_of(&self, id: EntryId) -> Option<LocationId> {
        self.within.location(id)
    }

    /// The server whose block holds the entry.
    pub fn server_of(&self, id: EntryId) -> Option<ServerId> {
        self.within.server(id)
    }

    /// The location whose block this entry is.
    pub fn location_at(&self, entry: EntryId) -> Option<LocationId> {
        self.within.location(entry).filter(|location| self.location(*location).entry == entry)
    }

    /// The server whose block this entry is.
    pub fn server_at(&self, entry: EntryId) -> Option<ServerId> {
        self.within.server(entry).filter(|server| self.server(*server).entry == entry)
    }

    /// A server as all messages name it: `server gateway.example.com:80`, by its first name (or address) and port.
    pub fn display_server(&self, id: ServerId) -> String {
        let server = self.server(id);
        if server.synthetic {
            return "the server that includes this file".into();
        }
        let listen = server.listens.first();
        let name = server.names.iter().map(|(name, _)| &**name).find(|name| !name.is_empty() && *name != "_");
        match (name, listen) {
            (Some(name), Some(listen)) if listen.port != 0 => format!("server {name}:{}", listen.port),
            (Some(name), _) => format!("server {name}"),
            (None, Some(listen)) if listen.port != 0 => format!("server {}:{}", listen.address, listen.port),
            (None, Some(listen)) => format!("server {}", listen.address),
            (None, None) => "server".into(),
        }
    }

    /// As [`Config::display_server`], in a language: a server that is not here has no name.
    pub fn say_server(&self, language: Language, id: ServerId) -> String {
        match self.server(id).synthetic {
            true => message!(language, "server-including"),
            false => message!(language, "server-named", name = self.display_server(id)),
        }
    }

    /// A location as all messages name it: `location /admin/`.
    pub fn display_location(&self, id: LocationId) -> String {
        format!("location {}", self.location(id).matcher.display())
    }

    /// Behind the last entry of a block: a block's entries lie together behind it, whatever includes brought.
    pub fn end(&self, block: EntryId) -> u32 {
        let mut last = block;
        while let Some(child) = self.entry(last).children.last() {
            last = *child;
        }
        last.0 + 1
    }

    /// The entry itself and the blocks around it, inside out.
    pub fn ancestors(&self, id: EntryId) -> impl Iterator<Item = EntryId> + '_ {
        std::iter::successors(Some(id), |id| self.entry(*id).parent)
    }
}

impl Matcher {
    /// As a person writes it: `= /a`, `^~ /b`, `~* \.php$`, `/c`, `@d`.
    pub fn display(&self) -> String {
        match self {
            Matcher::Exact(path) => format!("= {path}"),
            Matcher::Prefix { path, no_regex: true } => format!("^~ {path}"),
            Matcher::Prefix { path, no_regex: false } => path.to_string(),
            Matcher::Regex { pattern, caseless: true } => format!("~* {pattern}"),
            Matcher::Regex { pattern, caseless: false } => format!("~ {pattern}"),
            Matcher::Named(name) => name.to_string(),
        }
    }

    /// The URI or the beginning of URIs that it is named by; `None` for a regex and a named location.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Matcher::Exact(path) | Matcher::Prefix { path, .. } => Some(path),
            Matcher::Regex { .. } | Matcher::Named(_) => None,
        }
    }

    /// True when the text is filled in before nginx reads it, or was no UTF-8: what it will say is not known.
    pub fn is_template(&self) -> bool {
        let (Matcher::Exact(text) | Matcher::Prefix { path: text, .. } | Matcher::Regex { pattern: text, .. } | Matcher::Named(text)) =
            self;
        let is_variable = |pair: &[u8]| matches!(pair, [b'$', b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'{']);
        text.as_bytes().windows(2).any(is_variable) || templates::has_mark(text)
    }
}
