//! Who uses a location, in a line above it or a few words behind it, and the places that show it.

use crate::config::LocationId;
use crate::message;
use crate::project::{FileId, Place};
use crate::text::Span;
use crate::usage::logs::{Hits, Seconds, Sight};
use crate::usage::verdict::{Reason, Usage, Verdict};
use crate::usage::words::{self, Context};
use crate::world::{Analysis, View};

/// What is shown of one location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The location's header.
    pub span: Span,
    /// `1,204 hits in 7 days, last 2 hours ago · called by admin.html:12`
    pub title: String,
    /// The same in as few words as possible: `1,204 hits`.
    pub short: String,
}

/// What is behind a lens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// As in its [`Lens`].
    pub title: String,
    /// What shows it, to jump to, the strongest first.
    pub places: Vec<Place>,
    /// Requests in logs: the path of the log and the line, from 1. At most one, the newest.
    pub logged: Option<(std::path::PathBuf, u64)>,
    /// Everything that speaks for and against it, a sentence each.
    pub details: Vec<String>,
}

/// What is shown of the locations of a file whose headers touch the range, in their order; `now` is for "2 hours ago". Nothing of a location
/// of which nothing is known.
pub fn lenses(analysis: &Analysis, file: FileId, range: Span, now: Seconds) -> Vec<Lens> {
    shown(analysis, file, range, now).into_iter().map(|(lens, ..)| lens).collect()
}

/// Everything that speaks for and against the use of the location whose header is at the offset.
pub fn evidence(analysis: &Analysis, file: FileId, offset: u32, now: Seconds) -> Option<Evidence> {
    let (lens, view, usage) = shown(analysis, file, Span::at(offset), now).into_iter().next()?;
    let logged = view.logs().and_then(|logs| {
        let example = logs.locations.get(usage.location.index())?.example.as_ref()?;
        Some((logs.sources.get(example.source)?.path.clone(), example.line))
    });
    let context = Context { project: view.project, config: view.config, logs: view.logs(), language: analysis.language };
    let (details, places): (Vec<String>, Vec<_>) = usage.reasons.iter().map(|reason| words::reason(reason, &context)).unzip();
    Some(Evidence { title: lens.title, places: places.into_iter().flatten().collect(), logged, details })
}

fn shown(analysis: &Analysis, file: FileId, range: Span, now: Seconds) -> Vec<(Lens, View<'_>, &Usage)> {
    let mut out = Vec::new();
    for view in analysis.views() {
        for usage in &view.verdicts().locations {
            let header = view.config.header(view.config.location(usage.location).entry);
            if header.file == file && range.start <= header.span.end && header.span.start <= range.end {
                out.extend(lens(analysis, view, usage, header.span, now).map(|lens| (lens, view, usage)));
            }
        }
    }
    // A snippet that several servers include has one for each of them: the one with most to say stands.
    let said = |view: View<'_>, usage: &Usage| usage.reasons.iter().filter(|reason| words::place(reason, view.config).is_some()).count();
    out.sort_by_cached_key(|(lens, view, usage)| (lens.span, std::cmp::Reverse(said(*view, usage))));
    out.dedup_by_key(|(lens, ..)| lens.span);
    out
}

fn lens(analysis: &Analysis, view: View<'_>, usage: &Usage, span: Span, now: Seconds) -> Option<Lens> {
    let language = analysis.language;
    let hits = hits(view, usage.location);
    let mut parts = Vec::new();
    let mut short = String::new();
    if let (Some(hits), Some(logs)) = (hits, view.logs()) {
        let days = words::days(logs);
        let text = match (hits.total, hits.last) {
            (0, _) => message!(language, "lens-no-hits", days = days),
            (count, Some(last)) => message!(
                language,
                "lens-hits",
                count = count,
                shown = words::count(count),
                days = days,
                ago = words::ago((now - last).max(0), language)
            ),
            (count, None) => message!(language, "lens-hits-undated", count = count, shown = words::count(count), days = days),
        };
        short = match hits.total {
            0 => message!(language, "lens-short-none"),
            count => message!(language, "lens-short", count = count, shown = words::count(count)),
        };
        parts.push(text);
    } else if usage.reasons.iter().any(|reason| matches!(reason, Reason::NotLogged(_))) {
        parts.push(message!(language, "lens-not-logged"));
    }
    let mut callers = usage.reasons.iter().filter_map(caller);
    if let Some(first) = callers.next() {
        let (first, rest) = (path_and_line(view, first), callers.count());
        parts.push(match rest {
            0 => message!(language, "lens-called", caller = first.as_str()),
            more => message!(language, "lens-called-more", caller = first.as_str(), more = more),
        });
        if short.is_empty() {
            short = message!(language, "lens-short-called", count = rest + 1);
        }
    }
    if parts.is_empty() {
        return None;
    }
    if usage.reasons.contains(&Reason::Dead) {
        parts.push(message!(language, "hint-never"));
    } else if matches!(usage.verdict, Verdict::ProbablyUnused | Verdict::ToCheck) {
        parts.push(words::verdict_name(usage.verdict, language));
    }
    if short.is_empty() {
        short = parts[0].clone();
    }
    Some(Lens { span, title: parts.join(" · "), short })
}

/// The requests of a location, where its log tells.
pub(super) fn hits(view: View<'_>, location: LocationId) -> Option<&Hits> {
    let logs = view.logs()?;
    let hits = logs.locations.get(location.index())?;
    (hits.total > 0 || logs.sights.get(location.index()) == Some(&Sight::Seen)).then_some(hits)
}

/// Where something sends requests to it.
fn caller(reason: &Reason) -> Option<Place> {
    match reason {
        Reason::Called { caller, .. } => Some(caller.place),
        Reason::Referred { place, .. } => Some(*place),
        _ => None,
    }
}

/// `admin.html:12`
fn path_and_line(view: View<'_>, place: Place) -> String {
    let path = view.project.display_path(place.file);
    let name = path.rsplit('/').next().unwrap_or(&path);
    format!("{name}:{}", view.project.line(place))
}
