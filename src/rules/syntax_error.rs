//! `syntax-error`: what nginx's tokenizer refuses, said where the fix belongs.

mod braces;
mod swallowed;

use std::sync::Arc;

use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity};
use crate::message;
use crate::messages::Language;
use crate::project::{FileId, Place};
use crate::syntax::{Body, Directive, MAX_DEPTH, MAX_WORD, Parse, Problem, ProblemKind, Quote};
use crate::text::{Span, Text};
use crate::world::Analysis;
use swallowed::Reader;

/// The rule.
pub const RULE: Rule = Rule { id: "syntax-error", summary: "something that nginx can't read", severity: Severity::Error, check };

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for file in analysis.project.files.values() {
        let unread = file.problem.as_ref().is_some_and(|problem| !problem.is_partial());
        if !file.parse.problems.is_empty() && !unread {
            let readers =
                |directive: &Directive| swallowed::readers(analysis, Place { file: file.id, span: directive.span }, &directive.name.value);
            out.extend(findings(analysis.language, file.id, &file.text, &file.parse, &readers));
        }
    }
}

/// Says what reads a directive of the file.
type Readers<'a> = dyn Fn(&Directive) -> Vec<Reader> + 'a;

/// What to tell about one file, in its order.
fn findings(language: Language, file: FileId, text: &Text, parse: &Parse, readers: &Readers) -> Vec<Finding> {
    let source = text.to_str();
    if is_template(&source) {
        return Vec::new();
    }
    let report = Report { language, file, source: &source, parse, readers };
    let mut braces = Vec::new();
    report.braces_in_arguments(&parse.directives, braces::top(&parse.directives), &mut braces);
    // A brace that is taken for a block's puts every brace behind it out of step.
    let limit = braces.iter().map(|finding| finding.span().start).min();
    let consequence =
        |problem: &Problem| limit.is_some_and(|limit| problem.span.start >= limit || problem.kind == ProblemKind::MissingClose);
    let mut problems: Vec<&Problem> =
        own_problems(&source, parse).filter(|problem| !report.is_placeholder(problem) && !consequence(problem)).collect();
    let strays: Vec<Span> = problems.iter().filter(|problem| problem.kind == ProblemKind::StrayClose).map(|problem| problem.span).collect();
    let unopened = braces::unopened(&parse.directives, &strays);
    problems.retain(|problem| !unopened.iter().any(|one| one.explains(problem)));
    let found = problems.len() + braces.len() + unopened.len();
    let unopened = unopened.iter().map(|one| report.unopened(one));
    let more = found.saturating_sub(MOST);
    let mut out: Vec<Finding> =
        unopened.chain(problems.into_iter().take(MOST).map(|problem| report.finding(problem))).chain(braces).take(MOST).collect();
    if more > 0
        && let Some(last) = out.pop()
    {
        out.push(last.note(message!(language, "syntax-error-more", count = more)));
    }
    out
}

/// How long the lines are that a comment is broken into, in bytes.
const MAX_LINE: usize = 1_000;

/// How many findings one file gets: more say that it is no nginx configuration at all.
const MOST: usize = 20;

/// True for the source of a template engine: nginx reads what the engine makes of it.
fn is_template(source: &str) -> bool {
    source.contains("{%")
        || source.contains("<%")
        || source.lines().any(|line| (line.contains("{{") && line.contains("}}")) || is_switched(line.trim_start()))
}

/// A line that begins with a placeholder and goes on: what is put there switches the line on or off (`${tls.enabled} listen 443
/// ssl;`), or repeats it (`!{explode domain(name)}`).
fn is_switched(line: &str) -> bool {
    let rest = line.strip_prefix("${").and_then(|line| line.split_once('}'));
    line.starts_with("!{") || rest.is_some_and(|(_, rest)| rest.starts_with([' ', '\t']) && !rest.trim_start().is_empty())
}

