//! For people, as rustc does it: the place, an excerpt of the source with what is meant underlined, notes that point at
//! other places, the rule's id and page.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{Report, one_line, printable, same_length};
use crate::message;
use crate::messages::{Joint, join};
use crate::project::Place;
use crate::rules::{Confidence, Finding, Severity, registry};
use crate::text::{Span, Text};

/// Lines of an excerpt; what is longer is cut there (a whole `server` block is not shown).
const EXCERPT_LINES: u32 = 6;
/// Bytes of an excerpt.
const EXCERPT_BYTES: u32 = 4000;
/// How many bytes beside a place are shown of a line that is longer.
const BESIDE: u32 = 60;

/// Adds every finding, what can't be told, and a summary line to `out`.
pub(in crate::cli) fn render(report: &Report<'_>, out: &mut String) {
    let renderer = Renderer::styled();
    for finding in report.findings.iter().filter(|finding| !told(report, finding)) {
        out.push_str(&renderer.render(&groups(report, finding)));
        out.push_str("\n\n");
    }
    for note in report.unsettled.into_iter().flatten() {
        let at = |place: Place| format!("{}:{}", shown_path(report, place), report.range(place).start.line);
        let related = note.related.iter().find_map(|related| related.place);
        let beside = related.map(|place| format!(", {}", at(place))).unwrap_or_default();
        out.push_str(&format!("note: {} ({}{beside})\n", one_line(&note.message), at(note.place)));
    }
    if report.unsettled.is_some_and(|notes| !notes.is_empty()) {
        out.push('\n');
    }
    out.push_str(&summary(report));
    out.push('\n');
}

/// Is it told of by another finding that is shown?
fn told(report: &Report<'_>, finding: &Finding) -> bool {
    finding.part_of.is_some_and(|place| report.findings.iter().any(|other| other.rule == finding.rule && other.place == place))
}

fn groups<'a>(report: &'a Report<'_>, finding: &'a Finding) -> Vec<Group<'a>> {
    let language = report.analysis.language;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level.primary_title(one_line(&finding.message)).id(finding.rule).id_url(registry::url(finding.rule));
    let mut first = Group::with_title(title).elements(excerpt(report, finding.place, AnnotationKind::Primary));
    let mut others = Vec::new();
    for related in &finding.related {
        match related.place {
            Some(place) => others.push(Group::with_title(Level::NOTE.secondary_title(one_line(&related.message))).elements(excerpt(
                report,
                place,
                AnnotationKind::Context,
            ))),
            None => first = first.element(Element::from(Level::NOTE.message(one_line(&related.message)))),
        }
    }
    let confidence = match finding.confidence {
        Confidence::Proven => message!(language, "cli-proven"),
        Confidence::Likely => message!(language, "cli-likely"),
        Confidence::Hint => message!(language, "cli-to-check"),
    };
    let footer = Element::from(Level::NOTE.no_name().message(message!(
        language,
        "cli-footer",
        confidence = confidence,
        url = registry::url(finding.rule)
    )));
    match others.pop() {
        Some(last) => others.push(last.element(footer)),
        None => first = first.element(footer),
    }
    std::iter::once(first).chain(others).collect()
}

/// The lines of a place. Only they are handed over, not the whole file, and of a very long line (a configuration that was made by a program)
/// only what lies around the place: the cost of printing would grow with the file, or the line, times the number of findings.
fn excerpt<'a>(report: &Report<'_>, place: Place, kind: AnnotationKind) -> Vec<Element<'a>> {
    let text = report.analysis.project.text(place.file);
    let first = text.line_of(place.span.start);
    let last = text.line_of(place.span.end).min(first + EXCERPT_LINES - 1);
    let lines = Span::new(text.line_span(first).start, text.line_span(last).end);
    let path = shown_path(report, place);
    let annotated = |lines: Span| {
        let snippet = Snippet::source(same_length(&text.slice(lines))).line_start(first as usize + 1);
        snippet.annotation(kind.span(within(&text, lines, place.span)))
    };
    if lines.end - lines.start <= EXCERPT_BYTES {
        return vec![annotated(lines).path(path).into()];
    }
    // Where the excerpt begins is not where the line begins: the place is said beside it.
    let start = text.floor(place.span.start.saturating_sub(BESIDE).max(lines.start));
    let meant = place.span.end.min(place.span.start + EXCERPT_BYTES);
    let end = text.floor((meant + BESIDE).min(text.line_span(first).end).max(start));
    let at = report.range(place).start;
    let origin = Origin::path(path).line(at.line as usize).char_column(at.column as usize);
    vec![origin.into(), annotated(Span::new(start, end)).into()]
}

/// The path as a person at the terminal would write it; a file's name may hold what a terminal obeys.
fn shown_path(report: &Report<'_>, place: Place) -> String {
    printable(&report.path_from(report.here, place)).replace(['\n', '\t'], "\u{fffd}")
}

/// A span relative to the excerpt, not past its end.
fn within(text: &Text, lines: Span, span: Span) -> std::ops::Range<usize> {
    let clamp = |offset: u32| (text.floor(offset).clamp(lines.start, lines.end) - lines.start) as usize;
    clamp(span.start)..clamp(span.end)
}

fn summary(report: &Report<'_>) -> String {
    let language = report.analysis.language;
    let files = message!(language, "cli-files", count = report.analysis.project.files.len());
    let counts = [
        (Severity::Error, "cli-errors"),
        (Severity::Warning, "cli-warnings"),
        (Severity::Info, "cli-notes"),
        (Severity::Hint, "cli-hints"),
    ];
    let parts: Vec<String> = counts
        .into_iter()
        .filter_map(|(severity, id)| {
            match report.findings.iter().filter(|finding| finding.severity == severity && !told(report, finding)).count() {
                0 => None,
                count => Some(message!(language, id, count = count)),
            }
        })
        .collect();
    let found = match parts.is_empty() {
        true => message!(language, "cli-nothing-found"),
        false => join(language, Joint::Comma, &parts),
    };
    match report.hidden {
        0 => message!(language, "cli-summary", found = found, files = files),
        hidden => message!(language, "cli-summary-hidden", found = found, files = files, count = hidden),
    }
}
