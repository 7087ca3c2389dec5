//! What waits: blocks that are commented out, since when, what the logs have shown since, and what is due.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::plan::WhatIf;
use super::{TextEdit, apply, comment};
use crate::project::commented::{self, Hidden, Off};
use crate::project::history::History;
use crate::project::{FileId, SourceFile};
use crate::text::{Span, Text};
use crate::usage::logs::{Example, Logs, Seconds, Sight};
use crate::world::{Analysis, View};

/// When the lines of a span of a configuration file changed last, as version control says it.
pub type Changed<'a> = &'a dyn Fn(&SourceFile, Span) -> Option<Date>;

/// What Git says. Lines that are not committed as they are have no day; of a clone that does not go back far enough it is the earliest that is
/// known, and they are at least so old.
pub fn by_history(history: Option<&History>, source: &SourceFile, lines: Span) -> Option<Date> {
    let text = &source.text;
    let (first, last) = (text.line_of(lines.start), text.line_of(lines.end.saturating_sub(1).max(lines.start)));
    let change = history?.last_change(&source.path, &text.to_str(), Some(first..=last)).filter(|change| !change.uncommitted)?;
    let time = jiff::Timestamp::from_second(change.commit?.time).ok()?;
    Some(time.to_zoned_datetime(TimeZone::system()).date())
}

/// Reads the access logs against the configurations of an analysis, from a moment on; `None` where there are none.
pub type ReadLogs<'a> = &'a dyn Fn(&Analysis, Seconds) -> Option<Vec<Logs>>;

/// A block that is commented out.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The file.
    pub file: FileId,
    /// What hides it.
    pub hidden: Hidden,
    /// Its first line, from 0.
    pub line: u32,
    /// Since when and until when; `None` where nobody knows.
    pub off: Option<Off>,
    /// The day has come.
    pub due: bool,
    /// Requests that would have gone there.
    pub missed: Missed,
}

/// Requests since a block was commented out that would have gone there.
#[derive(Debug, Clone, PartialEq)]
pub enum Missed {
    /// Not a location, or nobody knows since when.
    NotAsked,
    /// No logs, or such that can't tell.
    Unknown,
    /// So many.
    Count {
        /// All of them.
        total: u64,
        /// Those of people and programs, not of bots, scanners and health checks.
        others: u64,
        /// When the last one came.
        last: Option<Seconds>,
        /// The first and the last request of the logs since then, wherever they went.
        window: Option<(Seconds, Seconds)>,
        /// The newest, for a person: the log's path and line, and the request.
        example: Option<(String, u64, String)>,
    },
}

impl Waiting {
    /// True when people or programs asked for it since.
    pub fn is_missed(&self) -> bool {
        matches!(self.missed, Missed::Count { others: 1.., .. })
    }
}

/// All that waits, by file and line: blocks, and simple directives that a comment gives a date.
pub fn status(analysis: &Analysis, today: Date, what_if: WhatIf<'_>, changed: Changed<'_>, logs: ReadLogs<'_>) -> Vec<Waiting> {
    let cleanup = &analysis.project.settings.cleanup;
    let mut out = Vec::new();
    for source in analysis.project.files.values() {
        for hidden in commented::all(&source.text, &cleanup.marker) {
            let off = hidden.off(&source.text, &cleanup.marker, cleanup.keep_days, &|lines| changed(source, lines));
            if off.is_none() && !hidden.block {
                continue;
            }
            let line = source.text.line_of(hidden.lines.start);
            let due = off.as_ref().is_some_and(|off| off.due <= today);
            out.push(Waiting { file: source.id, hidden, line, off, due, missed: Missed::NotAsked });
        }
    }
    let path = |file: FileId| analysis.project.vfs.path(file);
    out.sort_by_key(|it| (path(it.file), it.line));
    missed(analysis, &mut out, what_if, logs);
    out
}

/// Asks the logs: with all blocks back in their places, the requests that a location gets are those that would have gone there.
fn missed(analysis: &Analysis, waiting: &mut [Waiting], what_if: WhatIf<'_>, logs: ReadLogs<'_>) {
    if !waiting.iter().any(|it| it.off.as_ref().is_some_and(|off| off.since.is_some())) {
        return;
    }
    let mut files: Vec<FileId> = waiting.iter().map(|it| it.file).collect();
    files.sort();
    files.dedup();
    let mut texts: Vec<(FileId, Text)> = Vec::new();
    let mut places: Vec<Option<Span>> = vec![None; waiting.len()];
    for file in files {
        let text = analysis.project.text(file);
        let own = waiting.iter().enumerate().filter(|(_, it)| it.file == file);
        let mut edits: Vec<TextEdit> = Vec::new();
        let mut gone = 0;
        for (index, it) in own {
            let restoration = comment::restoration(&text, &it.hidden);
            let header = it.hidden.header_line(&text).map_or(0, |line| line.len());
            let taken: u32 = restoration.edits.iter().map(|edit| edit.span.len()).sum();
            places[index] = Some(Span::new(it.hidden.lines.start - header - gone, it.hidden.lines.end - gone - taken));
            gone += taken;
            edits.extend(restoration.edits);
        }
        texts.push((file, apply(&text, &edits)));
    }
    let restored = what_if(&texts);
    let mut days: Vec<Date> = waiting.iter().filter_map(|it| it.off.as_ref()?.since).collect();
    days.sort();
    days.dedup();
    for day in days {
        let Ok(start) = day.to_zoned_datetime(TimeZone::system()) else { continue };
        let start = start.timestamp().as_second();
        let of_day = |it: &Waiting| it.off.as_ref().and_then(|off| off.since) == Some(day);
        let locations = |view: &View<'_>| -> Vec<Vec<usize>> {
            let pairs = waiting.iter().zip(&places);
            pairs.map(|(it, place)| place.filter(|_| of_day(it)).map_or(Vec::new(), |span| locations(view, it.file, span))).collect()
        };
        let by_view: Vec<Vec<Vec<usize>>> = restored.views().map(|view| locations(&view)).collect();
        if by_view.iter().flatten().all(Vec::is_empty) {
            continue;
        }
        let read = logs(&restored, start);
        for (at, locations) in by_view.iter().enumerate() {
            let logs = read.as_ref().and_then(|read| read.get(at));
            for (it, locations) in waiting.iter_mut().zip(locations).filter(|(_, locations)| !locations.is_empty()) {
                it.missed = logs.map_or(Missed::Unknown, |logs| count(logs, locations, start));
            }
        }
    }
}

