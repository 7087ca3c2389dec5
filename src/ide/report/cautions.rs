//! What was not looked at, and what can't be told: without it a reader would trust the rest too much, or too little.

use rustc_hash::FxHashSet;

use super::{Caution, Read, Spot, minute};
use crate::message;
use crate::project::Place;
use crate::usage::logs::{Limit, Logs};
use crate::usage::words::{self, Context};
use crate::world::{Analysis, View};

/// How many files are named one by one.
const LISTED: usize = 5;

pub(super) fn cautions(analysis: &Analysis, read: &Read) -> Vec<Caution> {
    let mut out = Cautions { analysis, all: Vec::new() };
    out.logs(read);
    for view in analysis.views() {
        if let Some(logs) = view.logs() {
            out.limits(view, logs);
        }
        out.not_known(view);
    }
    out.files(read);
    out.say("outside", message!(analysis.language, "report-caution-outside"));
    // Two configurations that share a file have the same doubts about it.
    let mut seen = FxHashSet::default();
    out.all.retain(|caution| seen.insert((caution.text.clone(), caution.places.first().map(|spot| (spot.file.clone(), spot.line)))));
    out.all
}

struct Cautions<'a> {
    analysis: &'a Analysis,
    all: Vec<Caution>,
}

impl Cautions<'_> {
    fn say(&mut self, kind: &'static str, text: String) {
        self.say_at(kind, text, &[]);
    }

    fn say_at(&mut self, kind: &'static str, text: String, places: &[Place]) {
        let project = &self.analysis.project;
        let spot = |place: &Place| Spot { file: project.display_path(place.file), line: project.line(*place) };
        let mut spots: Vec<Spot> = places.iter().map(spot).collect();
        spots.dedup();
        let more = spots.len().saturating_sub(Caution::LISTED);
        spots.truncate(Caution::LISTED);
        self.all.push(Caution { kind, text, better: None, places: spots, more });
    }

    /// Nothing where there are no places.
    fn say_each(&mut self, kind: &'static str, id: &str, places: &[Place]) {
        if !places.is_empty() {
            self.say_at(kind, message!(self.analysis.language, id, count = places.len()), places);
        }
    }

    /// What the logs as a whole don't show.
    fn logs(&mut self, read: &Read) {
        let language = self.analysis.language;
        if read.logs.is_empty() {
            return self.say("no-logs", message!(language, "report-caution-no-logs"));
        }
        for log in &read.logs {
            if let Some(problem) = &log.problem {
                self.say(
                    "log-problem",
                    message!(language, "report-caution-log-problem", log = log.file.as_str(), problem = problem.as_str()),
                );
            } else if log.requests == 0 {
                self.say("log-empty", message!(language, "report-caution-log-empty", log = log.file.as_str(), count = log.lines));
            }
        }
        let Some(window) = &read.window else { return };
        self.say("rare", message!(language, "report-caution-rare", days = window.days));
        let last: Option<jiff::civil::Date> = window.last.get(..10).and_then(|day| day.parse().ok());
        if let (Some(last), Some(today)) = (last, self.analysis.today)
            && let Ok(span) = last.until(today)
            && span.get_days() > 1
        {
            let (day, days) = (minute(&window.last), span.get_days());
            self.say("stale", message!(language, "report-caution-stale", last = day, days = days));
        }
    }

    /// What the logs of one configuration can't tell.
    fn limits(&mut self, view: View<'_>, logs: &Logs) {
        let language = self.analysis.language;
        for limit in &logs.limits {
            match limit {
                Limit::NoRequest(None) => self.say("no-request", message!(language, "logs-no-request")),
                Limit::NoRequest(Some(newest)) => {
                    self.say("no-request", message!(language, "logs-too-old", newest = words::minute(logs, *newest)));
                }
                Limit::ShortWindow(asked, covered) => {
                    let days = |seconds: &i64| words::count(u64::try_from((seconds + 43_200) / 86_400).unwrap_or(0));
                    let text = message!(language, "report-caution-short-window", asked = days(asked), covered = days(covered));
                    self.say("short-window", text);
                }
                Limit::Hole(_, missing) => {
                    let hours = u64::try_from((missing + 1_800) / 3_600).unwrap_or(0);
                    self.say("hole", message!(language, "report-caution-hole", hours = hours));
                }
                Limit::Format { entry, missing, better } => {
                    let missing = words::list(missing.iter().map(|name| format!("`{name}`")), language);
                    let text = match entry.and_then(|entry| view.config.directive(entry).arg(0)) {
                        Some(name) => message!(language, "report-caution-format", name = name, missing = missing),
                        None => message!(language, "report-caution-format", name = "combined", missing = missing),
                    };
                    match entry {
                        Some(entry) => self.say_at("format", text, &[view.config.header(*entry)]),
                        None => self.say("format", text),
                    }
                    if let Some(last) = self.all.last_mut() {
                        last.better = Some(better.clone());
                    }
                }
                Limit::Unreadable(entry, why) => {
                    let name = view.config.directive(*entry).arg(0).unwrap_or_default();
                    let text = message!(language, "report-caution-unreadable-format", name = name, why = why.as_str());
                    self.say_at("unreadable-format", text, &[view.config.header(*entry)]);
                }
                Limit::NoZone => self.say("no-zone", message!(language, "report-caution-no-zone")),
                Limit::Ahead(count) => {
                    let text = message!(language, "report-caution-ahead", count = *count, shown = words::count(*count));
                    self.say("ahead", text);
                }
                Limit::Cut => self.say("cut", message!(language, "report-caution-cut")),
            }
        }
        if logs.unplaced > 0 {
            let text = message!(language, "report-caution-unplaced", count = logs.unplaced, shown = words::count(logs.unplaced));
            self.say("unplaced", text);
        }
        let garbled: u64 = logs.sources.iter().map(|source| source.garbled).sum();
        if garbled > 0 {
            self.say("garbled", message!(language, "report-caution-garbled", count = garbled, shown = words::count(garbled)));
        }
        for server in &view.verdicts().idle_servers {
            let name = view.config.display_server(*server);
            let text = message!(language, "report-caution-silent-server", server = name);
            self.say_at("silent-server", text, &[view.config.header(view.config.server(*server).entry)]);
        }
        let mut off: Vec<Place> = Vec::new();
        let context = Context { project: view.project, config: view.config, logs: Some(logs), language };
        for usage in &view.verdicts().locations {
            use crate::usage::verdict::Reason::{NotLogged, PartlyLogged};
            for reason in usage.reasons.iter().filter(|reason| matches!(reason, NotLogged(_) | PartlyLogged(_))) {
                off.extend(words::reason(reason, &context).1);
            }
        }
        off.sort();
        off.dedup();
        self.say_each("not-logged", "report-caution-not-logged", &off);
    }

    /// What of a configuration is not known.
    fn not_known(&mut self, view: View<'_>) {
        let language = self.analysis.language;
        let headers = |entries: &[crate::config::EntryId]| entries.iter().map(|entry| view.config.header(*entry)).collect::<Vec<_>>();
        let includes = headers(&view.config.unknown_includes);
        self.say_each("unknown-include", "report-caution-unknown-include", &includes);
        if let Some(entry) = view.config.gave_up {
            self.say_at("gave-up", message!(language, "report-caution-gave-up"), &[view.config.header(entry)]);
        }
        let unread: Vec<_> = view.lua().unread.iter().map(|(entry, _)| *entry).collect();
        self.say_each("unread-lua", "report-caution-unread-lua", &headers(&unread));
        let opaque = view.lua().codes.iter().flat_map(|code| code.facts.opaque.iter().map(|span| Place { file: code.file, span: *span }));
        let opaque: Vec<Place> = opaque.collect();
        self.say_each("opaque-lua", "report-caution-opaque-lua", &opaque);
    }

    /// Files that were not read, or not understood.
    fn files(&mut self, read: &Read) {
        let language = self.analysis.language;
        let mut sources: Vec<_> = self.analysis.project.files.values().collect();
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        for source in sources {
            let file = self.analysis.project.display_path(source.id);
            if let Some(problem) = &source.problem {
                let text = message!(language, "report-caution-unread", file = file, problem = problem.message().say(language));
                self.say("unread", text);
            } else if source.is_unreliable() {
                self.say("unreliable", message!(language, "report-caution-unreliable", file = file));
            }
        }
        let (shown, rest) = read.callers.left_out.split_at(read.callers.left_out.len().min(LISTED));
        for one in shown {
            let text = message!(language, "report-caution-left-out", file = one.file.as_str(), reason = one.reason.as_str());
            self.say("left-out", text);
        }
        if !rest.is_empty() {
            self.say("left-out", message!(language, "report-caution-left-out-more", count = rest.len()));
        }
        if self.analysis.project.vfs.walk(&self.analysis.project.workspace).cut {
            self.say("cut-walk", message!(language, "report-caution-cut-walk"));
        }
    }
}