/// The problems that are no mere consequence of an earlier one.
fn own_problems<'a>(source: &'a str, parse: &'a Parse) -> impl Iterator<Item = &'a Problem> {
    // A quote too few or too many turns everything behind it inside out; code that never ends takes the braces that would
    // have closed the blocks around it.
    let runaway = |problem: &&Problem| {
        matches!(problem.kind, ProblemKind::UnterminatedQuote | ProblemKind::UnbalancedLua | ProblemKind::TextAfterQuote)
    };
    let first = parse.problems.iter().find(runaway);
    parse.problems.iter().filter(move |problem| match first {
        Some(first) => std::ptr::eq(*problem, first) || (problem.span < first.span && problem.kind != ProblemKind::MissingClose),
        // A replacement character is longer than the byte it stands for: how long the word is in the file is not known.
        None => {
            !matches!(problem.kind, ProblemKind::WordTooLong | ProblemKind::CommentTooLong)
                || !source[problem.span.range()].contains('\u{fffd}')
        }
    })
}

/// The quoted word that ends at or just behind this place.
fn quoted_word_before(source: &str, parse: &Parse, at: u32) -> Option<Span> {
    let mut directives: &[Arc<Directive>] = &parse.directives;
    loop {
        let index = directives.partition_point(|directive| directive.span.start <= at).checked_sub(1)?;
        let directive = directives.get(index)?;
        let words = std::iter::once(&directive.name).chain(&directive.args);
        let found = words.rev().find(|word| word.quote != Quote::None && word.span.touches(at) && word.span.start < at);
        if let Some(word) = found {
            return (word.span.end as usize <= source.len()).then_some(word.span);
        }
        directives = directive.children();
    }
}

/// Does a block end with its brace somewhere behind this place?
fn closes_behind(directives: &[Arc<Directive>], at: u32) -> bool {
    let behind = directives.iter().skip(directives.partition_point(|directive| directive.span.end <= at));
    behind.into_iter().any(|directive| match &directive.body {
        Body::Block(block) => block.closed || closes_behind(&block.directives, at),
        Body::Simple | Body::Lua(_) => false,
    })
}

struct Report<'a> {
    language: Language,
    file: FileId,
    source: &'a str,
    parse: &'a Parse,
    readers: &'a Readers<'a>,
}

