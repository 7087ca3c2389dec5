//! When the blocks of a group last changed. What is younger than the logs may not have had its requests yet.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::{Changed, Group};
use crate::message;
use crate::messages::Language;
use crate::project::history::{Change, History, LastChange};
use crate::usage::logs::Seconds;
use crate::world::{Analysis, View};

/// Of how many locations the history is asked: each may cost a walk over all commits.
const ASKED: usize = 100;

pub(super) fn tell(analysis: &Analysis, history: &History, groups: &mut [Group]) {
    let begin = analysis.views().filter_map(View::logs).filter_map(|logs| logs.window).map(|(first, _)| first).min();
    let mut left = ASKED;
    for group in groups {
        let mut newest: Option<LastChange> = None;
        for part in &group.locations {
            let Some(rest) = left.checked_sub(1) else { return };
            left = rest;
            let path = analysis.project.workspace.join(&part.file);
            let Some(source) = analysis.project.files.values().find(|source| *source.path == *path) else { continue };
            let lines = part.line.saturating_sub(1)..=part.end_line.saturating_sub(1);
            if let Some(change) = history.last_change(&path, &source.text.to_str(), Some(lines)) {
                let time = |change: &LastChange| (change.uncommitted, change.commit.as_ref().map(|commit| commit.time));
                if newest.as_ref().is_none_or(|known| time(known) < time(&change)) {
                    newest = Some(change);
                }
            }
        }
        group.changed = newest.map(|change| changed(&change, begin, analysis.language));
    }
}

fn changed(change: &LastChange, begin: Option<Seconds>, language: Language) -> Changed {
    let Some(commit) = change.commit.as_ref().filter(|_| !change.uncommitted) else {
        let text = message!(language, "report-changed-now");
        return Changed { date: None, commit: None, summary: None, after_logs_begin: begin.is_some(), text };
    };
    let after = begin.is_some_and(|begin| commit.time > begin);
    let date = day(commit);
    let text = message!(
        language,
        "report-changed",
        date = date.as_str(),
        commit = commit.hash.as_str(),
        summary = commit.summary.as_str(),
        older = if change.at_least { "yes" } else { "no" },
        after = if after { "yes" } else { "no" },
    );
    Changed { date: Some(date), commit: Some(commit.hash.clone()), summary: Some(commit.summary.clone()), after_logs_begin: after, text }
}

/// The day where the author was; empty for a time that no calendar has.
fn day(commit: &Change) -> String {
    let local = || Some(Offset::from_seconds(commit.offset.checked_mul(60)?).ok()?.to_datetime(Timestamp::from_second(commit.time).ok()?));
    local().map(|local| local.date().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_younger_than_the_logs_is_told() {
        let commit =
            Change { time: 1_762_099_571, offset: 540, author: String::new(), summary: "Add *it*".to_owned(), hash: "abc1234".to_owned() };
        let change = LastChange { commit: Some(commit), uncommitted: false, at_least: false };
        let older = changed(&change, Some(1_762_099_572), Language::English);
        assert_eq!((older.date.as_deref(), older.after_logs_begin), (Some("2025-11-03"), false));
        assert_eq!(older.text, "2025-11-03, abc1234 (Add *it*)");
        let younger = changed(&change, Some(1_762_000_000), Language::English);
        assert!(younger.after_logs_begin);
        assert_eq!(younger.text, "2025-11-03, abc1234 (Add *it*): later than the logs begin, so they show only a part of its time");
        let now = changed(&LastChange { uncommitted: true, ..change }, None, Language::Japanese);
        assert_eq!((now.date, now.text.as_str()), (None, "まだコミットされていない変更があります"));
    }
}
