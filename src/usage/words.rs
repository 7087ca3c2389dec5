//! What is known of a location's use, in sentences: for findings, for what stands beside a location in an editor, and for the report.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::callers::Kind;
use super::logs::{Logs, Seconds};
use super::verdict::{Reason, Verdict};
use crate::config::{Config, LocationId};
use crate::message;
use crate::messages::Language;
use crate::project::{Place, Project};

/// What the words are about.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The project.
    pub project: &'a Project,
    /// The configuration.
    pub config: &'a Config,
    /// What logs say, where any were read.
    pub logs: Option<&'a Logs>,
    /// In which language.
    pub language: Language,
}

impl Context<'_> {
    /// `html/admin.html:12`
    pub fn at(&self, place: Place) -> String {
        self.project.path_and_line(place)
    }

    /// `` `location /api/` (nginx.conf:12) ``
    pub fn location(&self, id: LocationId) -> String {
        format!("`{}` ({})", self.config.display_location(id), self.at(self.config.header(self.config.location(id).entry)))
    }
}

/// A verdict in words: "in use", "probably unused", "to check", "can't tell".
pub fn verdict_name(verdict: Verdict, language: Language) -> String {
    match verdict {
        Verdict::InUse => message!(language, "usage-in-use"),
        Verdict::ProbablyUnused => message!(language, "usage-probably-unused"),
        Verdict::ToCheck => message!(language, "usage-to-check"),
        Verdict::CannotTell => message!(language, "usage-cannot-tell"),
    }
}

/// How many days logs cover, rounded; at least 1.
pub fn days(logs: &Logs) -> u64 {
    let (first, last) = logs.window.unwrap_or_default();
    u64::try_from((last - first + 43_200) / 86_400).unwrap_or(0).max(1)
}

/// "the 7 days of log (2025-11-03 to 2025-11-09)", or "the 5 hours of log (…)".
pub fn window(logs: &Logs, language: Language) -> String {
    let Some((first, last)) = logs.window else { return message!(language, "usage-window-unknown") };
    let (from, to) = (day(logs, first), day(logs, last));
    match last - first {
        seconds if seconds < 86_400 => {
            let hours = u64::try_from((seconds + 1_800) / 3_600).unwrap_or(0).max(1);
            message!(language, "usage-window-hours", hours = hours, from = from)
        }
        _ => message!(language, "usage-window-days", days = days(logs), from = from, to = to),
    }
}

fn local(logs: &Logs, time: Seconds) -> Option<DateTime> {
    let offset = Offset::from_seconds(logs.offset).ok()?;
    Some(offset.to_datetime(Timestamp::from_second(time).ok()?))
}

/// The day of a moment in the logs' own time zone, `2025-11-03`; empty for a moment that no calendar has.
pub fn day(logs: &Logs, time: Seconds) -> String {
    local(logs, time).map(|local| local.date().to_string()).unwrap_or_default()
}

/// The same with the minute: `2025-11-03 23:41`.
pub fn minute(logs: &Logs, time: Seconds) -> String {
    local(logs, time).map(|local| local.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

/// A number with separators: `1,204`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How long ago something was: "2 hours ago".
pub fn ago(seconds: Seconds, language: Language) -> String {
    let seconds = u64::try_from(seconds).unwrap_or(0);
    match seconds {
        0..60 => message!(language, "usage-just-now"),
        60..3_600 => message!(language, "usage-minutes-ago", count = seconds / 60),
        3_600..172_800 => message!(language, "usage-hours-ago", count = seconds / 3_600),
        _ => message!(language, "usage-days-ago", count = seconds / 86_400),
    }
}

/// Several things in a row: "a, b and c".
pub fn list(items: impl IntoIterator<Item = String>, language: Language) -> String {
    let items: Vec<String> = items.into_iter().collect();
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, [first])) => message!(language, "usage-list-two", first = first.as_str(), last = last.as_str()),
        Some((last, rest)) => {
            let separator = message!(language, "usage-list-separator");
            message!(language, "usage-list-many", rest = rest.join(separator.trim_matches('"')), last = last.as_str())
        }
    }
}

/// What calls: "a health check", "a page (fetch)".
pub fn caller(kind: Kind, language: Language) -> String {
    let id = match kind {
        Kind::HealthCheck => "usage-caller-health-check",
        Kind::Probe => "usage-caller-probe",
        Kind::Scrape => "usage-caller-scrape",
        Kind::Command => "usage-caller-command",
        Kind::Fetch => "usage-caller-fetch",
        Kind::Form => "usage-caller-form",
        Kind::Link => "usage-caller-link",
        Kind::Resource => "usage-caller-resource",
        Kind::Lua => "usage-caller-lua",
        Kind::Code => "usage-caller-code",
        Kind::Script => "usage-caller-script",
        Kind::Test => "usage-caller-test",
        Kind::Collection => "usage-caller-collection",
        Kind::Ssi => "usage-caller-ssi",
        Kind::OpenApi => "usage-caller-openapi",
        Kind::Documentation => "usage-caller-documentation",
    };
    message!(language, id)
}

/// The place that a reason is about.
pub fn place(reason: &Reason, config: &Config) -> Option<Place> {
    match reason {
        Reason::Kept { place, .. } | Reason::Referred { place, .. } | Reason::Computed(place) | Reason::Broken(place) => Some(*place),
        Reason::Guard { place, .. } => *place,
        Reason::Called { caller, .. } => Some(caller.place),
        Reason::NotLogged(entry) | Reason::PartlyLogged(entry) | Reason::MovedOn(entry) | Reason::PassedOn { pass: entry, .. } => {
            Some(config.header(*entry))
        }
        Reason::Blind(entry, _) => entry.map(|entry| config.header(entry)),
        Reason::HasUsedInside(inner) => Some(config.header(config.location(*inner).entry)),
        _ => None,
    }
}

