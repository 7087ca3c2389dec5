//! The word under the pointer: of which directive, in which context.

use std::sync::Arc;

use crate::config::EntryId;
use crate::messages::Language;
use crate::nginx::context::Context;
use crate::nginx::directives::{self, Directive as Record};
use crate::project::{FileId, SourceFile};
use crate::syntax::{Directive, Word};
use crate::world::{Analysis, View};

/// A word of a directive, and where that stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) source: &'a SourceFile,
    pub(super) offset: u32,
    pub(super) directive: &'a Directive,
    /// `None` for the directive's name.
    pub(super) argument: Option<usize>,
    pub(super) word: &'a Word,
    /// The directive in a configuration: of several the first in which its context is known. `None` for a file that is in none.
    pub(super) site: Option<(View<'a>, EntryId)>,
    /// The context that it stands in, guessed where the configuration does not say it.
    pub(super) context: Option<Context>,
}

impl<'a> Cursor<'a> {
    /// The word at an offset; where two touch it, the later one.
    pub(super) fn at(analysis: &'a Analysis, file: FileId, offset: u32) -> Option<Cursor<'a>> {
        let source = analysis.project.files.get(&file)?;
        let top = source.parse.directives.as_slice();
        let mut blocks: Vec<&'a str> = Vec::new();
        let mut level = top;
        let (directive, argument, word) = loop {
            let before = level.partition_point(|directive| directive.span.start <= offset);
            let directive = level.get(before.checked_sub(1)?)?;
            let words =
                std::iter::once((None, &directive.name)).chain(directive.args.iter().enumerate().map(|(index, word)| (Some(index), word)));
            if directive.header().touches(offset)
                && let Some((argument, word)) = words.rev().find(|(_, word)| word.span.start <= offset)
            {
                break (directive, argument, word);
            }
            blocks.push(&directive.name.value);
            level = directive.children();
        };
        let site = site(analysis, file, directive);
        let known = site.and_then(|(view, entry)| view.config.entry(entry).context);
        let context = known.or_else(|| guess(top, &blocks));
        Some(Cursor { analysis, source, offset, directive, argument, word, site, context })
    }

    pub(super) fn language(&self) -> Language {
        self.analysis.language
    }

    /// What nginx knows of the directive: of several of one name the one of this context, else one of http.
    pub(super) fn record(&self) -> Option<&'static Record> {
        let name = &*self.directive.name.value;
        if self.context == Some(Context::Data) {
            return None;
        }
        let here = self.context.and_then(|context| directives::in_context(name, context));
        here.or_else(|| {
            let all = directives::named(name);
            all.iter().find(|record| record.protocol == "http").or_else(|| all.first())
        })
    }

    /// `http` or `stream`, whose variables are apart.
    pub(super) fn protocol(&self) -> &'static str {
        match self.context.map(Context::protocol) {
            Some("stream") => "stream",
            _ => match self.site {
                Some((view, entry)) if outermost(view, entry).is_some_and(|name| name == "stream") => "stream",
                _ => "http",
            },
        }
    }
}

fn outermost<'a>(view: View<'a>, entry: EntryId) -> Option<&'a str> {
    view.config.ancestors(entry).last().map(|id| &*view.config.directive(id).name.value)
}

/// The directive where a configuration reads it.
fn site<'a>(analysis: &'a Analysis, file: FileId, directive: &Arc<Directive>) -> Option<(View<'a>, EntryId)> {
    let mut found = None;
    for view in analysis.views() {
        let all = view.config.all(&directive.name.value).iter().copied();
        for id in all {
            let entry = view.config.entry(id);
            if entry.file == file && Arc::ptr_eq(&entry.directive, directive) {
                if entry.context.is_some() {
                    return Some((view, id));
                }
                found = found.or(Some((view, id)));
            }
        }
    }
    found
}

/// The contexts that a file may be meant for, the likeliest first.
const LIKELY: [Context; 10] = [
    Context::Location,
    Context::Server,
    Context::Http,
    Context::Main,
    Context::StreamServer,
    Context::Stream,
    Context::Upstream,
    Context::Events,
    Context::MailServer,
    Context::Mail,
];

/// The context at a place inside these blocks of a file: as most of the directives at the top of the file may stand in.
fn guess(top: &[Arc<Directive>], blocks: &[&str]) -> Option<Context> {
    let fits = |context: Context| top.iter().filter(|directive| directives::in_context(&directive.name.value, context).is_some()).count();
    let inside = |context: Context| blocks.iter().try_fold(context, |context, block| context.inside(block));
    let counted = LIKELY.iter().filter_map(|context| Some((fits(*context), inside(*context)?)));
    // Of equals the first one.
    let best = counted.rev().max_by_key(|(fits, _)| *fits);
    best.filter(|(fits, _)| *fits > 0).map(|(_, context)| context)
}
