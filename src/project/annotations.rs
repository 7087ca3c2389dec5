//! Comments that speak to us: `# nginx-analyzer: ignore RULE[, RULE] reason` and `# nginx-analyzer: keep [until=YYYY-MM-DD] reason`.
//!
//! A comment on a line of its own is about the directive below it, one behind something about the directive that it stands
//! behind; for a block that is the header and all that is inside.

use std::sync::Arc;

use jiff::civil::Date;

use crate::syntax::{Directive, Parse};
use crate::text::{Span, Text};

/// What such a comment begins with, behind the `#`.
pub const PREFIX: &str = "nginx-analyzer:";

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// The comment.
    pub span: Span,
    /// What it wants.
    pub kind: AnnotationKind,
    /// Why, in the words of whoever wrote it; may be empty.
    pub reason: String,
    /// The directive that it is about; `None` when there is none.
    pub target: Option<Span>,
}

/// What a comment wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnnotationKind {
    /// These rules say nothing about the directive; each with its place.
    Ignore(Vec<(String, Span)>),
    /// The directive is used, whatever the evidence says.
    Keep {
        /// Until the end of this day, with its place; for good where there is none.
        until: Option<(Date, Span)>,
    },
    /// `keep until=` something that is no day: it keeps the directive until somebody mends it.
    BadDay(String, Span),
    /// What is below was commented out: our own line, which [`super::commented::Header`] reads.
    Off,
    /// A word that means nothing; empty when there is none.
    Unknown(String, Span),
}

impl Annotation {
    /// True when it keeps the rule from speaking about the span.
    pub fn ignores(&self, rule: &str, span: Span) -> bool {
        let AnnotationKind::Ignore(rules) = &self.kind else { return false };
        self.target.is_some_and(|target| target.covers(span)) && rules.iter().any(|(name, _)| name == rule)
    }
}

/// All such comments of a file, in order.
pub fn annotations(text: &Text, parse: &Parse) -> Vec<Annotation> {
    if !text.contains(PREFIX) {
        return Vec::new();
    }
    let mut found: Vec<Annotation> = parse.comments.iter().filter_map(|comment| read(text, *comment)).collect();
    for annotation in &mut found {
        annotation.target = target(text, parse, annotation.span);
    }
    found
}

/// Where such a comment is put so that it is about the directive that begins at an offset, and what is put there: a line above it.
pub fn above(text: &Text, start: u32, says: &str) -> (Span, String) {
    let line = text.full_line_span(text.line_of(start));
    let content = text.slice(line);
    let indentation: String = content.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let end = if content.ends_with("\r\n") { "\r\n" } else { "\n" };
    let comment = format!("# {PREFIX} {says}{end}{indentation}");
    match text.slice(Span::new(line.start, start)).trim().is_empty() {
        true => (Span::at(line.start + indentation.len() as u32), comment),
        // Behind something else on its line: on a line of its own, or it would be about that.
        false => (Span::at(start), format!("{end}{indentation}{comment}")),
    }
}

fn read(text: &Text, span: Span) -> Option<Annotation> {
    let comment = text.slice(span);
    let body = comment.trim_start_matches('#').trim_start();
    let rest = body.strip_prefix(PREFIX)?;
    let mut words = Words { comment: &comment, at: comment.len() - rest.len(), base: span.start };
    let (verb, verb_span) = words.next().unwrap_or(("", Span::at(span.end)));
    let kind = match verb {
        "ignore" => {
            let mut rules = Vec::new();
            loop {
                let before = words.at;
                match words.next() {
                    // A reason may come without a rule: `ignore because …` names one that does not exist, and is told so.
                    Some((rule, place)) => rules.push((rule.to_owned(), place)),
                    None => {
                        words.at = before;
                        break;
                    }
                }
                if !words.comma() {
                    break;
                }
            }
            AnnotationKind::Ignore(rules)
        }
        "keep" => {
            let before = words.at;
            match words.next() {
                Some((word, span)) if word.starts_with("until=") => {
                    let day = word.strip_prefix("until=").unwrap_or_default();
                    match day.parse() {
                        // `20260601` is one, too, and looks like a number.
                        Ok(date) if day.len() == 10 => AnnotationKind::Keep { until: Some((date, span)) },
                        _ => AnnotationKind::BadDay(day.to_owned(), span),
                    }
                }
                _ => {
                    words.at = before;
                    AnnotationKind::Keep { until: None }
                }
            }
        }
        "off" => AnnotationKind::Off,
        other => AnnotationKind::Unknown(other.to_owned(), verb_span),
    };
    let reason = comment[words.at..].trim().trim_start_matches([':', '-', '\u{2014}']).trim().to_owned();
    Some(Annotation { span, kind, reason, target: None })
}

struct Words<'a> {
    comment: &'a str,
    at: usize,
    base: u32,
}

