//! Every place in a text where something is defined or used by its name.

use super::present::{Present, Site};
use super::tokens::{self, DEFINITION, Kind as Painted, MODIFICATION, Token};
use crate::syntax::Directive;
use crate::text::Span;
use crate::usage::definitions::{Kind, Protocol, defined_by, used_by};

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// `$name`, `${name}`, a group of a regex.
    Variable,
    /// `@name`
    NamedLocation,
    /// An upstream, a log format, a zone, a cache, a shared dictionary.
    Other(Kind),
}

/// What happens with it at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It is defined, or gets its value.
    Write,
    /// It is used.
    Read,
}

/// A name at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    pub sort: Sort,
    /// Without `$` and `@`; in lower case where case does not count.
    pub name: String,
    /// With `$`, `${…}` and `@`.
    pub whole: Span,
    /// The name alone.
    pub span: Span,
    pub role: Role,
    /// False where it is written with escapes: what stands there is not the name.
    pub exact: bool,
}

impl Occurrence {
    /// True when both are the same name; in one protocol, and for named locations in one server, as who asks has to see to.
    pub fn is_same(&self, other: &Occurrence) -> bool {
        self.sort == other.sort && self.name == other.name
    }
}

/// Those in a directive's words.
pub(super) fn of_directive(site: Site<'_, '_>, source: &str) -> Vec<Occurrence> {
    let mut out: Vec<Occurrence> = tokens::of_directive(site, source).into_iter().filter_map(|token| painted(token, source)).collect();
    if !site.place.is_data() {
        let directive = site.directive;
        let named = [(defined_by(directive), Role::Write), (used_by(directive), Role::Read)];
        out.extend(named.into_iter().filter_map(|(found, role)| other(directive, found?, role, source)));
    }
    out
}

/// A variable or a named location.
fn painted(token: Token, source: &str) -> Option<Occurrence> {
    let text = source.get(token.span.range())?;
    let role = if token.modifiers & (DEFINITION | MODIFICATION) != 0 { Role::Write } else { Role::Read };
    let (sort, name) = match token.kind {
        Painted::Variable => (Sort::Variable, text.trim_start_matches(['$', '{']).trim_end_matches('}')),
        Painted::Function => (Sort::NamedLocation, text.strip_prefix('@')?),
        _ => return None,
    };
    // `$1` is named by nobody, and `$a$b` is no name where one is defined.
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if name.is_empty() || sort == Sort::Variable && (!letters || name.starts_with(|first: char| first.is_ascii_digit())) {
        return None;
    }
    let start = token.span.start + (name.as_ptr() as usize - text.as_ptr() as usize) as u32;
    let span = Span::new(start, start + name.len() as u32);
    let exact = !name.contains('\\');
    let name = if sort == Sort::Variable { name.to_ascii_lowercase() } else { name.to_owned() };
    Some(Occurrence { sort, name, whole: token.span, span, role, exact })
}

fn other(directive: &Directive, (kind, name, argument): (Kind, &str, usize), role: Role, source: &str) -> Option<Occurrence> {
    if kind == Kind::Variable || name.is_empty() || name.contains('$') {
        return None;
    }
    let word = directive.args.get(argument)?;
    let (raw, start) = tokens::inner(source, word);
    // The name is a part of the word's value.
    let at = (name.as_ptr() as usize).checked_sub(word.value.as_ptr() as usize)? as u32;
    let exact = raw == &*word.value;
    let span = if exact { Span::new(start + at, start + at + name.len() as u32) } else { word.span };
    let name = if kind == Kind::Upstream { name.to_ascii_lowercase() } else { name.to_owned() };
    Some(Occurrence { sort: Sort::Other(kind), name, whole: span, span, role, exact })
}

/// Where a name counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope {
    protocol: Protocol,
    /// For named locations: the server around them, in the same file.
    server: Option<Span>,
}

/// Those of a document in directives of which the names and arguments are wanted, by where these stand; each with where it counts. Of what
/// holds others it is asked as a whole first: what is not wanted is passed over with all in it.
pub(super) fn within(present: &Present<'_>, source: &str, wanted: impl Fn(Span) -> bool) -> Vec<(Occurrence, Scope)> {
    let mut protocol = Protocol::Http;
    let mut server: Option<Span> = None;
    let mut out = Vec::new();
    present.walk(&mut |site| {
        let span = site.directive.span;
        if !site.place.is_data() {
            protocol = if site.place.protocol() == "stream" { Protocol::Stream } else { Protocol::Http };
            if site.directive.is("server") && !site.directive.children().is_empty() {
                server = Some(span);
            }
        }
        if !wanted(span) {
            return false;
        }
        if !wanted(site.directive.header()) {
            return true;
        }
        for one in of_directive(site, source) {
            let server = server.filter(|server| one.sort == Sort::NamedLocation && server.covers(span));
            out.push((one, Scope { protocol, server }));
        }
        true
    });
    out
}
