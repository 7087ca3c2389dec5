//! `lost-inheritance`: a block with one directive of a kind loses all of the blocks around it.

mod lost;

use std::cell::LazyCell;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::claims::{is_unreliable, line};
use super::{Confidence, Finding, Rule, Severity};
use crate::config::{Config, EntryId, RestsOn, ServerId};
use crate::message;
use crate::messages::{Language, list};
use crate::project::{FileId, Place};
use crate::world::Analysis;
use lost::{Level, Lost};

/// The rule.
pub const RULE: Rule = Rule {
    id: "lost-inheritance",
    summary: "a directive that makes a block lose those of the same name around it",
    severity: Severity::Hint,
    check,
};

/// A directive that nginx merges as a whole: one at a level hides all of the levels around it.
struct Kind {
    name: &'static str,
    /// The `*_pass` that reads it; empty for one that holds for all requests.
    pass: &'static str,
    /// The message that says what becomes of those that are lost.
    lost: &'static str,
}

const KINDS: [Kind; 14] = [
    Kind { name: "add_header", pass: "", lost: "lost-inheritance-sent" },
    Kind { name: "add_trailer", pass: "", lost: "lost-inheritance-sent" },
    Kind { name: "error_page", pass: "", lost: "lost-inheritance-page" },
    Kind { name: "proxy_set_header", pass: "proxy_pass", lost: "lost-inheritance-passed" },
    Kind { name: "proxy_hide_header", pass: "proxy_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "grpc_set_header", pass: "grpc_pass", lost: "lost-inheritance-passed" },
    Kind { name: "grpc_hide_header", pass: "grpc_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "fastcgi_param", pass: "fastcgi_pass", lost: "lost-inheritance-passed" },
    Kind { name: "fastcgi_hide_header", pass: "fastcgi_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "uwsgi_param", pass: "uwsgi_pass", lost: "lost-inheritance-passed" },
    Kind { name: "uwsgi_hide_header", pass: "uwsgi_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "scgi_param", pass: "scgi_pass", lost: "lost-inheritance-passed" },
    Kind { name: "scgi_hide_header", pass: "scgi_pass", lost: "lost-inheritance-hidden" },
    Kind { name: "proxy_cookie_flags", pass: "proxy_pass", lost: "lost-inheritance-set" },
];

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut told: FxHashSet<(Place, &str)> = FxHashSet::default();
    for view in analysis.views() {
        let config = view.config;
        let levels: Vec<Level<'_>> = KINDS.iter().map(|kind| Level::of(config, kind)).collect();
        // Most blocks lose nothing, and are not looked at again as long as nothing around them changes.
        let servers = view.by_server(RestsOn::Surroundings, (), |server| Losers::of(&levels, config.entries_of(server)));
        for (number, level) in levels.iter().enumerate() {
            let mut words = Words::new(analysis, level.kind);
            let mut tell = |block: EntryId, finding: Finding| {
                if told.insert((config.place(block), level.kind.name)) && !is_unreliable(analysis, finding.place.file) {
                    out.push(finding);
                }
            };
            let outside = level.outside();
            for (block, lost) in outside.losers() {
                let message = words.message(config, block, &lost);
                tell(block, words.finding(config, lost.first, lost.origin, lost.grave, message));
            }
            for (id, losers) in (0..).map(ServerId).zip(servers.all()) {
                let server = config.server(id).entry;
                let blocks = LazyCell::new(|| level.within(config.entries_of(id)));
                for loser in losers.0.get(number).into_iter().flatten() {
                    let (block, first) = (EntryId(server.0 + loser.block), EntryId(server.0 + loser.first));
                    let Some(origin) = loser.origin(level, server) else { continue };
                    let at = words.origin(config, origin, config.entry(first).file).1.clone();
                    let message = loser.say(analysis.language, at, || Some(words.message(config, block, &blocks.lost(block)?)));
                    let Some(message) = message else { continue };
                    tell(block, words.finding(config, first, origin, loser.grave, message));
                }
            }
        }
    }
}

/// Of each kind, the blocks of a server that lose some.
#[derive(Debug)]
struct Losers(Vec<Vec<Loser>>);

/// A block that loses some, wherever its server stands: entries are counted from the server's own.
#[derive(Debug)]
struct Loser {
    block: u32,
    /// The first of its own.
    first: u32,
    origin: Origin,
    grave: bool,
    /// What was said of it last: it is the same at the next keystroke.
    said: Mutex<Option<Said>>,
}

/// The first directive that is lost.
#[derive(Debug, Clone, Copy)]
enum Origin {
    Inside(u32),
    /// The so manyth of those that stand in no server.
    Outside(usize),
}

/// A message, and what it depends on beside the server and what is around it.
#[derive(Debug)]
struct Said {
    language: Language,
    at: String,
    text: String,
}

impl Losers {
    fn of(levels: &[Level<'_>], range: Range<u32>) -> Losers {
        let of = |level: &Level<'_>| {
            let blocks = level.within(range.clone());
            let losers = blocks.losers().filter_map(|(block, lost)| {
                let origin = match range.contains(&lost.origin.0) {
                    true => Origin::Inside(lost.origin.0 - range.start),
                    false => Origin::Outside(level.number_outside(lost.origin)?),
                };
                let (block, first) = (block.0 - range.start, lost.first.0 - range.start);
                Some(Loser { block, first, origin, grave: lost.grave, said: Mutex::default() })
            });
            losers.collect()
        };
        Losers(levels.iter().map(of).collect())
    }
}

impl Loser {
    fn origin(&self, level: &Level<'_>, server: EntryId) -> Option<EntryId> {
        match self.origin {
            Origin::Inside(number) => Some(EntryId(server.0 + number)),
            Origin::Outside(number) => level.nth_outside(number),
        }
    }

    /// What is said of it, where what it loses is at a line.
    fn say(&self, language: Language, at: String, message: impl FnOnce() -> Option<String>) -> Option<String> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = said.as_ref().filter(|said| said.language == language && said.at == at) {
            return Some(same.text.clone());
        }
        let text = message()?;
        *said = Some(Said { language, at, text: text.clone() });
        Some(text)
    }
}

/// What is said of a kind again and again, in words.
struct Words<'a> {
    analysis: &'a Analysis,
    kind: &'static Kind,
    /// What is said at the directives that are lost.
    level: String,
    /// What can be done, for headers.
    repeat: String,
    /// Where a directive is that is lost with others, and the block that it is in: many blocks lose the same ones.
    origins: FxHashMap<(EntryId, FileId), (String, String)>,
    /// The names of those that are lost, in one phrase.
    lists: FxHashMap<Vec<&'a str>, String>,
}

impl<'a> Words<'a> {
    fn new(analysis: &'a Analysis, kind: &'static Kind) -> Words<'a> {
        let level = message!(analysis.language, "lost-inheritance-level", directive = kind.name);
        let repeat = message!(analysis.language, "lost-inheritance-repeat");
        Words { analysis, kind, level, repeat, origins: FxHashMap::default(), lists: FxHashMap::default() }
    }

    fn list(&mut self, names: &[&'a str]) -> String {
        if let Some(known) = self.lists.get(names) {
            return known.clone();
        }
        let list = list(self.analysis.language, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), 6);
        self.lists.insert(names.to_vec(), list.clone());
        list
    }

    /// From where, and at which line, seen from a file.
    fn origin(&mut self, config: &Config, origin: EntryId, file: FileId) -> &(String, String) {
        let analysis = self.analysis;
        let language = analysis.language;
        self.origins.entry((origin, file)).or_insert_with(|| {
            let from = config.entry(origin).parent.map_or_else(
                || message!(language, "lost-inheritance-from-file"),
                |parent| match &*config.directive(parent).name.value {
                    "location" => message!(language, "lost-inheritance-from-location"),
                    name => message!(language, "lost-inheritance-from-block", name = name),
                },
            );
            (from, line(analysis, file, config.header(origin)))
        })
    }

    /// What a block loses.
    fn message(&mut self, config: &Config, block: EntryId, lost: &Lost<'a>) -> String {
        let (language, kind) = (self.analysis.language, self.kind);
        let (count, names) = (lost.names.len(), self.list(&lost.names));
        let (from, at) = self.origin(config, lost.origin, config.entry(lost.first).file);
        message!(
            language,
            kind.lost,
            directive = kind.name,
            block = named(language, config, block),
            from = &**from,
            at = &**at,
            names = names,
            count = count
        )
    }

    fn finding(&self, config: &Config, first: EntryId, origin: EntryId, grave: bool, message: String) -> Finding {
        let severity = if grave { Severity::Info } else { RULE.severity };
        let finding = Finding::new(RULE.id, severity, Confidence::Likely, config.header(first), message);
        let finding = finding.related(config.header(origin), self.level.clone());
        match self.kind.name {
            "add_header" => finding.note(self.repeat.clone()),
            _ => finding,
        }
    }
}

fn named(language: Language, config: &Config, block: EntryId) -> String {
    match config.location_at(block) {
        Some(location) => format!("`{}`", config.display_location(location)),
        None => message!(language, "lost-inheritance-this", name = &*config.directive(block).name.value),
    }
}