impl<'a> Words<'a> {
    fn skip_blanks(&mut self) {
        let rest = &self.comment[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn next(&mut self) -> Option<(&'a str, Span)> {
        self.skip_blanks();
        let rest = &self.comment[self.at..];
        let length = rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len());
        let span = Span::new(self.base + self.at as u32, self.base + (self.at + length) as u32);
        self.at += length;
        (length > 0).then(|| (&rest[..length], span))
    }

    fn comma(&mut self) -> bool {
        self.skip_blanks();
        let found = self.comment[self.at..].starts_with(',');
        self.at += usize::from(found);
        found
    }
}

/// The directive that a comment is about.
fn target(text: &Text, parse: &Parse, comment: Span) -> Option<Span> {
    let line = text.line_of(comment.start);
    let before = Span::new(text.line_span(line).start, comment.start);
    if text.slice(before).trim().is_empty() {
        return below(&parse.directives, comment.end);
    }
    let mut best = None;
    behind(text, &parse.directives, line, comment.start, &mut best);
    best
}

/// The first directive that starts at or behind `offset`, in the innermost block around it.
fn below(directives: &[Arc<Directive>], offset: u32) -> Option<Span> {
    let next = directives.partition_point(|directive| directive.span.end <= offset);
    let directive = directives.get(next)?;
    if directive.span.start >= offset {
        return Some(directive.span);
    }
    below(directive.children(), offset)
}

/// The last directive before `offset` that starts or ends on the line.
fn behind(text: &Text, directives: &[Arc<Directive>], line: u32, offset: u32, best: &mut Option<Span>) {
    let first = directives.partition_point(|directive| text.line_of(directive.span.end) < line);
    for directive in directives[first..].iter().take_while(|directive| directive.span.start < offset) {
        let ends_here = directive.span.end <= offset && text.line_of(directive.span.end) == line;
        if text.line_of(directive.span.start) == line || ends_here {
            *best = Some(directive.span);
        }
        // Behind a block's closing brace the block is meant, not what is last inside of it.
        if !ends_here {
            behind(text, directive.children(), line, offset, best);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Vec<(Annotation, String)> {
        let text = Text::new(source);
        let parse = Parse::new(&text);
        let name = |annotation: &Annotation| annotation.target.map(|span| text.slice(span).into_owned()).unwrap_or_default();
        annotations(&text, &parse).into_iter().map(|annotation| (annotation.clone(), name(&annotation))).collect()
    }

    #[test]
    fn a_comment_is_about_what_is_below_it_or_before_it() {
        let found = of("# nginx-analyzer: ignore a-rule, b-rule it is so\n# more\nserver {\n  listen 80; # nginx-analyzer: ignore c\n  \
                        location / { # nginx-analyzer: keep health check\n    return 200; }\n  # nginx-analyzer: keep\n}\nworker_processes\n  1; # nginx-analyzer: ignore d\n\
                        events {\n} # nginx-analyzer: keep\n");
        let rules = |kind: &AnnotationKind| match kind {
            AnnotationKind::Ignore(rules) => rules.iter().map(|(rule, _)| rule.clone()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(rules(&found[0].0.kind), ["a-rule", "b-rule"]);
        assert_eq!(found[0].0.reason, "it is so");
        assert!(found[0].1.starts_with("server {") && found[0].1.ends_with('}'));
        assert_eq!(found[1].1, "listen 80;");
        assert!(found[2].0.kind == AnnotationKind::Keep { until: None } && found[2].0.reason == "health check");
        assert!(found[2].1.starts_with("location / {"));
        assert_eq!(found[3].1, "", "nothing follows in the block");
        assert_eq!(found[4].1, "worker_processes\n  1;");
        assert!(found[5].1.starts_with("events {"));
    }

    #[test]
    fn a_misspelt_comment_is_kept_as_such() {
        let found = of(
            "# nginx-analyzer: ingore x\nuser a;\n#nginx-analyzer: ignore\nuser b;\n# an ordinary comment\n#   nginx-analyzer:\nuser c;",
        );
        assert!(matches!(&found[0].0.kind, AnnotationKind::Unknown(word, _) if word == "ingore"));
        assert_eq!(found[1].0.kind, AnnotationKind::Ignore(vec![]));
        assert!(matches!(&found[2].0.kind, AnnotationKind::Unknown(word, _) if word.is_empty()));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn the_place_of_a_rule_is_where_it_is_written() {
        let source = "# nginx-analyzer: ignore one , two\nuser a;";
        let text = Text::new(source);
        let found = annotations(&text, &Parse::new(&text));
        let AnnotationKind::Ignore(rules) = &found[0].kind else { panic!("{found:?}") };
        let written: Vec<_> = rules.iter().map(|(_, span)| text.slice(*span).into_owned()).collect();
        assert_eq!(written, ["one", "two"]);
        assert!(found[0].ignores("two", Span::new(35, 39)) && !found[0].ignores("two", Span::new(0, 3)));
    }

    #[test]
    fn a_comment_is_put_where_it_is_about_the_directive() {
        for (before, after) in [
            ("server {\r\n\tlocation /a { }\r\n}\r\n", "server {\r\n\t# nginx-analyzer: keep it\r\n\tlocation /a { }\r\n}\r\n"),
            ("server { listen 80; location /a { } }", "server { listen 80; \n# nginx-analyzer: keep it\nlocation /a { } }"),
        ] {
            let start = before.find("location").expect("a location") as u32;
            let (span, comment) = above(&Text::new(before), start, "keep it");
            let mut text = Text::new(before);
            text.replace(span, &comment);
            assert_eq!(text.to_str(), after);
            let about = annotations(&text, &Parse::new(&text))[0].target.expect("a directive");
            assert!(text.slice(about).starts_with("location"), "{after}");
        }
    }
}
