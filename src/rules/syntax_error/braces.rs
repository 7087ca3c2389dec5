//! Braces that nginx takes for others than they are meant as: one that is left out before a block, one without quotes in an argument.

use std::sync::Arc;

use super::{Report, excerpt};
use crate::message;
use crate::nginx::context::Context;
use crate::nginx::directives;
use crate::nginx::refusals::{self, Refusal};
use crate::routing::pattern::Pattern;
use crate::rules::finding::FixAction;
use crate::rules::{Confidence, Finding, Fix};
use crate::syntax::{Body, Directive, Problem, ProblemKind, Quote, Word};
use crate::text::Span;

/// How far the end of an argument in braces is looked for, in bytes.
const MAX_ARGUMENT: usize = 4_096;

/// Where directives stand; `None` where that is not known.
type Where = Option<Context>;

/// The context of a file's top level: `main`, if something stands there that stands nowhere else.
pub(super) fn top(directives: &[Arc<Directive>]) -> Where {
    let main = directives.iter().any(|directive| ["http", "events", "stream", "mail"].contains(&&*directive.name.value));
    main.then_some(Context::Main)
}

fn inside(context: Where, name: &str) -> Where {
    match context {
        Some(context) => context.inside(name),
        None => [Context::Http, Context::Server, Context::Location].into_iter().find_map(|context| context.inside(name)),
    }
}

/// Does what has this name there take a block? `None` where nothing has it, or some do.
fn takes_block(name: &str, context: Where) -> Option<bool> {
    let mut of_name = directives::named(name).iter().filter(|known| context.is_none_or(|context| known.contexts.contains(context)));
    let first = of_name.next()?.is_block();
    of_name.all(|other| other.is_block() == first).then_some(first)
}

/// A directive without its `{`, and the `}` that closes nothing for that.
pub(super) struct Unopened<'a> {
    directive: &'a Directive,
    /// The directive behind, if nginx takes it for more arguments of this one.
    taken: Option<&'a Directive>,
    stray: Span,
    /// The only one of its file, in a known context.
    certain: bool,
}

impl Unopened<'_> {
    /// Does the problem follow from this one?
    pub(super) fn explains(&self, problem: &Problem) -> bool {
        let end = self.directive.header().end;
        match problem.kind {
            ProblemKind::StrayClose => problem.span == self.stray,
            ProblemKind::MissingSemicolon => problem.span.end == end,
            _ => false,
        }
    }

    /// The last word that is meant to stand before the `{`: on the line of the name, and not more than such a block has.
    fn last(&self, source: &str) -> &Word {
        let directive = self.directive;
        let on_line = |word: &&Word| !source[directive.name.span.start as usize..word.span.start as usize].contains('\n');
        let on_line = directive.args.iter().take_while(on_line).count();
        let first = directive.arg(0).unwrap_or_default();
        let count = match &*directive.name.value {
            "location" if matches!(first, "=" | "~" | "~*" | "^~") => 2,
            "location" | "upstream" => 1,
            "if" => directive.args.iter().position(|word| word.value.ends_with(')')).map_or(on_line, |at| at + 1),
            name => directives::named(name)
                .iter()
                .filter(|known| known.is_block())
                .filter_map(|known| known.arguments.most())
                .max()
                .unwrap_or(on_line),
        };
        let last = on_line.min(count).checked_sub(1);
        last.and_then(|last| directive.args.get(last)).unwrap_or(&directive.name)
    }
}

/// Finds them: for each `}` that closes nothing the last directive before that ends in a `;`, and can only have a block.
pub(super) fn unopened<'a>(directives: &'a [Arc<Directive>], strays: &[Span]) -> Vec<Unopened<'a>> {
    let mut simple = Vec::new();
    if !strays.is_empty() {
        collect(directives, top(directives), &mut simple);
    }
    let mut out: Vec<Unopened> = Vec::new();
    for stray in strays {
        let is_new = |directive: &Directive| out.iter().all(|one| one.directive.span != directive.span);
        let behind = simple.partition_point(|(directive, ..)| directive.span.start < stray.start);
        if let Some((directive, taken, known)) = simple[..behind].iter().rev().find(|(directive, ..)| is_new(directive)) {
            out.push(Unopened { directive, taken: *taken, stray: *stray, certain: *known && strays.len() == 1 });
        }
    }
    out
}

