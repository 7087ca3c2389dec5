//! `argument-count`: a directive with too many or too few arguments, without its block, or with one that it does not take.

use super::standing::{Standing, is_filled_in, nginx_says, refusal, reliable, uncounted};
use super::{Finding, Rule, Severity};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::nginx::directives::{Arguments, Directive};
use crate::nginx::refusals::Refusal;
use crate::project::{Place, RootKind};
use crate::syntax::{Body, Question};
use crate::world::{Analysis, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "argument-count",
    summary: "a directive with too many or too few arguments, or without its block",
    severity: Severity::Error,
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for view in analysis.views() {
        let found = uncounted(view).filter_map(|standing| finding(view, &standing)).collect();
        out.extend(reliable(analysis, view, found));
    }
}

/// `ngx_conf_handler` looks at what ends the directive first, then counts. It takes the first module that has the name here; which of
/// several that is depends on how nginx was built.
fn finding(view: View, standing: &Standing) -> Option<Finding> {
    let directive = &standing.entry.directive;
    let mut first = None;
    let (mut ends_well, mut counts_well) = (false, false);
    for candidate in standing.candidates() {
        first = first.or(Some(candidate));
        ends_well |= candidate.is_block() != matches!(directive.body, Body::Simple);
        counts_well |= candidate.arguments.allow(directive.args.len());
    }
    let known = first?;
    if ends_well && counts_well {
        // In a fragment more may be meant, and one of these is among them.
        if view.root.kind == RootKind::Main {
            directive.sound.note(Question::Count, standing.context as u8);
        }
        return None;
    }
    if directive.args.iter().any(|word| is_filled_in(&word.value)) {
        return None;
    }
    let finding = if ends_well { count(view, standing, known)? } else { end(view, standing, known) };
    Some(syntax(view.language, known, finding))
}

fn end(view: View, standing: &Standing, known: &Directive) -> Finding {
    let (language, name) = (view.language, standing.name());
    let place = Place { file: standing.entry.file, span: standing.entry.directive.header() };
    let (message, says) = match known.is_block() {
        true => (message!(language, "argument-count-needs-block", name = name), Refusal::NoOpening),
        false => (message!(language, "argument-count-no-block", name = name), Refusal::NotTerminated),
    };
    refusal(view, &RULE, place, message).note(nginx_says(language, says, name))
}

fn count(view: View, standing: &Standing, known: &Directive) -> Option<Finding> {
    let (language, name, args) = (view.language, standing.name(), &standing.entry.directive.args);
    let wanted = wanted(language, known.arguments)?;
    let message = message!(language, "argument-count-says", name = name, wanted = wanted, count = args.len());
    // Those that are too many; the whole line where some are missing.
    let surplus =
        known.arguments.most().and_then(|most| args.get(most..)).and_then(|rest| Some(rest.first()?.span.join(rest.last()?.span)));
    let span = surplus.unwrap_or(standing.entry.directive.header());
    let says = nginx_says(language, Refusal::Arguments, name);
    Some(refusal(view, &RULE, Place { file: standing.entry.file, span }, message).note(says))
}

/// `1 argument`, `2 or 3 arguments`, `at least 1 argument`, `no argument`.
fn wanted(language: Language, arguments: Arguments) -> Option<String> {
    let Some(most) = arguments.most() else {
        return Some(message!(language, "argument-count-least", count = arguments.least()));
    };
    let counts: Vec<usize> = (arguments.least()..=most).filter(|count| arguments.allow(*count)).collect();
    Some(match counts.as_slice() {
        [] => return None,
        [0] => message!(language, "argument-count-none"),
        [one] => message!(language, "argument-count-exact", count = *one),
        [least, .., most] if counts.len() > 2 && counts.len() == most - least + 1 => {
            message!(language, "argument-count-range", least = *least, most = *most)
        }
        several => {
            let several: Vec<String> = several.iter().map(usize::to_string).collect();
            message!(language, "argument-count-some", counts = join(language, Joint::Or, &several))
        }
    })
}

/// Adds how it is written, as the documentation has it.
fn syntax(language: Language, known: &Directive, finding: Finding) -> Finding {
    known.written().fold(finding, |finding, written| finding.note(message!(language, "argument-count-syntax", syntax = written)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn said(text: &str) -> Vec<String> {
        findings(check, text).into_iter().map(|finding| finding.message).collect()
    }

    fn server(text: &str) -> Vec<String> {
        said(&format!("events {{}} http {{ server {{ listen 80; {text} }} }}"))
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn counts() {
        assert_eq!(server("root;"), ["`root` takes 1 argument, and here is none"]);
        assert_eq!(server("root /a /b;"), ["`root` takes 1 argument, and here are 2"]);
        assert_eq!(server("server_name;"), ["`server_name` takes at least 1 argument, and here is none"]);
        assert_eq!(server("return;"), ["`return` takes 1 or 2 arguments, and here is none"]);
        assert_eq!(server("location / { internal now; }"), ["`internal` takes no argument, and here is 1"]);
        assert_eq!(server("rewrite a;"), ["`rewrite` takes 2 or 3 arguments, and here is 1"]);
        assert_eq!(server("keepalive_timeout 1 2; if ($a = b) { return 200; } rewrite a b; server_name a b c d;"), NONE);
        assert_eq!(server("slice; slice_header header;"), NONE, "Tengine");
        assert_eq!(server("root ${A} b; root $ROOT b; unknown a b c;"), NONE);
    }

    #[test]
    fn surplus_arguments_are_underlined() {
        let text = "events {} http { root /a /b /c; }";
        let found = findings(check, text);
        assert_eq!(text.get(found[0].span().range()), Some("/b /c"));
        assert!(found[0].related.iter().any(|note| note.message.contains("`root <path>;`")), "{found:?}");
    }

    #[test]
    fn blocks() {
        assert_eq!(said("events; http { }"), ["`events` needs a block: write ` { … }` in place of `;`"]);
        assert_eq!(server("location /;"), ["`location` needs a block: write ` { … }` in place of `;`"]);
        assert_eq!(server("content_by_lua_block; ").len(), 0, "not allowed here");
        assert_eq!(server("location / { content_by_lua_block; }").len(), 1);
        assert_eq!(server("root /x { }"), ["`root` takes no block: it ends with `;`"]);
        assert_eq!(said("events {} http { upstream a { server b; } types { } map $a $b { a b c d; } }"), NONE);
    }
}
