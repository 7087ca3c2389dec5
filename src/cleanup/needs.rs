//! What else needs a block: a reference from elsewhere that would lead nowhere, or elsewhere, without it.
//!
//! Only what is certain counts: a name that stands in the configuration, or a URI without variables that this very location takes.
//! What people or programs outside of the configuration send requests to is not looked at here.

use super::Refusal;
use super::comment;
use crate::config::{Config, Entries, EntryId, LocationId};
use crate::messages::Message;
use crate::phrase;
use crate::project::{FileId, Place, Project, RootKind};
use crate::syntax::Body;
use crate::text::Span;
use crate::usage::definitions::Kind;
use crate::usage::references::Reference;
use crate::usage::required::{Key, defined_by};
use crate::world::{Analysis, View};

/// Why the directives at these spans can't go, if something that stays needs one of them.
pub fn needed(analysis: &Analysis, file: FileId, spans: &[Span]) -> Option<Refusal> {
    let places: Vec<Place> = spans.iter().map(|span| Place { file, span: *span }).collect();
    needed_of(analysis, &places, &places)
}

/// Why those `asked` about can't go together with all that `go`, if something that stays needs one of those asked about.
pub fn needed_of(analysis: &Analysis, go: &[Place], asked: &[Place]) -> Option<Refusal> {
    analysis.views().find_map(|view| {
        let View { root, config, .. } = view;
        let (gone, asked) = (config.inside(go), config.inside(asked));
        if asked.is_empty() {
            return None;
        }
        let without = Without { view, project: view.project, config, gone, asked };
        without.events(root.kind).or_else(|| without.names()).or_else(|| without.empty_upstream()).or_else(|| without.locations())
    })
}

/// A configuration without some of its directives.
struct Without<'a> {
    view: View<'a>,
    project: &'a Project,
    config: &'a Config,
    gone: Entries,
    /// Those of them that are asked about.
    asked: Entries,
}

fn what(kind: Kind) -> Message {
    match kind {
        Kind::Upstream => phrase!("refusal-upstream"),
        Kind::Variable => phrase!("refusal-variable"),
        Kind::RequestZone => phrase!("refusal-limit-req"),
        Kind::ConnectionZone => phrase!("refusal-limit-conn"),
        Kind::Cache => phrase!("refusal-cache"),
        Kind::LogFormat => phrase!("refusal-log-format"),
        Kind::Dictionary => phrase!("refusal-dictionary"),
    }
}

impl Without<'_> {
    fn is_gone(&self, id: EntryId) -> bool {
        self.gone.contains(id)
    }

    /// Those that are asked about, and go.
    fn asked(&self) -> impl Iterator<Item = EntryId> + '_ {
        self.asked.iter().filter(|id| self.is_gone(*id))
    }

    /// A look at all entries: for what is in question only.
    fn stays(&self) -> impl Iterator<Item = EntryId> + '_ {
        (0..self.config.entries.len() as u32).map(EntryId).filter(|id| !self.is_gone(*id))
    }

    fn refusal(&self, by: EntryId, what: Message) -> Refusal {
        let place = self.config.header(by);
        let line = self.project.line(place);
        let file = self.project.display_path(place.file);
        let user = comment::title(self.config.directive(by));
        let reason = phrase!("refusal-needs", user = user, at = format!("{file}:{line}"), what = what);
        Refusal { reason, place: Some(place) }
    }

    /// `ngx_event_init_conf`: "no "events" section in configuration".
    fn events(&self, root: RootKind) -> Option<Refusal> {
        let is = |id: &EntryId| self.config.entry(*id).parent.is_none() && self.config.directive(*id).is("events");
        let needed = root == RootKind::Main && self.asked().any(|id| is(&id)) && !self.stays().any(|id| is(&id));
        needed.then(|| Refusal::new(phrase!("refusal-events")))
    }

    /// `ngx_http_upstream`: "no servers are inside upstream".
    fn empty_upstream(&self) -> Option<Refusal> {
        let blocks = self.asked().filter_map(|id| self.config.entry(id).parent);
        let mut blocks: Vec<EntryId> =
            blocks.filter(|block| !self.is_gone(*block) && self.config.directive(*block).is("upstream")).collect();
        blocks.dedup();
        let upstreams = blocks.iter().filter_map(|block| self.config.upstreams.iter().find(|upstream| upstream.entry == *block));
        let mut emptied = upstreams.filter(|upstream| {
            upstream.servers.iter().any(|(_, id)| self.asked.contains(*id)) && upstream.servers.iter().all(|(_, id)| self.is_gone(*id))
        });
        emptied.next().map(|upstream| {
            let place = self.config.header(upstream.entry);
            Refusal { reason: phrase!("refusal-empty-upstream", name = &*upstream.name), place: Some(place) }
        })
    }

    fn defined_by(&self, id: EntryId) -> Vec<Key> {
        let parent = self.config.entry(id).parent;
        defined_by(self.config.directive(id), parent.map(|parent| self.config.directive(parent)))
    }

    fn names(&self) -> Option<Refusal> {
        let mut defined = self.asked().flat_map(|id| self.defined_by(id)).peekable();
        defined.peek()?;
        let required = self.view.required();
        let missing = defined.filter(|key| required.defined(key).iter().all(|id| self.is_gone(*id)));
        let users = missing.filter_map(|key| Some((required.used(&key).iter().find(|id| !self.is_gone(**id)).copied()?, key)));
        let (id, (kind, name)) = users.min_by_key(|(id, (kind, _))| (*id, *kind == Kind::Variable))?;
        let sigil = if kind == Kind::Variable { "$" } else { "" };
        Some(self.refusal(id, phrase!("refusal-defined", kind = what(kind), name = format!("{sigil}{name}"))))
    }

    fn locations(&self) -> Option<Refusal> {
        let locations: Vec<LocationId> = self.asked.iter().filter_map(|id| self.config.location_at(id)).collect();
        if locations.is_empty() {
            return None;
        }
        let references = self.view.references();
        let server_stays = |reference: &Reference| !self.is_gone(self.config.server(reference.server).entry);
        locations.into_iter().find_map(|location| {
            let needed = references.needed_by(self.config, location);
            let reference = needed.into_iter().find(|reference| !self.is_inside(reference.place) && server_stays(reference))?;
            Some(self.location(reference))
        })
    }

    /// True for a place in something that goes.
    fn is_inside(&self, place: Place) -> bool {
        self.gone.iter().any(|id| self.config.place(id).file == place.file && self.config.place(id).span.covers(place.span))
    }

    fn location(&self, reference: &Reference) -> Refusal {
        let place = reference.place;
        let text = self.project.text(place.file);
        let line = text.line_of(place.span.start) + 1;
        // The directive as it is written; of Lua the call that names the URI.
        let target = reference.target.constant().unwrap_or_default();
        let entry = self.stays().find(|id| {
            let own = self.config.place(*id);
            own.file == place.file && own.span.covers(place.span) && matches!(self.config.directive(*id).body, Body::Simple)
        });
        let user = match entry {
            Some(entry) => comment::title(self.config.directive(entry)),
            None => format!("{}(\"{target}\")", reference.kind.name()),
        };
        let name = reference.to.map(|to| self.config.location(to).matcher.display()).unwrap_or_default();
        let at = format!("{}:{line}", self.project.display_path(place.file));
        let reason = match target.starts_with('@') {
            true => phrase!("refusal-needs", user = user, at = at, what = phrase!("refusal-location", name = name)),
            false => phrase!("refusal-location-takes", user = user, at = at, name = name, uri = target),
        };
        Refusal { reason, place: Some(place) }
    }
}
