//! Semantic tokens: what each word of a document is, by what nginx takes at its place. A grammar of an editor can't know that, for whether
//! `$` begins a variable, whether a word is a regex or a name of something, depends on the directive and on where that stands.
//!
//! *Invariants:* tokens are sorted and do not overlap. What is embedded (Lua) and plain comments have none: grammars do those better.

mod data;
mod hidden;
mod paint;
mod regex;
mod words;

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashSet, FxHasher};

use super::present::{Present, Site};
use crate::nginx::case::lower;
use crate::nginx::directives;
use crate::syntax::{Body, Word};
use crate::text::Span;
use crate::usage::definitions::{self, Kind as Name};
use crate::world::Analysis;
use paint::Painter;

/// What a word is, as LSP names it (3.17, `SemanticTokenTypes`); in the order of [`TYPES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The name of a block: `server`, `location`.
    Keyword,
    /// The name of any other directive.
    Property,
    /// A variable.
    Variable,
    /// A part of a regex that matches what it says.
    Regexp,
    /// A size, a time, a number, a status, a port, a network.
    Number,
    /// One word of a few: `on`, `off`, `last`, `default_server`.
    EnumMember,
    /// Text, paths, URIs.
    String,
    /// A named location.
    Function,
    /// An upstream.
    Namespace,
    /// A zone, a cache, a log format.
    Type,
    /// What stands before `=` in `weight=5`.
    Parameter,
    /// `~`, `=`, and what means something in a regex.
    Operator,
    /// A block that is commented out.
    Comment,
}

/// The names of [`Kind`].
pub const TYPES: [&str; 13] = [
    "keyword",
    "property",
    "variable",
    "regexp",
    "number",
    "enumMember",
    "string",
    "function",
    "namespace",
    "type",
    "parameter",
    "operator",
    "comment",
];

/// The names of the bits of [`Token::modifiers`]. The last two are our own: the protocol has none for what never runs.
pub const MODIFIERS: [&str; 5] = ["definition", "modification", "defaultLibrary", "unreachable", "disabled"];

/// Where a name is defined.
pub const DEFINITION: u8 = 1;
/// Where a variable gets a value.
pub const MODIFICATION: u8 = 1 << 1;
/// A variable that nginx has by itself.
pub const DEFAULT_LIBRARY: u8 = 1 << 2;
/// It is proven that this never counts.
pub const UNREACHABLE: u8 = 1 << 3;
/// Commented out with the marker of the settings.
pub const DISABLED: u8 = 1 << 4;

/// A word, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// Where; never empty, and perhaps over several lines.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// Bits, as [`MODIFIERS`] names them.
    pub modifiers: u8,
}

/// What is known of the names in a document.
#[derive(Debug, Default)]
pub(super) struct Names {
    upstreams: FxHashSet<String>,
}

impl Names {
    fn of(present: &Present<'_>, last: Option<&Analysis>) -> Names {
        let mut upstreams = FxHashSet::default();
        for view in last.into_iter().flat_map(Analysis::views) {
            let defined = view.definitions().defined().filter(|one| one.kind == Name::Upstream);
            upstreams.extend(defined.map(|one| one.name.to_string()));
        }
        // Upstreams stand in `http` or `stream`, at most one block deep.
        let outermost = present.source.parse.directives.iter();
        for directive in outermost.flat_map(|directive| std::iter::once(directive).chain(directive.children())) {
            if let Some((Name::Upstream, name, _)) = definitions::defined_by(directive) {
                upstreams.insert(name.to_ascii_lowercase());
            }
        }
        Names { upstreams }
    }

    fn has_upstream(&self, name: &str) -> bool {
        self.upstreams.contains(&*lower(name))
    }
}

/// The tokens of a document, or of those of its directives that meet `within`. `dead` are the places of which it is proven, for this very
/// text, that they never count: whole directives, their heads or single words, in order.
pub fn tokens(present: &Present<'_>, last: Option<&Analysis>, marker: &str, dead: &[Span], within: Option<Span>) -> Vec<Token> {
    let source = present.source.text.to_str();
    let names = Names::of(present, last);
    let mut painter = Painter::new(&source, dead);
    present.walk(&mut |site| {
        let span = site.directive.span;
        if within.is_some_and(|within| span.end < within.start || within.end < span.start) {
            return false;
        }
        painter.begin(site.directive);
        directive(site, &names, &mut painter);
        true
    });
    painter.leave();
    hidden::paint(present.source, marker, within, &mut painter);
    painter.finish(within)
}

/// The tokens of one directive's words; names of upstreams are not told from hosts.
pub(super) fn of_directive(site: Site<'_, '_>, source: &str) -> Vec<Token> {
    let mut painter = Painter::new(source, &[]);
    directive(site, &Names::default(), &mut painter);
    painter.finish(None)
}

/// The text of a word as it is written, without its quotes, and where that begins.
pub(super) fn inner<'a>(source: &'a str, word: &Word) -> (&'a str, u32) {
    let part = Painter::new(source, &[]).inner(word);
    (part.text, part.start)
}

/// A number that changes when the last analysis has more or less to say of a document's tokens.
pub fn fingerprint(present: &Present<'_>, last: &Analysis, dead: &[Span]) -> u64 {
    let mut hasher = FxHasher::default();
    let mut upstreams: Vec<String> = Names::of(present, Some(last)).upstreams.into_iter().collect();
    upstreams.sort_unstable();
    (upstreams, dead, &present.around().contexts).hash(&mut hasher);
    hasher.finish()
}

fn directive(site: Site<'_, '_>, names: &Names, painter: &mut Painter<'_>) {
    if site.place.is_data() {
        return data::line(site, painter);
    }
    let directive = site.directive;
    let name = &*directive.name.value;
    if directives::is_known(name) {
        let block = !matches!(directive.body, Body::Simple);
        painter.add(directive.name.span, if block { Kind::Keyword } else { Kind::Property }, 0);
    }
    words::arguments(site, names, painter);
}

#[cfg(test)]
mod tests;