impl Report<'_> {
    fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    fn line(&self, at: u32) -> usize {
        1 + self.source.as_bytes()[..at as usize].iter().filter(|byte| **byte == b'\n').count()
    }

    fn say(&self, id: &str) -> String {
        message!(self.language, id)
    }

    fn error(&self, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(RULE.id, Severity::Error, Confidence::Proven, self.place(span), message)
    }

    fn edit(&self, title: &str, safe: bool, span: Span, with: &str) -> Fix {
        Fix { title: self.say(title), safe, action: FixAction::Edit(vec![(self.place(span), with.to_owned())]) }
    }

    /// A word alone that something will be put in place of, whole directives perhaps: `${TLS}`, `@TLS@`, `...`.
    fn is_placeholder(&self, problem: &Problem) -> bool {
        let marks = ["$", "@", "%", "<", "__", "..."];
        problem.kind == ProblemKind::MissingSemicolon
            && self
                .directive_at(problem.span.start)
                .is_some_and(|directive| directive.args.is_empty() && marks.iter().any(|mark| directive.name.value.starts_with(mark)))
    }

    fn finding(&self, problem: &Problem) -> Finding {
        let span = problem.span;
        match problem.kind {
            ProblemKind::MissingSemicolon => self.missing_semicolon(span),
            ProblemKind::StraySemicolon => self
                .error(span, self.say("syntax-error-stray-semicolon"))
                .note(self.say("syntax-error-refuses-semicolon"))
                .fix(self.edit("syntax-error-remove-semicolon", true, span, "")),
            ProblemKind::StrayClose => self
                .error(span, self.say("syntax-error-stray-close"))
                .note(self.say("syntax-error-refuses-close"))
                .fix(self.edit("syntax-error-remove-close", false, span, "")),
            ProblemKind::NamelessBlock => self.nameless_block(span),
            ProblemKind::MissingClose => self.missing_close(span),
            ProblemKind::UnterminatedQuote => self
                .error(span, self.say("syntax-error-quote"))
                .note(self.say("syntax-error-refuses-quote"))
                .note(self.say("syntax-error-quote-rest")),
            ProblemKind::TextAfterQuote => self.text_after_quote(span),
            ProblemKind::WordTooLong => self.too_long("syntax-error-long-word", span),
            ProblemKind::CommentTooLong => self.too_long("syntax-error-long-comment", span).fix(self.broken_into_lines(span)),
            ProblemKind::UnbalancedLua => self
                .error(span, self.say("syntax-error-lua"))
                .note(self.say("syntax-error-refuses-lua"))
                .note(self.say("syntax-error-lua-rest")),
            ProblemKind::ByteOrderMark => self.byte_order_mark(span),
            ProblemKind::TooDeep => {
                let mut finding = self.error(span, message!(self.language, "syntax-error-too-deep", most = MAX_DEPTH));
                (finding.severity, finding.confidence) = (Severity::Info, Confidence::Hint);
                finding
            }
        }
    }

    /// The `;` belongs behind `last`. Either nginx stumbles over the brace or the file's end that comes next, or it reads the
    /// next directive as arguments, which it may well accept.
    fn missing_semicolon(&self, last: Span) -> Finding {
        let next = self.next_token(last.end);
        let insert = || self.edit("syntax-error-add-semicolon", true, Span::at(last.end), ";");
        let language = self.language;
        let quoted = |directive: &Directive| format!("`{}`", directive.name.value);
        let name = self.directive_at(last.start).map_or_else(|| self.say("syntax-error-this-directive"), quoted);
        match self.source.as_bytes().get(next as usize) {
            Some(b'}') => self
                .error(last, message!(language, "syntax-error-no-semicolon", name = name))
                .related(self.place(Span::new(next, next + 1)), message!(language, "syntax-error-refuses-here", line = self.line(next)))
                .fix(insert()),
            None => self
                .error(last, message!(language, "syntax-error-no-semicolon", name = name))
                .note(self.say("syntax-error-refuses-end"))
                .fix(insert()),
            Some(_) => self.swallows(last, next),
        }
    }

    fn nameless_block(&self, brace: Span) -> Finding {
        let finding = self.error(brace, self.say("syntax-error-nameless")).note(self.say("syntax-error-refuses-nameless"));
        let before = self.source[..brace.start as usize].trim_end_matches([' ', '\t', '\r', '\n']);
        if !before.ends_with(';') {
            return finding;
        }
        let end = before.len() as u32;
        finding.related(self.place(Span::new(end - 1, end)), self.say("syntax-error-nameless-semicolon"))
    }

    fn missing_close(&self, brace: Span) -> Finding {
        let note = self.say("syntax-error-refuses-unclosed");
        let Some((directive, end)) = self.block_at(brace.start) else {
            return self.error(brace, self.say("syntax-error-unclosed-block")).note(note);
        };
        let name = excerpt(&self.source[directive.header().range()]);
        let finding = self.error(directive.header().join(brace), message!(self.language, "syntax-error-unclosed", name = name));
        let finding = match self.source[end as usize..].trim().is_empty() {
            true => finding,
            false => {
                let last = Span::new(end.saturating_sub(1), end);
                finding.related(self.place(last), message!(self.language, "syntax-error-ends-here", line = self.line(last.start)))
            }
        };
        let finding = match directive.children().last().and_then(|last| self.brace_taken_by_lua(last)) {
            Some((brace, message)) => finding.related(self.place(brace), message),
            None => finding,
        };
        let mut finding = finding.note(note);
        // A `}` behind may be this block's: that one is missing is certain, and that it is this one a guess.
        if closes_behind(&self.parse.directives, brace.start) {
            finding.confidence = Confidence::Likely;
        }
        finding
    }

    /// A brace too few in Lua code takes the brace of the block around it. It is seen by the code's last brace being first on
    /// its line and less deep than the directive.
    fn brace_taken_by_lua(&self, directive: &Directive) -> Option<(Span, String)> {
        let Body::Lua(code) = &directive.body else { return None };
        let indent = |at: u32| {
            let line = self.source[..at as usize].rsplit('\n').next().unwrap_or_default();
            line.trim().is_empty().then_some(line.len())
        };
        let (own, last) = (indent(directive.span.start)?, indent(code.end)?);
        let message = message!(self.language, "syntax-error-lua-brace", name = &*directive.name.value);
        (last < own && code.end < directive.span.end).then(|| (Span::new(code.end, directive.span.end), message))
    }

    fn text_after_quote(&self, last: Span) -> Finding {
        let line = self.line(last.start);
        let note = match self.source[last.end as usize..].chars().next() {
            Some(c) => message!(self.language, "syntax-error-refuses-line-at", line = line, character = c.escape_debug().to_string()),
            None => message!(self.language, "syntax-error-refuses-line", line = line),
        };
        let finding = self.error(last, self.say("syntax-error-after-quote")).note(note);
        match quoted_word_before(self.source, self.parse, last.end) {
            Some(word) if self.source[word.range()].contains('\n') => {
                let line = self.line(word.start);
                let place = Span::new(word.start, word.start + 1);
                finding.related(self.place(place), message!(self.language, "syntax-error-quote-starts", line = line))
            }
            _ => finding.note(self.say("syntax-error-escape-quote")),
        }
    }

    fn too_long(&self, says: &str, span: Span) -> Finding {
        let start: String = self.source[span.range()].chars().take(10).collect();
        self.error(span, message!(self.language, says, length = span.len(), most = MAX_WORD)).note(message!(
            self.language,
            "syntax-error-refuses-long",
            start = excerpt(&start)
        ))
    }

    /// The comment on several lines, broken at blanks where there are any.
    fn broken_into_lines(&self, comment: Span) -> Fix {
        let text = &self.source[comment.range()];
        let mut edits = Vec::new();
        let mut start = 0;
        while text.len() - start > MAX_LINE {
            let most = (start + 1..=start + MAX_LINE).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            let blank = text[start..most].rfind(' ').filter(|at| *at > MAX_LINE / 2).map_or(most, |at| start + at + 1);
            edits.push((self.place(Span::at(comment.start + blank as u32)), "\n# ".to_owned()));
            start = blank;
        }
        Fix { title: self.say("syntax-error-break-comment"), safe: true, action: FixAction::Edit(edits) }
    }

    /// Where values are listed (`map`, `types`, an included list of them) nginx accepts such a name; it then never matches.
    fn byte_order_mark(&self, mark: Span) -> Finding {
        let mut finding = self.error(mark, self.say("syntax-error-mark")).note(self.say("syntax-error-refuses-mark")).fix(self.edit(
            "syntax-error-remove-mark",
            true,
            mark,
            "",
        ));
        finding.confidence = Confidence::Likely;
        finding
    }

    /// Past blanks and comments.
    fn next_token(&self, mut at: u32) -> u32 {
        loop {
            let rest = &self.source[at as usize..];
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            at += blank as u32;
            let rest = &self.source[at as usize..];
            if !rest.starts_with('#') {
                return at;
            }
            at += rest.find('\n').unwrap_or(rest.len()) as u32;
        }
    }

    /// The innermost directive whose name or arguments hold the byte.
    fn directive_at(&self, at: u32) -> Option<&Directive> {
        let mut directives: &[Arc<Directive>] = &self.parse.directives;
        loop {
            let index = directives.partition_point(|directive| directive.span.start <= at).checked_sub(1)?;
            let directive = directives.get(index)?;
            if directive.header().touches(at) {
                return Some(directive);
            }
            directives = directive.children();
        }
    }

    /// The directive whose block starts at this brace, and where the block was taken to end.
    fn block_at(&self, brace: u32) -> Option<(&Directive, u32)> {
        let mut directives: &[Arc<Directive>] = &self.parse.directives;
        loop {
            let index = directives.partition_point(|directive| directive.span.start <= brace).checked_sub(1)?;
            let directive = directives.get(index)?;
            match &directive.body {
                Body::Block(block) if block.span.start == brace => return Some((directive, block.span.end)),
                _ => directives = directive.children(),
            }
        }
    }
}

