//! Where directives stand, for the rules that ask the catalogue about it.

use super::claims::is_unreliable;
use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Chosen, Entry, EntryId};
use crate::message;
use crate::messages::Language;
use crate::nginx::context::Context;
use crate::nginx::directives::{self, Directive, Removed};
use crate::nginx::foreign;
use crate::nginx::refusals::Refusal;
use crate::nginx::templates::has_mark;
use crate::nginx::version::Version;
use crate::project::{Place, RootKind};
use crate::syntax::Question;
use crate::world::{Analysis, View};

/// A directive in a context that is known.
#[derive(Clone, Copy)]
pub(super) struct Standing<'a> {
    /// Which one.
    pub id: EntryId,
    /// The same, with its words.
    pub entry: &'a Entry,
    /// Where it stands.
    pub context: Context,
    /// The context is that of a whole configuration. A `server` in a file that nothing includes may be one of http, stream or mail.
    whole: bool,
}

/// All directives whose context is known, in reading order. Keys and values of data blocks are none.
pub(super) fn standing(view: View<'_>) -> impl Iterator<Item = Standing<'_>> {
    (0..view.config.entries.len() as u32).filter_map(move |index| Standing::of(view, EntryId(index)))
}

/// Those of some names.
pub(super) fn standing_of<'a>(view: View<'a>, chosen: &Chosen<'a>) -> impl Iterator<Item = Standing<'a>> {
    chosen.iter().filter_map(move |id| Standing::of(view, id))
}

/// Those of which it is not known that they have as many arguments as they take.
pub(super) fn uncounted(view: View<'_>) -> impl Iterator<Item = Standing<'_>> {
    view.config.unsound(Question::Count).filter_map(move |id| Standing::of(view, id))
}

impl<'a> Standing<'a> {
    /// This directive, if it is one of those.
    pub fn of(view: View<'a>, id: EntryId) -> Option<Standing<'a>> {
        let whole = view.root.kind == RootKind::Main;
        let entry = view.config.entry(id);
        let context = entry.context.filter(|context| *context != Context::Data)?;
        (whole || entry.parent.is_some()).then_some(Standing { id, entry, context, whole })
    }
}

impl Standing<'_> {
    /// The directive's name.
    pub fn name(&self) -> &str {
        &self.entry.directive.name.value
    }

    /// Its protocol as the tables of what is gone or deprecated have it.
    pub fn protocol(&self) -> &'static str {
        if self.context == Context::Events { "events" } else { self.context.protocol() }
    }

    /// What the catalogue has of that name, wherever it may stand. What nginx took out long ago is not among it, though its page is
    /// still there.
    pub fn known(&self) -> &'static [Directive] {
        still(self.entry.known)
    }

    /// True when a directive of that name may stand here.
    pub fn is_for(&self, directive: &Directive) -> bool {
        directive.contexts.contains(self.context)
            // `server` of http and `server` of stream look alike.
            || !self.whole && directive.contexts.iter().any(|own| own.name().rsplit('.').next() == Some(self.context.name()))
    }

    /// What the catalogue has of that name for here: nginx takes one of these, if its modules are there.
    pub fn candidates(&self) -> impl Iterator<Item = &'static Directive> + '_ {
        self.known().iter().filter(|directive| self.is_for(directive))
    }
}

/// What the catalogue has of a name, without what nginx took out long ago: see [`Standing::known`].
pub(super) fn still(known: &'static [Directive]) -> &'static [Directive] {
    match known {
        [only] if only.package == "nginx-doc-only" && gone(only.name, only.protocol).is_some() => &[],
        known => known,
    }
}

/// What nginx had of a name in a protocol, and took out before the oldest version that people still run.
pub(super) fn gone(name: &str, protocol: &str) -> Option<&'static Removed> {
    let oldest = Version::read("1.18.0");
    directives::removed(name).find(|removed| removed.protocol == protocol && Version::read(removed.removed) < oldest)
}

/// A finding about what nginx refuses. A file that nothing includes may be a page of alternatives.
pub(super) fn refusal(view: View, rule: &Rule, place: Place, message: String) -> Finding {
    let (severity, confidence) = match view.root.kind {
        RootKind::Main => (rule.severity, Confidence::Proven),
        _ => (Severity::Warning, Confidence::Likely),
    };
    Finding::new(rule.id, severity, confidence, place, message)
}

/// The findings that are in files of which the structure is certain, and about what nginx reads: servers that others made of it took
/// directives of its own and let them have more arguments, or stand elsewhere.
pub(super) fn reliable(analysis: &Analysis, view: View, found: Vec<Finding>) -> Vec<Finding> {
    if found.is_empty() || standing(view).any(|standing| standing.known().is_empty() && foreign::is_of_another_server(standing.name())) {
        return Vec::new();
    }
    found.into_iter().filter(|finding| !is_unreliable(analysis, finding.place.file)).collect()
}

/// What nginx says itself, to search for.
pub(super) fn nginx_says(language: Language, refusal: Refusal, name: &str) -> String {
    message!(language, "nginx-says", text = refusal.says(name))
}

/// True for a word that something else fills in before nginx reads it: what it will be, or how many words, is not known.
pub(super) fn is_filled_in(word: &str) -> bool {
    // `envsubst` takes the variables of the environment, which have capital letters, without braces, too.
    let variable = |pair: &[u8]| matches!(pair, [b'$', b'A'..=b'Z' | b'{']);
    has_mark(word) || word.as_bytes().windows(2).any(variable)
}