/// A sentence for a reason, without a full stop, and the place that it is about.
pub fn reason(reason: &Reason, context: &Context<'_>) -> (String, Option<Place>) {
    (sentence(reason, context), place(reason, context.config))
}

fn sentence(reason: &Reason, context: &Context<'_>) -> String {
    let language = context.language;
    let logged = || context.logs.map_or_else(|| message!(language, "usage-window-unknown"), |logs| window(logs, language));
    let live = |live: &Option<bool>| match live {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    match reason {
        Reason::Kept { until, reason, expired, .. } => {
            let text = match (until, expired) {
                (Some(until), true) => message!(language, "usage-kept-expired", until = until.as_str(), reason = reason.as_str()),
                (Some(until), false) => message!(language, "usage-kept-until", until = until.as_str(), reason = reason.as_str()),
                (None, _) => message!(language, "usage-kept", reason = reason.as_str()),
            };
            text.trim_end_matches([':', ' ', '：']).to_owned()
        }
        Reason::Hits(hits) => message!(language, "usage-hits", count = *hits, shown = count(*hits), window = logged()),
        Reason::OnlyNotFound(hits) => message!(language, "usage-not-found", count = *hits, shown = count(*hits), window = logged()),
        Reason::OnlyMachines(hits) => message!(language, "usage-machines", count = *hits, shown = count(*hits), window = logged()),
        Reason::PerhapsHits(hits) => message!(language, "usage-perhaps", count = *hits, shown = count(*hits), window = logged()),
        Reason::Passed(hits) => message!(language, "usage-passed", count = *hits, shown = count(*hits), window = logged()),
        Reason::Relayed(hits) => message!(language, "usage-relayed", count = *hits, shown = count(*hits), window = logged()),
        Reason::NoHits => message!(language, "usage-no-hits", window = logged()),
        Reason::NoHitsSoFar => message!(language, "usage-no-hits-so-far", window = logged()),
        Reason::NotLogged(_) => message!(language, "usage-not-logged"),
        Reason::PartlyLogged(_) => message!(language, "usage-partly-logged"),
        Reason::MovedOn(_) => message!(language, "usage-moved-on"),
        Reason::Blind(_, missing) => {
            let missing = list(missing.iter().map(|name| (*name).to_owned()), language);
            message!(language, "usage-blind", missing = missing)
        }
        Reason::NoLogs => message!(language, "usage-no-logs"),
        Reason::OtherLogs => message!(language, "usage-other-logs"),
        Reason::Called { caller: by, live: used } => {
            message!(
                language,
                "usage-called",
                kind = caller(by.kind, language),
                at = context.at(by.place),
                live = live(used),
                strength = match by.kind.strength() {
                    super::callers::Strength::Follows => "follows",
                    _ => "other",
                },
            )
        }
        Reason::Referred { place, kind, from, live: used } => match from {
            Some(from) => {
                message!(language, "usage-referred-from", kind = kind.name(), from = context.location(*from), live = live(used))
            }
            None => message!(language, "usage-referred", kind = kind.name(), at = context.at(*place)),
        },
        Reason::PassedOn { from, live: used, .. } => {
            message!(language, "usage-passed-on", from = context.location(*from), live = live(used))
        }
        Reason::NoCaller => message!(language, "usage-no-caller"),
        Reason::Denies => message!(language, "usage-denies"),
        Reason::Guard { phrase, .. } => message!(language, "usage-guard", phrase = phrase.say(language)),
        Reason::Convention => message!(language, "usage-convention"),
        Reason::Fallback => message!(language, "usage-fallback"),
        Reason::HasUsedInside(inner) => {
            message!(language, "usage-inside", inner = context.location(*inner))
        }
        Reason::Computed(place) => message!(language, "usage-computed", at = context.at(*place)),
        Reason::ComputedMore(more) => message!(language, "usage-computed-more", count = *more),
        Reason::Dead => message!(language, "usage-dead"),
        Reason::SilentServer => message!(language, "usage-silent-server"),
        Reason::Broken(_) => message!(language, "usage-broken"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_times_and_lists_are_said_as_people_say_them() {
        assert_eq!([count(7), count(1_204), count(1_234_567)], ["7", "1,204", "1,234,567"]);
        let said = |seconds| ago(seconds, Language::English);
        assert_eq!([said(5), said(60), said(7_300), said(200_000)], ["just now", "1 minute ago", "2 hours ago", "2 days ago"]);
        assert_eq!(ago(7_300, Language::Japanese), "2時間前");
        let items = |count: usize| list(["a", "b", "c"].into_iter().take(count).map(str::to_owned), Language::English);
        assert_eq!([items(0), items(1), items(2), items(3)], ["", "a", "a and b", "a, b and c"]);
        assert_eq!(list(["a", "b", "c"].map(str::to_owned), Language::Japanese), "a、b、c");
    }

    #[test]
    fn a_window_is_said_in_the_days_of_the_log() {
        let logs = Logs { window: Some((1_762_099_571, 1_762_703_459)), offset: 9 * 3_600, ..Logs::default() };
        assert_eq!(window(&logs, Language::English), "the 7 days of log (2025-11-03 to 2025-11-10)");
        assert_eq!(window(&logs, Language::Japanese), "7日間のログ（2025-11-03〜2025-11-10）");
        assert_eq!(minute(&logs, 1_762_099_571), "2025-11-03 01:06");
        let short = Logs { window: Some((0, 7_000)), ..Logs::default() };
        assert_eq!(window(&short, Language::English), "the 2 hours of log (1970-01-01)");
    }
}