/// A piece of source in a message: on one line, and not too long.
fn excerpt(source: &str) -> String {
    let words: Vec<&str> = source.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nginx::directives::is_known;

    fn findings_of(text: &Text, parse: &Parse) -> Vec<Finding> {
        findings(Language::English, FileId(0), text, parse, &|directive| swallowed::of_name(&directive.name.value))
    }

    fn found(source: &str) -> Vec<Finding> {
        let text = Text::new(source);
        findings_of(&text, &Parse::with_vocabulary(&text, is_known))
    }

    /// `line: message` of every finding.
    fn told(source: &str) -> Vec<String> {
        let line = |finding: &Finding| source[..finding.span().start as usize].matches('\n').count() + 1;
        found(source).iter().map(|finding| format!("{}: {}", line(finding), finding.message)).collect()
    }

    /// The source after the first fix of the only finding.
    fn fixed(source: &str) -> String {
        let findings = found(source);
        let [finding] = &findings[..] else { panic!("{findings:#?}") };
        let Some(FixAction::Edit(edits)) = finding.fixes.first().map(|fix| &fix.action) else { panic!("no fix: {finding:#?}") };
        let mut text = Text::new(source);
        edits.iter().for_each(|(place, with)| text.replace(place.span, with));
        text.to_str().into_owned()
    }

    #[test]
    fn a_long_comment_is_told_and_broken() {
        let words = "word ".repeat(1_000);
        let source = format!("events {{}}\n#{words}\nhttp {{}}\n");
        let text = Text::new(&source);
        let parse = Parse::with_vocabulary(&text, is_known);
        let found = findings_of(&text, &parse);
        assert_eq!(found.len(), 1);
        let FixAction::Edit(edits) = &found[0].fixes[0].action else { panic!("an edit") };
        let mut mended = source.clone();
        for (place, with) in edits.iter().rev() {
            mended.insert_str(place.span.start as usize, with);
        }
        assert!(Parse::with_vocabulary(&Text::new(&mended), is_known).problems.is_empty());
        assert_eq!(mended.replace("\n# ", ""), source);
        let fits = format!("#{}\nevents {{}}\n", "x".repeat(4094));
        assert!(Parse::with_vocabulary(&Text::new(&fits), is_known).problems.is_empty());
    }

    #[test]
    fn a_missing_semicolon_is_told_where_it_belongs() {
        let source = "server {\n  listen 80 # the port\n}\n";
        assert_eq!(told(source), ["2: `listen` lacks its `;`"]);
        assert_eq!(found(source)[0].related[0].message, "nginx refuses the file here, on line 3: unexpected \"}\"");
        assert_eq!(fixed(source), "server {\n  listen 80; # the port\n}\n");
        assert_eq!(fixed("user nobody\n"), "user nobody;\n");
    }

    #[test]
    fn a_directive_taken_for_an_argument_is_likely_not_proven() {
        let source = "server {\n  server_name a\n  listen 80;\n}\n";
        assert_eq!(told(source), ["2: `server_name` lacks its `;`: nginx takes `listen` on line 3 for one more argument of it"]);
        let finding = &found(source)[0];
        assert_eq!((finding.confidence, finding.fixes[0].safe), (Confidence::Likely, false));
        assert_eq!(fixed(source), "server {\n  server_name a;\n  listen 80;\n}\n");
    }

    #[test]
    fn what_is_too_many_is_removed() {
        assert_eq!(fixed("events {};\n"), "events {}\n");
        assert_eq!(fixed("events {}\n}\n"), "events {}\n\n");
        assert_eq!(fixed("\u{feff}events {}\n"), "events {}\n");
    }

    #[test]
    fn a_missing_brace_is_one_finding_at_its_block() {
        let source = "http {\n  server {\n    location /a {\n      return 200;\n    location /b {\n      return 404;\n    }\n  }\n}\n";
        assert_eq!(told(source), ["3: `location /a` is never closed: its `}` is missing"]);
        assert_eq!(found(source)[0].related[0].message, "going by the indentation, the block ends here, on line 4");
        assert_eq!(found(source)[0].confidence, Confidence::Likely, "the braces alone don't say which");
        let source = "http {\n  server {\n    listen 80;\n";
        assert!(found(source).iter().all(|finding| finding.confidence == Confidence::Proven), "no brace is there that may be theirs");
    }

    /// nginx: `unexpected end of file, expecting "}"`, whatever the columns say of blocks that are not indented.
    #[test]
    fn no_brace_is_too_many_where_one_is_missing() {
        for (source, line, name) in [
            ("http {\n    index a;\nindex b;\n\n    server {\n        location / {\n            root /x;\n\n    }\n}\n", 6, "location /"),
            ("http {\nserver {\n  location / {\n    root /x;\n  }\n  location /b {\n    root /x;\n}\n}\n", 6, "location /b"),
            ("http {\nindex a;\n    server {\n        location /b {\n            root /x;\n    }\n}\n", 4, "location /b"),
            ("http {\nserver {\nlocation / {\nroot /x;\n}\n}\n", 1, "http"),
            ("http {\n    index a;\nindex b;\n    server {\n    }\n", 1, "http"),
            ("server {\n  listen 80;\nserver {\n  listen 81;\n}\n", 1, "server"),
        ] {
            assert_eq!(told(source), [format!("{line}: `{name}` is never closed: its `}}` is missing")], "{source}");
            assert_eq!(found(source)[0].confidence, Confidence::Likely);
        }
        let source = "http {\n  server {\n    location / {\n      if ($a) {\n        break;\n    location /b {\n    }\n  }\n}\n";
        assert_eq!(told(source).len(), 2, "two are missing");
    }

    /// nginx: `unexpected "}"`.
    #[test]
    fn no_block_is_open_where_a_brace_is_too_many() {
        for source in [
            "http {\nserver {\n  listen 80;\n  location /a {\n  }\n  }\n}\n}\n",
            "http {\nserver {\nlisten 80;\n}\n}\n}\n",
            "http {\n  server {\n  }\n    }\n  server {\n  }\n}\n",
        ] {
            let told = told(source);
            assert!(matches!(&told[..], [one] if one.contains("closes nothing")), "{told:?}");
        }
    }

    /// nginx: `directive "…" has no opening "{"`, on the line of the `;`.
    #[test]
    fn a_block_without_its_opening_brace_is_told_at_its_header() {
        for (source, line, name, refused) in [
            ("http {\n  server\n    listen 80;\n    index a;\n  }\n}\n", 2, "server", 3),
            ("http {\n  server\n  listen 80;\n  index a;\n  }\n}\n", 2, "server", 3),
            ("http {\n  server {\n    location /\n      root /x;\n      autoindex on;\n    }\n  }\n}\n", 3, "location /", 4),
            ("http {\nserver {\n  listen 80;\n  location ^~ /a\n    root /x;\n  }\n}\n}\n", 4, "location ^~ /a", 5),
            ("events {}\nhttp { server listen 80; return 200; } }\n", 2, "server", 2),
            ("events {}\nhttp { server { listen 80; if ($arg_x = a)\n  return 200;\n }\n }\n}\n", 2, "if ($arg_x = a)", 3),
            ("http {\n  map $uri $a;\n    default 0;\n  }\n}\n", 2, "map $uri $a", 2),
        ] {
            assert_eq!(told(source), [format!("{line}: `{name}` lacks its `{{`")], "{source}");
            let finding = &found(source)[0];
            let says = format!("on line {refused}: directive \"{}\" has no opening \"{{\"", name.split(' ').next().unwrap());
            assert!(finding.related.iter().any(|note| note.message.ends_with(&says)), "{finding:#?}");
            assert_eq!(finding.confidence, Confidence::Proven);
            let end = finding.span().end as usize;
            assert!(fixed(source).starts_with(&format!("{} {{", &source[..end])), "{}", fixed(source));
        }
        let source = "http {\n  server\n    listen 80;\n  }\n}\n";
        assert!(Parse::with_vocabulary(&Text::new(&fixed(source)), is_known).problems.is_empty());
        assert_eq!(told("server\n  listen 80;\n}\n"), ["1: `server` lacks its `{`"]);
        // An upstream's server ends with a `;`, and so does what looks like a block in data.
        assert!(told("upstream a {\n  server b;\n}\n}\n")[0].contains("closes nothing"));
        assert!(told("events {}\nhttp {\n  map $uri $a {\n    server b;\n  }\n}\n}\n")[0].contains("closes nothing"));
    }

    #[test]
    fn a_quote_or_lua_code_without_end_is_one_finding() {
        let told_of = |source: &str| told(source).iter().map(|line| line[..line.len().min(22)].to_owned()).collect::<Vec<_>>();
        assert_eq!(told_of("http {\n  add_header X \"a;\n  server { listen 80; }\n}\n"), ["2: this quote has no p"]);
        assert_eq!(told_of("http {\n  server {\n    content_by_lua_block {\n      x = {{\n  }\n}\n"), ["3: the Lua code that s"]);
        let taken = found("http {\n  server {\n    content_by_lua_block {\n      x = {\n    }\n  }\n}\n");
        assert!(
            taken.len() == 1 && taken[0].related.iter().any(|related| related.message.starts_with("this `}` ends the Lua code")),
            "{taken:#?}"
        );
        let swapped = "http {\n  add_header X \"a;\n  add_header Y \"b\";\n  add_header Z \"c\";\n}\n";
        assert_eq!(told_of(swapped), ["3: behind a closing qu"]);
        assert!(found(swapped)[0].related.iter().any(|related| related.message.contains("the quote on line 2")));
    }

    #[test]
    fn a_quantifier_without_quotes_is_one_finding() {
        let source = "server {\n  location ~ ^/id/[0-9]{2,4}$ {\n    return 200;\n  }\n  location / {\n    return 404;\n  }\n}\n";
        assert_eq!(told(source), ["2: `{2,4}` ends the regex: without quotes nginx takes this `{` for the start of a block"]);
        assert_eq!(fixed(source), source.replace("^/id/[0-9]{2,4}$", "\"^/id/[0-9]{2,4}$\""));
        assert!(Parse::new(&Text::new(&fixed(source))).problems.is_empty());
        assert_eq!(told("location ~ a{4}").len(), 1);
    }

    /// What nginx 1.22 says of each.
    #[test]
    fn what_nginx_says_of_a_brace_in_an_argument() {
        for (text, says) in [
            ("location ~ ^/a{2}$ { return 200; }", Some("unknown directive \"2}$\"")),
            ("location ~* ^/x{2,3}/y{1} { return 200; }", Some("unknown directive \"2,3}/y\"")),
            (
                "location ~ ^/[a{2}]/b{3}$ { return 200; }",
                Some("pcre2_compile() failed: missing terminating ] for character class in \"^/[a\""),
            ),
            ("if ($uri ~ ^/a){2}$) { return 200; }", Some("unknown directive \"2}$)\"")),
            ("location ~ ^/(a{2})$ { return 200; }", Some("pcre2_compile() failed: missing closing parenthesis in \"^/(a\"")),
            ("rewrite ^/(a{2})$ /x last;", Some("directive \"rewrite\" is not terminated by \";\"")),
            ("if ($uri ~ ^/a{2}$) { return 200; }", Some("invalid condition \"^/a\"")),
            ("server_name ~^a{2}$;", Some("directive \"server_name\" is not terminated by \";\"")),
            ("limit_except a{2} { deny all; }", None),
        ] {
            let source = format!("http {{\nserver {{\n{text}\n}}\n}}\n");
            let found = found(&source);
            let [finding] = &found[..] else { panic!("{found:#?}") };
            let said = finding.related.iter().find_map(|note| note.message.strip_prefix("nginx refuses the file: "));
            assert_eq!(said, says, "{text}");
            assert!(Parse::new(&Text::new(&fixed(&source))).problems.is_empty(), "{}", fixed(&source));
        }
        assert!(fixed("server {\nif ($uri ~ ^/a{2}$) { return 200; }\n}\n").contains("($uri ~ \"^/a{2}$\") {"));
        let map = "http {\n  map $uri $x {\n    ~^/a{2}$ 1;\n    default 0;\n  }\n}\n";
        assert_eq!(told(map), ["3: `{2}` ends the regex: without quotes nginx takes this `{` for the start of a block"]);
        assert_eq!(found(map)[0].related[0].message, "nginx refuses the file: unexpected \"{\"");
        assert_eq!(fixed(map), map.replace("~^/a{2}$", "\"~^/a{2}$\""));
    }

    /// nginx: `directive "…" is not terminated by ";"`, with backslashes as without.
    #[test]
    fn an_argument_in_braces_is_to_be_quoted() {
        for (text, fix) in [
            ("return 200 {};", "return 200 '{}';"),
            ("return 200 {\"a\":1};", "return 200 '{\"a\":1}';"),
            ("return 200 {\\\"a\\\":1};", "return 200 '{\"a\":1}';"),
            ("return 200 {\n  \"a\": {\"b\": \"}\"}\n};", "return 200 '{\n  \"a\": {\"b\": \"}\"}\n}';"),
            ("add_header X {a};", "add_header X '{a}';"),
            ("add_header X {a} always;", "add_header X '{a}' always;"),
            ("add_header X a{b};", "add_header X 'a{b}';"),
        ] {
            let source = format!("http {{\n  server {{\n    {text}\n  }}\n}}\n");
            let name = text.split(' ').next().unwrap();
            assert_eq!(told(&source), [format!("3: this `{{` starts a block, which `{name}` has none of")], "{source}");
            assert!(found(&source)[0].related[0].message.ends_with(&format!("directive \"{name}\" is not terminated by \";\"")));
            assert_eq!(fixed(&source), source.replace(text, fix));
            assert!(Parse::new(&Text::new(&fixed(&source))).problems.is_empty());
        }
    }

    #[test]
    fn a_file_that_is_something_else_gets_few_findings() {
        assert_eq!(found(&"listen 80\n".repeat(20_000)).len(), MOST);
        let findings = found(&"filter { a => b }\n".repeat(100));
        assert_eq!(findings.len(), MOST);
        assert!(findings.last().is_some_and(|last| last.related.iter().any(|note| note.message.starts_with("80 more"))));
        assert_eq!(found("log_format main \"{\"a\": \"b\", \"c\": \"d\"}\";\n").len(), 1);
    }

    #[test]
    fn nothing_is_said_of_templates_and_of_good_files() {
        assert!(found("server {\n{% if tls %}\n  listen 443 ssl;\n{% endif %}\n}\n").is_empty());
        assert!(found("server { listen {{ port }}; }\n").is_empty());
        assert!(found("!{explode domain(name)}\nserver {\n").is_empty());
        assert!(found("server {\n  ${tls.enabled} location / {\n    return 200;\n").is_empty());
        assert_eq!(found("server {\n  listen ${PORT};\n").len(), 1);
        assert!(found("server {\n  ${TLS}\n}\n").is_empty());
        assert!(found("log_format main '$a'\n  '$b';\nserver { server_name a\n    listen; }\n").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_reported_on(source in "([a-b;{}#\"'\\\\ \n$é]|listen|location ~ a|\\{2\\}|x_by_lua_block \\{|\u{feff}){0,40}") {
            for finding in found(&source) {
                let span = finding.span();
                assert!(span.end as usize <= source.len() && source.get(span.range()).is_some());
            }
        }
    }
}
