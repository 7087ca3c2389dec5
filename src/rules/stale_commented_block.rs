//! `stale-commented-block`: a block that was commented out longer ago than the settings keep it.

use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::message;
use crate::project::commented::{self, Hidden, Off, Since};
use crate::project::{Place, SourceFile};
use crate::rules::finding::FixAction;
use crate::text::Span;
use crate::world::Analysis;

/// The rule. A hint: it comes by the passing of time, and nobody's build should fail by that.
pub const RULE: Rule = Rule {
    id: "stale-commented-block",
    summary: "a block that has been commented out for longer than it is kept",
    severity: Severity::Hint,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let (Some(today), project) = (analysis.today, &analysis.project) else { return };
    let cleanup = &project.settings.cleanup;
    for source in project.files.values() {
        for hidden in commented::all(&source.text, &cleanup.marker) {
            // Only comments: version control is not asked while somebody types. `cleanup status` asks it.
            let off = hidden.off(&source.text, &cleanup.marker, cleanup.keep_days, &|_| None);
            if let Some((off, said)) = off.filter(|off| off.due <= today).and_then(|mut off| off.said.take().map(|said| (off, said))) {
                out.push(finding(analysis, source, &hidden, &off, &said));
            }
        }
    }
}

fn finding(analysis: &Analysis, source: &SourceFile, hidden: &Hidden, off: &Off, said: &Since) -> Finding {
    let (language, marker) = (analysis.language, &analysis.project.settings.cleanup.marker);
    let place = |span: Span| Place { file: source.id, span };
    let days = message!(language, "days", count = analysis.project.settings.cleanup.keep_days);
    let message = match (said.until, off.since) {
        (Some(until), _) => message!(language, "cleanup-stale-until", block = hidden.title.clone(), until = until.to_string()),
        (None, Some(since)) => message!(language, "cleanup-stale", block = hidden.title.clone(), since = since.to_string(), days = days),
        (None, None) => message!(language, "cleanup-stale-until", block = hidden.title.clone(), until = off.due.to_string()),
    };
    let first = source.text.line_span(source.text.line_of(hidden.lines.start));
    let start = hidden.markers.first().map_or(first.start, |marker| marker.start);
    let finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, place(Span::new(start, first.end)), message)
        .related(place(said.place), message!(language, "cleanup-stale-said"));
    let edit = (place(hidden.deletion(&source.text, marker)), String::new());
    finding.fix(Fix {
        title: message!(language, "cleanup-delete", block = hidden.title.clone()),
        safe: true,
        action: FixAction::Edit(vec![edit]),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::civil::{Date, date};

    use super::*;
    use crate::project::settings::Settings;
    use crate::text::Text;
    use crate::world::World;

    const DATED: &str = "events {}\n# off since 2025-10-20\n#X# http {\n#X#     server { }\n#X# }\n";

    fn found(text: &str, settings: &str, today: Date) -> Vec<(u32, String)> {
        let folder = Path::new("/in-memory");
        let main = folder.join("nginx.conf");
        let mut world = World::new(folder, vec![main.clone()], Settings::default().over(settings).0);
        let file = world.vfs().id(&main);
        world.set_text(file, Text::new(text));
        world.set_today(today);
        let (analysis, mut out) = (world.analysis(), Vec::new());
        check(&analysis, &mut out);
        out.into_iter().map(|finding| (Text::new(text).line_of(finding.place.span.start) + 1, finding.message)).collect()
    }

    #[test]
    fn it_is_due_on_the_day_after_the_days_that_it_is_kept() {
        let on = |today, settings| found(DATED, settings, today).len();
        assert_eq!(on(date(2025, 11, 2), ""), 0);
        assert_eq!(on(date(2025, 11, 3), ""), 1);
        assert_eq!(on(date(2025, 11, 3), "[cleanup]\nkeep_days = 15\n"), 0);
        assert_eq!(on(date(2025, 10, 20), "[cleanup]\nkeep_days = 0\n"), 1);
        let all = found(DATED, "", date(2026, 1, 1));
        assert_eq!(all, [(3, "`http` has been commented out since 2025-10-20; such blocks are kept for 14 days".to_owned())]);
    }

    #[test]
    fn what_our_line_says_holds_whatever_the_settings_say() {
        let text = "events {}\n# nginx-analyzer: off since 2026-01-01 until 2026-02-01: why (dead-location)\n#X# http { }\n";
        let on = |today| found(text, "", today);
        assert!(on(date(2026, 1, 31)).is_empty());
        assert_eq!(
            on(date(2026, 2, 1)),
            [(3, "`http` is commented out, and the day until which it was to be kept, 2026-02-01, has come".to_owned())]
        );
    }

    #[test]
    fn without_a_date_nothing_is_said() {
        let text = "events {}\n#X# user a;\n\nuser b;\n\n#X# http {\n#X# }\n";
        assert!(found(text, "", date(2999, 1, 1)).is_empty());
        assert!(found("# off since 2025-10-20\n#X# user a;\n", "", date(2026, 1, 1)).len() == 1, "a directive that somebody put a date to");
    }

    #[test]
    fn nothing_is_said_where_the_date_is_not_known() {
        let mut out = Vec::new();
        let folder = Path::new("/in-memory");
        let mut world = World::new(folder, vec![folder.join("nginx.conf")], Settings::default());
        let file = world.vfs().id(&folder.join("nginx.conf"));
        world.set_text(file, Text::new(DATED));
        check(&world.analysis(), &mut out);
        assert!(out.is_empty());
    }
}