/// The locations in a span, by their number.
fn locations(view: &View<'_>, file: FileId, span: Span) -> Vec<usize> {
    let config = view.config;
    let inside = |index: &usize| {
        let place = config.locations.get(*index).map(|location| config.place(location.entry));
        place.is_some_and(|place| place.file == file && span.covers(place.span))
    };
    (0..config.locations.len()).filter(inside).collect()
}

fn count(logs: &Logs, locations: &[usize], since: Seconds) -> Missed {
    // A log that ends before says nothing of what came after.
    let newest = logs.sources.iter().filter_map(|source| source.window).map(|(_, last)| last).max();
    if newest.is_none_or(|newest| newest < since) {
        return Missed::Unknown;
    }
    let hits = || locations.iter().filter_map(|index| logs.locations.get(*index));
    let total = hits().map(|hits| hits.total).sum();
    if total == 0 && locations.iter().any(|index| logs.sights.get(*index) != Some(&Sight::Seen)) {
        return Missed::Unknown;
    }
    let newest = hits().filter(|hits| hits.total > 0).max_by_key(|hits| hits.last);
    let shown = |example: &Example| {
        let path = logs.sources.get(example.source).map(|source| source.path.to_string_lossy().into_owned()).unwrap_or_default();
        (path, example.line, example.request.clone())
    };
    Missed::Count {
        total,
        others: hits().map(|hits| hits.agents.others).sum(),
        last: newest.and_then(|hits| hits.last),
        window: logs.window,
        example: newest.and_then(|hits| hits.example.as_ref()).map(shown),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::civil::date;

    use super::*;
    use crate::project::settings::Settings;
    use crate::world::World;

    fn waiting(text: &str, today: Date, changed: Changed<'_>, logs: ReadLogs<'_>) -> Vec<Waiting> {
        let folder = Path::new("/in-memory");
        let main = folder.join("nginx.conf");
        let mut world = World::new(folder, vec![main.clone()], Settings::default());
        let file = world.vfs().id(&main);
        world.set_text(file, Text::new(text));
        let analysis = world.analysis();
        let inputs = world.inputs();
        status(&analysis, today, &|texts| inputs.what_if(texts), changed, logs)
    }

    #[test]
    fn without_a_date_version_control_is_asked_of_blocks_only() {
        let text = "events {}\n#X# user a;\n\nuser b;\n\n#X# http {\n#X# }\n";
        let on = |changed: Changed<'_>| waiting(text, date(2026, 1, 1), changed, &|_, _| None);
        let unknown = on(&|_, _| None);
        assert!(unknown.len() == 1 && unknown[0].off.is_none() && !unknown[0].due, "{unknown:?}");
        assert!(!on(&|_, _| Some(date(2025, 12, 24)))[0].due);
        let due = on(&|_, lines| (lines.start > 20).then_some(date(2025, 12, 1)));
        assert!(due[0].due && due[0].line == 5, "{due:?}");
    }

    #[test]
    fn logs_are_asked_of_the_configuration_with_the_blocks_in_their_places() {
        let text = "events {}\nhttp { server {\n location / { return 200; }\n # off since 2025-12-01\n #X# location /a {\n #X#  return 200;\n #X# }\n} }\n";
        let asked = std::cell::RefCell::new(Vec::new());
        let found = waiting(text, date(2026, 1, 1), &|_, _| None, &|analysis, since| {
            let config = &analysis.configs[0];
            let names: Vec<String> = config.locations.iter().map(|location| location.matcher.display().to_string()).collect();
            asked.borrow_mut().push((names, since));
            None
        });
        let start = date(2025, 12, 1).to_zoned_datetime(TimeZone::system()).expect("a day").timestamp().as_second();
        assert_eq!(asked.into_inner(), [(vec!["/".to_owned(), "/a".to_owned()], start)]);
        assert_eq!(found[0].missed, Missed::Unknown);
    }
}
