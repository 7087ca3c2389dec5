//! What happens when a location goes away, in words.

use super::compare::{CAPTURES, short};
use super::{Difference, Takeover, Taker};
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId};
use crate::messages::{Argument, Joint, Message};
use crate::phrase;
use crate::project::{Place, Project};

/// How many differences a sentence names.
const NAMED: usize = 3;

/// What happens, in one sentence; `None` where no URI gets to the location.
pub fn sentence(blocks: &Blocks<'_>, takeover: &Takeover) -> Option<Message> {
    let taker = takeover.takers.first()?;
    let at = match taker.site {
        Site::Location(id) => Some(seen_from(blocks.project, blocks.config, id, takeover.location)),
        Site::Server(_) => None,
    };
    Some(afterwards(blocks, takeover)?.sentence(at))
}

/// Where a location is, for a person who looks at another one: its line, with the file where that is another one.
pub(super) fn seen_from(project: &Project, config: &Config, id: LocationId, from: LocationId) -> Argument {
    let place = config.header(config.location(id).entry);
    let line = project.line(place);
    match place.file == config.header(config.location(from).entry).file {
        true => phrase!("line", line = line as usize).into(),
        false => format!("{}:{line}", project.display_path(place.file)).into(),
    }
}

/// What a sentence says, but for the places that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Afterwards {
    /// The first location that takes the URIs; `None` where it is the server.
    taker: Option<String>,
    /// How many others do.
    others: usize,
    differences: Option<Argument>,
    /// The handler that stays, and its argument.
    kept: Option<(String, String)>,
}

pub(super) fn afterwards(blocks: &Blocks<'_>, takeover: &Takeover) -> Option<Afterwards> {
    let first = takeover.takers.first()?;
    let taker = match first.site {
        Site::Location(id) => Some(blocks.config.display_location(id)),
        Site::Server(_) => None,
    };
    let (differences, kept) = (phrases(first.differences.iter()), kept(blocks, takeover.location, first));
    Some(Afterwards { taker, others: takeover.takers.len() - 1, differences, kept })
}

impl Afterwards {
    /// The sentence, with the place of the taker where that is a location.
    pub(super) fn sentence(&self, at: Option<Argument>) -> Message {
        let Afterwards { taker, others, differences, kept } = self;
        let takes = match (taker, at, others) {
            (Some(id), Some(at), 0) => phrase!("takeover-location-all", location = id, at = at),
            (Some(id), Some(at), _) => phrase!("takeover-location-some", location = id, at = at),
            (_, _, 0) => phrase!("takeover-server-all"),
            _ => phrase!("takeover-server-some"),
        };
        let out = match (differences.clone(), kept) {
            (None, _) => phrase!("takeover-same", takes = takes),
            (Some(phrases), None) => phrase!("takeover-differs", takes = takes, differences = phrases),
            (Some(phrases), Some((handler, value))) => {
                phrase!("takeover-differs-kept", takes = takes, handler = handler, value = value, differences = phrases)
            }
        };
        match others {
            0 => out,
            others => phrase!("takeover-more", sentence = out, count = *others),
        }
    }
}

/// What is otherwise with the first that takes the URIs, in a phrase; `None` where nothing is, or nobody takes them. Without what is
/// [`unguarded`], which is told for itself.
pub fn difference(takeover: &Takeover) -> Option<Argument> {
    phrases(takeover.takers.first()?.differences.iter().filter(|difference| !difference.guard))
}

fn phrases<'a>(differences: impl Iterator<Item = &'a Difference>) -> Option<Argument> {
    let mut sorted: Vec<&Difference> = differences.collect();
    // Captures are always others than those of a regex location: worth a word only where nothing else differs.
    if sorted.iter().any(|difference| difference.phrase.id() != CAPTURES) {
        sorted.retain(|difference| difference.phrase.id() != CAPTURES);
    }
    sorted.sort_by_key(|difference| !difference.guard);
    let mut phrases: Vec<Argument> = sorted.iter().take(NAMED).map(|difference| difference.phrase.clone().into()).collect();
    match sorted.len() - phrases.len() {
        0 => {}
        more => phrases.push(phrase!("takeover-settings", count = more).into()),
    }
    (!phrases.is_empty()).then_some(Argument::List(Joint::Clauses, phrases))
}

/// What guards the location and not the one that takes its URIs, with the place where it is written; `None` where nothing of the kind is lost.
pub fn unguarded(blocks: &Blocks<'_>, takeover: &Takeover) -> Option<(Option<Place>, Message)> {
    let (entry, message) = lost_guards(blocks, takeover)?;
    Some((entry.map(|entry| blocks.config.place(entry)), message))
}

pub(super) fn lost_guards(blocks: &Blocks<'_>, takeover: &Takeover) -> Option<(Option<EntryId>, Message)> {
    let (site, first) = takeover.guards().next()?;
    let guards = takeover.guards().filter(|(one, _)| *one == site).take(NAMED);
    let differences = Argument::List(Joint::Clauses, guards.map(|(_, difference)| difference.phrase.clone().into()).collect());
    let message = match site {
        Site::Location(id) => phrase!("takeover-unguarded", location = blocks.config.display_location(id), differences = differences),
        Site::Server(_) => phrase!("takeover-unguarded-server", differences = differences),
    };
    Some((first.here, message))
}

/// `proxy_pass` and what it stays, `http://x`: that the answer comes from the same place is what a person wants to hear first.
fn kept(blocks: &Blocks<'_>, location: LocationId, taker: &Taker) -> Option<(String, String)> {
    if taker.differences.iter().any(|difference| difference.about == "handler") {
        return None;
    }
    let handler = blocks.effective(Site::Location(location)).handlers.last().map(|id| blocks.config.directive(*id));
    handler.and_then(|handler| Some((handler.name.value.to_string(), short(handler.arg(0)?))))
}
