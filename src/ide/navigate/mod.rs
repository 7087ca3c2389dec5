//! From a use to its definition, and the other way.

mod definition;
mod references;

pub use definition::definition;
pub use references::references;

use crate::config::{Config, EntryId};
use crate::project::{FileId, Place, Project};
use crate::text::Span;
use crate::usage::definitions::{Definitions, Kind, Named, Protocol};

/// Where a word leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The word.
    pub origin: Span,
    /// What it leads to, as a whole.
    pub target: Place,
    /// What of it has the name; within `target`.
    pub selection: Place,
}

/// What the cursor is on: a directive's name, or one of its arguments.
#[derive(Debug, Clone, Copy)]
struct Cursor {
    entry: EntryId,
    /// `None` for the name.
    argument: Option<usize>,
    /// The word.
    span: Span,
    offset: u32,
}

impl Cursor {
    /// Every directive of a configuration that is under the cursor: a file that several blocks include has several.
    fn all(config: &Config, file: FileId, offset: u32) -> Vec<Cursor> {
        let mut out = Vec::new();
        for id in (0..config.entries.len() as u32).map(EntryId) {
            let entry = config.entry(id);
            if entry.file != file || !entry.directive.header().touches(offset) {
                continue;
            }
            let mut words = std::iter::once((None, &entry.directive.name))
                .chain(entry.directive.args.iter().enumerate().map(|(at, word)| (Some(at), word)));
            let found = words.rfind(|(_, word)| word.span.touches(offset));
            out.extend(found.map(|(argument, word)| Cursor { entry: id, argument, span: word.span, offset }));
        }
        out
    }

    /// The variable under it, and where that is.
    fn variable(&self, project: &Project, config: &Config) -> Option<(String, Span)> {
        let source = project.text(config.entry(self.entry).file);
        let raw = source.slice(self.span);
        let inside = |(name, from, to): (String, usize, usize)| {
            let span = Span::new(self.span.start + from as u32, self.span.start + to as u32);
            span.touches(self.offset).then_some((name, span))
        };
        variables(&raw).into_iter().find_map(inside)
    }

    /// The name that it defines or uses: a variable, an upstream, a log format, a zone, a cache.
    fn name<'a>(&self, definitions: &'a Definitions) -> Option<Named<'a>> {
        definitions.of(self.entry).find(|named| named.argument == self.argument)
    }
}

/// Every `$name` and `${name}` of a source text, in lower case, with where it begins and ends.
pub(super) fn variables(raw: &str) -> Vec<(String, usize, usize)> {
    let mut out = Vec::new();
    for (at, _) in raw.match_indices('$') {
        let Some(rest) = raw.get(at + 1..) else { continue };
        let (skipped, rest) = match rest.strip_prefix('{') {
            Some(rest) => (2, rest),
            None => (1, rest),
        };
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let Some(name) = rest.get(..length).filter(|name| !name.is_empty()) else { continue };
        let end = at + skipped + length;
        let end = end + usize::from(skipped == 2 && raw.get(end..).is_some_and(|rest| rest.starts_with('}')));
        out.push((name.to_ascii_lowercase(), at, end));
    }
    out
}

/// `http` or `stream`, each with names of its own.
pub(in crate::ide) fn protocol(config: &Config, id: EntryId) -> Protocol {
    match config.ancestors(id).last().is_some_and(|outermost| config.directive(outermost).is("stream")) {
        true => Protocol::Stream,
        false => Protocol::Http,
    }
}

/// Where a name is defined.
pub(super) fn definitions_of<'a>(
    definitions: &'a Definitions,
    kind: Kind,
    protocol: Protocol,
    name: &'a str,
) -> impl Iterator<Item = Named<'a>> {
    definitions.names(kind, protocol).filter(move |one| one.name == name)
}

/// The word that has a name.
fn word_of(config: &Config, named: Named<'_>) -> Place {
    match named.argument {
        Some(argument) => config.arg_place(named.entry, argument),
        None => Place { file: config.entry(named.entry).file, span: config.directive(named.entry).name.span },
    }
}
