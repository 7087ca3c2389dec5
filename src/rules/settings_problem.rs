//! `settings-problem`: a setting, or a comment that speaks to this program, that means nothing.

mod meaning;

use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, registry};
use crate::message;
use crate::messages::Language;
use crate::project::annotations::AnnotationKind;
use crate::project::settings::Settings;
use crate::project::{Place, SourceFile};
use crate::text::Span;
use crate::world::Analysis;
pub(crate) use meaning::of_themselves;

/// The rule.
pub const RULE: Rule = Rule {
    id: "settings-problem",
    summary: "a setting, or a `# nginx-analyzer:` comment, that means nothing",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let (project, language) = (&analysis.project, analysis.language);
    let file = project.vfs.id(&project.workspace.join(Settings::FILE));
    for notice in project.problems.iter().filter(|notice| notice.place.file == file) {
        out.push(finding(notice.place, notice.message.say(language)));
    }
    let text = project.text(file);
    let text = text.to_str();
    for rule in project.settings.rules.keys().filter(|rule| registry::find(rule).is_none()) {
        // A rule that only an editor's settings name has no place in a file.
        if let Some(span) = rule_key(&text, rule) {
            out.push(unknown_rule(
                language,
                Place { file, span },
                message!(language, "settings-problem-unknown-setting", rule = rule),
                rule,
            ));
        }
    }
    for nothing in meaning::all(analysis) {
        // What only an editor's settings say has no place in a file.
        if let Some((key, value)) = Settings::place(&text, nothing.section, &nothing.key) {
            let span = if nothing.is_value { value } else { key };
            out.push(finding(Place { file, span }, nothing.message.say(language)));
        }
    }
    for source in project.files.values() {
        comments(language, source, out);
    }
}

/// Where `rule = …` is written in the settings.
fn rule_key(text: &str, rule: &str) -> Option<Span> {
    let mut at = text.find("[rules]")?;
    for line in text[at..].split_inclusive('\n') {
        let trimmed = line.trim_start().trim_start_matches(['"', '\'']);
        if let Some(rest) = trimmed.strip_prefix(rule)
            && rest.trim_start_matches(['"', '\'']).trim_start().starts_with('=')
        {
            let start = at + line.len() - trimmed.len();
            return Some(Span::new(start as u32, (start + rule.len()) as u32));
        }
        at += line.len();
    }
    None
}

fn comments(language: Language, source: &SourceFile, out: &mut Vec<Finding>) {
    for annotation in source.annotations() {
        let place = |span: Span| Place { file: source.id, span };
        match &annotation.kind {
            AnnotationKind::Unknown(word, span) => {
                let message = message!(language, "settings-problem-comment", word = word);
                let mut found = finding(place(if span.is_empty() { annotation.span } else { *span }), message);
                let near = ["ignore", "keep"].into_iter().find(|known| strsim::damerau_levenshtein(known, word) <= 2);
                if let Some(known) = near {
                    found = found.fix(replace(language, place(*span), known));
                }
                out.push(found);
            }
            AnnotationKind::Ignore(rules) if rules.is_empty() => {
                out.push(finding(place(annotation.span), message!(language, "settings-problem-no-rule")));
            }
            AnnotationKind::Ignore(rules) => {
                for (rule, span) in rules.iter().filter(|(rule, _)| registry::find(rule).is_none()) {
                    let problem = message!(language, "settings-problem-unknown-ignored", rule = rule);
                    out.push(unknown_rule(language, place(*span), problem, rule));
                }
            }
            AnnotationKind::BadDay(day, span) => {
                let message = message!(language, "settings-problem-bad-day", day = day.as_str());
                out.push(finding(place(*span), message));
            }
            AnnotationKind::Keep { .. } => {}
            // What follows it is commented out, too.
            AnnotationKind::Off => continue,
        }
        if annotation.target.is_none() && !matches!(annotation.kind, AnnotationKind::Unknown(..)) {
            out.push(finding(place(annotation.span), message!(language, "settings-problem-no-directive")));
        }
    }
}

fn unknown_rule(language: Language, place: Place, problem: String, rule: &str) -> Finding {
    match registry::nearest(rule) {
        Some(near) => {
            let message = message!(language, "settings-problem-near", problem = problem, near = near);
            finding(place, message).fix(replace(language, place, near))
        }
        None => finding(place, problem).note(message!(language, "settings-problem-explain")),
    }
}

fn finding(place: Place, message: String) -> Finding {
    Finding::new(RULE.id, RULE.severity, Confidence::Proven, place, message)
}

fn replace(language: Language, place: Place, with: &str) -> Fix {
    Fix {
        title: message!(language, "settings-problem-replace", with = with),
        safe: true,
        action: FixAction::Edit(vec![(place, with.to_owned())]),
    }
}
