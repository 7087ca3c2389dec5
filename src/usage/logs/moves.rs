//! Which directives of a location move requests on, so that they end somewhere else. nginx logs a request where it ends
//! (`ngx_http_log_handler` runs with that location's settings, and `$uri` is what is left then): with an `access_log off` there, it is not
//! logged at all, and a log with `$uri` alone does not show that it came through here.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::written::Place;
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::nginx::values::is_absolute_url;
use crate::project::Project;
use crate::routing::Router;
use crate::usage::verdict::beginnings::{Beginnings, beginning, name};

/// One directive that moves requests on from a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Move {
    /// The directive.
    pub entry: EntryId,
    /// Where requests go on, as numbers of places; `None` for what nothing is known of.
    pub to: Option<Vec<u32>>,
    /// The request gets another URI.
    pub renames: bool,
    /// No search for a location follows: `rewrite … break`. It ends where it is, with a URI that others have.
    pub stays: bool,
}

/// Finds the moves of locations.
pub(super) struct Moves<'a> {
    config: &'a Config,
    router: &'a Router,
    blocks: Blocks<'a>,
    beginnings: FxHashMap<ServerId, Beginnings<'a>>,
}

/// What may stand for a part that is computed.
const SAMPLES: [&str; 4] = ["", "x", "1", "x/x"];

impl<'a> Moves<'a> {
    pub(super) fn new(project: &'a Project, config: &'a Config, router: &'a Router) -> Moves<'a> {
        Moves { config, router, blocks: Blocks::new(project, config), beginnings: FxHashMap::default() }
    }

    /// Those of one location; not what keeps a request where it is. An `error_page` counts where it makes another answer (`=`), or is
    /// for what the location itself returns: elsewhere what it gets is a request that failed.
    pub(super) fn of(&mut self, location: LocationId) -> Vec<Move> {
        let config = self.config;
        let effective = self.blocks.effective(Site::Location(location));
        let mut out = Vec::new();
        let mut codes: Vec<EntryId> = Vec::new();
        let mut open: Vec<EntryId> = effective.sequence.iter().rev().copied().collect();
        while let Some(entry) = open.pop() {
            codes.push(entry);
            if config.directive(entry).is("if") {
                open.extend(config.entry(entry).children.iter().rev());
            }
        }
        for entry in codes.iter().copied().filter(|entry| config.directive(*entry).is("rewrite")) {
            let directive = config.directive(entry);
            let Some(to) = directive.arg(1) else { continue };
            let away = is_absolute_url(to);
            if !away && !matches!(directive.arg(2), Some("redirect" | "permanent")) {
                self.add(&mut out, location, entry, to, directive.arg(2) == Some("break"));
            }
        }
        for entry in effective.own.iter().copied().filter(|entry| config.directive(*entry).is("try_files")) {
            let args = &config.directive(entry).args;
            if let Some(last) = args.last().filter(|last| args.len() > 1 && !last.value.starts_with('=')) {
                self.add(&mut out, location, entry, &last.value, false);
            }
        }
        let returned = codes.iter().map(|entry| config.directive(*entry));
        let returned: Vec<&str> = returned.filter(|one| one.is("return") && one.args.len() == 1).filter_map(|one| one.arg(0)).collect();
        let inside = codes.iter().copied().filter(|entry| config.directive(*entry).is("error_page"));
        for entry in effective.setting("error_page").iter().copied().chain(inside) {
            let args = &config.directive(entry).args;
            let Some((last, codes)) = args.split_last() else { continue };
            let counts = codes.iter().any(|word| word.value.starts_with('=') || returned.contains(&&*word.value));
            if counts && last.value.starts_with(['/', '@', '$']) {
                self.add(&mut out, location, entry, &last.value, false);
            }
        }
        let answers =
            !effective.handlers.is_empty() || !returned.is_empty() || codes.iter().any(|entry| config.directive(*entry).is("return"));
        let matcher = &config.location(location).matcher;
        if let (false, Matcher::Prefix { .. } | Matcher::Exact(_)) = (answers, matcher)
            && let Some(folder) = name(matcher).filter(|name| name.ends_with('/'))
        {
            let written = effective.setting("index").iter().copied();
            let written = written.flat_map(|entry| config.directive(entry).args.iter().map(move |word| (entry, &*word.value)));
            let default = effective.setting("index").is_empty().then_some((config.location(location).entry, "index.html"));
            for (entry, page) in written.chain(default) {
                let to = if page.starts_with('/') { page.to_owned() } else { format!("{folder}{page}") };
                self.add(&mut out, location, entry, &to, false);
            }
        }
        out
    }

    fn add(&mut self, out: &mut Vec<Move>, from: LocationId, entry: EntryId, text: &str, stays: bool) {
        let server = self.config.location(from).server;
        if text.starts_with('@') {
            let to = self.router.named(server, text).map(|to| vec![to.0]);
            out.extend(to.map(|to| Move { entry, to: Some(to), renames: false, stays: false }));
            return;
        }
        let ends = ["?", "$is_args", "${is_args}"];
        let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
        let path = text.get(..end).unwrap_or_default();
        let own = ["$uri", "${uri}", "$document_uri", "${document_uri}"];
        // It keeps its URI, and comes back to here.
        if own.contains(&path.trim_end_matches('/')) || path.is_empty() {
            return;
        }
        let to = match path.split_once('$') {
            None => Some(vec![self.locate(server, path)]),
            Some((known, _)) if known.starts_with('/') => Some(self.below(server, known)),
            Some(_) if own.iter().any(|own| path.starts_with(own)) => {
                Some(self.below(server, beginning(&self.config.location(from).matcher)))
            }
            Some(_) => None,
        };
        if to.as_ref().is_none_or(|to| to.iter().any(|to| *to != from.0)) {
            out.push(Move { entry, to, renames: true, stays });
        }
    }

    /// The place of one path.
    fn locate(&self, server: ServerId, path: &str) -> u32 {
        let place = self.router.locate(server, path.as_bytes()).location.map_or(Place::Server(server), Place::Location);
        place.index(self.config)
    }

    /// The places of paths that begin so: those that a part of it stands for, and those that are meant for longer ones. Behind `/` that would be all.
    fn below(&mut self, server: ServerId, begin: &str) -> Vec<u32> {
        let config = self.config;
        let mut out: Vec<u32> = SAMPLES.iter().map(|sample| self.locate(server, &format!("{begin}{sample}"))).collect();
        if begin.len() > 1 {
            let beginnings = match self.beginnings.entry(server) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let ids = (0..config.locations.len() as u32).map(LocationId);
                    let ids: Vec<LocationId> = ids.filter(|id| config.location(*id).server == server).collect();
                    new.insert(Beginnings::new(config, &ids))
                }
            };
            out.extend(beginnings.longer(begin).map(|id| id.0));
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}