type Simple<'a> = (&'a Directive, Option<&'a Directive>, bool);

fn collect<'a>(directives: &'a [Arc<Directive>], context: Where, out: &mut Vec<Simple<'a>>) {
    if context == Some(Context::Data) {
        return;
    }
    for (at, directive) in directives.iter().enumerate() {
        let name = &*directive.name.value;
        if !matches!(directive.body, Body::Simple) {
            collect(directive.children(), inside(context, name), out);
            continue;
        }
        let is_block = match takes_block(name, context) {
            Some(takes) => takes,
            // In an `upstream` a `server` has arguments.
            None => name == "server" && context.is_none() && directive.arg(0).is_none_or(directives::is_known),
        };
        if is_block {
            let next = directives.get(at + 1).filter(|next| matches!(next.body, Body::Simple));
            out.push((directive, next.map(|next| &**next), context.is_some()));
        }
    }
}

impl Report<'_> {
    pub(super) fn unopened(&self, one: &Unopened) -> Finding {
        let language = self.language;
        let (directive, last) = (one.directive, one.last(self.source));
        let header = directive.name.span.join(last.span);
        let name = excerpt(&self.source[header.range()]);
        let finding = self
            .error(header, message!(language, "syntax-error-unopened", name = name))
            .related(self.place(one.stray), self.say("syntax-error-unopened-close"));
        // nginx notices at the `;`, whose else it may be.
        let ends = |directive: &&Directive| self.source[directive.span.range()].ends_with(';');
        let mut finding = match Some(directive).filter(ends).or(one.taken.filter(ends)) {
            Some(end) => {
                let text = Refusal::NoOpening.says(&directive.name.value);
                finding.note(message!(language, "syntax-error-refuses-saying", line = self.line(end.span.end - 1), text = text))
            }
            None => finding,
        };
        if !one.certain {
            finding.confidence = Confidence::Likely;
        }
        // A `;` right behind stands in its place.
        let blanks = [' ', '\t', '\r'];
        let rest = self.source[last.span.end as usize..].trim_start_matches(blanks);
        let (place, rest) = match rest.strip_prefix(';') {
            Some(behind) => (Span::new(last.span.end, (self.source.len() - behind.len()) as u32), behind),
            None => (Span::at(last.span.end), rest),
        };
        let ends_line = rest.trim_start_matches(blanks).starts_with(['\n', '#']);
        finding.fix(self.edit("syntax-error-add-open", one.certain && ends_line, place, " {"))
    }

    /// Braces without quotes in arguments, which nginx takes for those of blocks: `{8}` of a regex, `{"a": 1}`.
    pub(super) fn braces_in_arguments(&self, directives: &[Arc<Directive>], context: Where, out: &mut Vec<Finding>) {
        for directive in directives {
            if let Body::Block(block) = &directive.body {
                let brace = block.span.start;
                out.extend(self.quantifier(directive, brace, context).or_else(|| self.argument(directive, brace, context)));
            }
            let inside = inside(context, &directive.name.value);
            self.braces_in_arguments(directive.children(), inside, out);
        }
    }

    /// `{8}` in a regex without quotes.
    fn quantifier(&self, directive: &Directive, brace: u32, context: Where) -> Option<Finding> {
        // Elsewhere than in data a name ends so that is what is left of a regex: it has been told.
        let name = (context == Some(Context::Data)).then_some(&directive.name);
        let last = directive.args.last().or(name)?;
        let word = Some(last).filter(|word| word.span.end == brace && word.quote == Quote::None)?;
        let rest = self.source.get(brace as usize + 1..)?;
        let inside = &rest[..rest.find(|c: char| !c.is_ascii_digit() && c != ',')?];
        if !inside.starts_with(|c: char| c.is_ascii_digit()) || !rest[inside.len()..].starts_with('}') {
            return None;
        }
        let end = brace + 1 + rest.find([' ', '\t', '\r', '\n', ';']).unwrap_or(rest.len()) as u32;
        let behind = &self.source[brace as usize + 1..end as usize];
        let finding = self
            .error(Span::new(brace, brace + inside.len() as u32 + 2), message!(self.language, "syntax-error-quantifier", inside = inside));
        let finding = match self.refusal(directive, context, behind) {
            Some(text) => finding.note(message!(self.language, "syntax-error-refuses", text = text)),
            None => finding,
        };
        // The condition's `)` is none of the regex.
        let of_condition = directive.is("if") && behind.ends_with(')');
        let whole = Span::new(word.span.start, end - u32::from(of_condition));
        let regex = &self.source[whole.range()];
        Some(match regex.contains('"') {
            true => finding,
            false => finding.fix(self.edit("syntax-error-quote-regex", true, whole, &format!("\"{regex}\""))),
        })
    }

    /// What nginx says of a directive that a `{` ends too early, before what stands behind; `None` where that is not certain.
    fn refusal(&self, directive: &Directive, context: Where, behind: &str) -> Option<String> {
        if context == Some(Context::Data) {
            return Some(refusals::UNEXPECTED_OPEN.to_owned());
        }
        let name = &*directive.name.value;
        let refused = |regex: &str, caseless: bool| {
            let problem = Pattern::get(regex, caseless).problem()?.to_owned();
            let why = problem.rsplit_once(": ").map_or(&*problem, |(_, why)| why);
            Some(refusals::invalid_regex(why, regex))
        };
        // The next word ends at a `{`, too.
        let next = || Refusal::Unknown.says(behind.split('{').next().unwrap_or_default());
        match (takes_block(name, context)?, name) {
            (false, _) => Some(Refusal::NotTerminated.says(name)),
            (true, "location") => {
                let (operator, regex) = match directive.args.as_slice() {
                    [operator, regex] => (&*operator.value, &*regex.value),
                    _ => return None,
                };
                match operator {
                    "~" | "~*" => Some(refused(regex, operator == "~*").unwrap_or_else(next)),
                    _ => None,
                }
            }
            (true, "if") => {
                let last = directive.args.last()?;
                match (last.value.strip_suffix(')'), directive.arg(1)) {
                    (None, _) => Some(refusals::invalid_condition(&last.value)),
                    (Some(regex), Some("~" | "!~")) => Some(refused(regex, false).unwrap_or_else(next)),
                    (Some(regex), Some("~*" | "!~*")) => Some(refused(regex, true).unwrap_or_else(next)),
                    (Some(_), _) => None,
                }
            }
            (true, _) => None,
        }
    }

    /// `return 200 {"a": 1};`: a directive without a block gets one.
    fn argument(&self, directive: &Directive, brace: u32, context: Where) -> Option<Finding> {
        let name = &*directive.name.value;
        if context == Some(Context::Data) || takes_block(name, context) != Some(false) {
            return None;
        }
        let glued = directive.args.last().filter(|word| word.span.end == brace && word.quote == Quote::None);
        let start = glued.map_or(brace, |word| word.span.start);
        if self.source[directive.name.span.start as usize..brace as usize].contains('\n') {
            return None;
        }
        let end = brace + argument_in_braces(&self.source[brace as usize..])?;
        let language = self.language;
        let finding = self
            .error(Span::new(brace, brace + 1), message!(language, "syntax-error-brace-argument", name = name))
            .note(message!(language, "syntax-error-refuses", text = Refusal::NotTerminated.says(name)))
            .note(self.say("syntax-error-quote-braces"));
        let text = self.source[start as usize..end as usize].replace("\\\"", "\"");
        if text.contains(['\'', '\\']) {
            return Some(finding);
        }
        let edit = FixAction::Edit(vec![(self.place(Span::new(start, end)), format!("'{text}'"))]);
        Some(finding.fix(Fix { title: self.say("syntax-error-quote-argument"), safe: true, action: edit }))
    }
}

/// The length of a text in braces that is meant as an argument: its braces balance, and a `;` ends the directive behind it on the same line.
fn argument_in_braces(text: &str) -> Option<u32> {
    let bytes = text.as_bytes().get(..MAX_ARGUMENT).unwrap_or(text.as_bytes());
    let (mut depth, mut at, mut quoted) = (0_usize, 0, false);
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => depth -= 1,
            b';' if !quoted && depth == 1 && bytes.get(at + 1).is_some_and(|next| matches!(next, b'\n' | b'\r')) => return None,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    let rest = text.get(at..)?;
    let word = rest.find([' ', '\t', '\r', '\n', ';'])?;
    let line = rest[word..].split(['\n', '#']).next()?;
    let behind = &line[..line.find(';')?];
    (!behind.contains(['{', '}']) && !rest[..word].contains(['{', '}', '\'', '"'])).then_some((at + word) as u32)
}
