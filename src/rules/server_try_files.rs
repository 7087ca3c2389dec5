//! `server-try-files`: a `try_files` of the server that never takes effect, because every request gets into a location.

use rustc_hash::FxHashSet;

use super::claims::is_unreliable;
use super::dead_location::by_doors;
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::message;
use crate::project::Place;
use crate::routing::language::UriSet;
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "server-try-files",
    summary: "a `try_files` of the server that never takes effect, because every request gets into a location",
    severity: Severity::Warning,
    check,
};

/// How many doors a finding lists.
const LISTED: usize = 3;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut works: FxHashSet<Place> = FxHashSet::default();
    let mut found = Vec::new();
    for view in analysis.views() {
        for id in view.config.all("try_files") {
            let place = view.config.place(*id);
            let Some(server) = server_with(view.config, *id) else { continue };
            let silent = is_unreliable(analysis, place.file);
            match finding(view, *id, server).filter(|_| !silent) {
                Some(finding) => found.push(finding),
                None => drop(works.insert(view.config.header(*id))),
            }
        }
    }
    // A file that several servers include: it has to be without effect in each, and the one with most doubts speaks for all.
    found.sort_by_key(|finding: &Finding| (finding.place, std::cmp::Reverse(finding.related.len())));
    found.dedup_by_key(|finding| finding.place);
    out.extend(found.into_iter().filter(|finding| !works.contains(&finding.place)));
}

/// The server in whose block the directive stands directly.
fn server_with(config: &Config, id: EntryId) -> Option<ServerId> {
    let block = config.entry(id).parent?;
    let server = config.server_of(id)?;
    (config.server(server).entry == block && config.directive(id).args.len() > 1).then_some(server)
}

fn finding(view: View<'_>, id: EntryId, server: ServerId) -> Option<Finding> {
    let (config, language) = (view.config, view.language);
    let locations = &config.server(server).locations;
    let usable = |location: &&LocationId| !config.location(**location).matcher.is_template();
    let everything = locations
        .iter()
        .filter(usable)
        .find(|id| matches!(&config.location(**id).matcher, Matcher::Prefix { path, .. } if path.is_empty()));
    let slash =
        locations.iter().filter(usable).find(|id| matches!(&config.location(**id).matcher, Matcher::Prefix { path, .. } if &**path == "/"));
    let taker = everything.or(slash);
    let entries = view.entries().get(server.index())?;
    if everything.is_none() {
        let covered = UriSet::union(locations.iter().filter(usable).filter_map(|id| UriSet::admitted(&config.location(*id).matcher)));
        if entries.universe.uris().is_subset_of(&covered) != Some(true) {
            return None;
        }
    }
    let unread: Vec<_> = if everything.is_some() { Vec::new() } else { entries.unread().collect() };
    let why = match taker {
        Some(taker) => message!(language, "server-try-files-rest", location = config.display_location(*taker)),
        None => message!(language, "server-try-files-every"),
    };
    let message = message!(language, "server-try-files-says", why = why);
    let confidence = if unread.is_empty() { Confidence::Proven } else { Confidence::Likely };
    let mut finding = Finding::new(RULE.id, RULE.severity, confidence, config.header(id), message).tag(Tag::Unnecessary);
    if let Some(taker) = taker {
        finding = finding.related(config.header(config.location(*taker).entry), message!(language, "server-try-files-decides"));
    }
    if !unread.is_empty() {
        finding = finding.note(message!(language, "server-try-files-holds"));
    }
    for door in unread.iter().take(LISTED) {
        finding = match door.place {
            Some(place) => finding.related(place, by_doors::doubt(language, door)),
            None => finding.note(by_doors::doubt(language, door)),
        };
    }
    let safe = confidence == Confidence::Proven;
    Some(finding.fix(Fix {
        title: message!(language, "comment-out", what = "`try_files`"),
        safe,
        action: FixAction::CommentOut(config.place(id)),
    }))
}
