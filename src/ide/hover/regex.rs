//! A regular expression in words, piece by piece, with a text that it matches.

use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassSet, ClassSetItem, Flag, FlagsItemKind, GroupKind, RepetitionKind, RepetitionRange,
};

use super::code;
use super::cursor::Cursor;
use crate::message;
use crate::messages::{Joint, Language, join, list};
use crate::nginx::context::Context;
use crate::routing::pattern::Pattern;

/// Groups inside groups that are told.
const DEPTH: u32 = 40;

/// Lines that are told.
const LINES: usize = 40;

/// Branches and kinds of characters that are named in a line.
const NAMED: usize = 8;

/// What an argument matches, when it is a regex.
pub(super) fn of_argument(cursor: &Cursor<'_>, argument: usize) -> Option<String> {
    let (source, caseless) = regex(cursor, argument)?;
    Some(explained(cursor.language(), source, caseless))
}

/// The regex that an argument is, and whether letters match without case.
fn regex<'a>(cursor: &Cursor<'a>, argument: usize) -> Option<(&'a str, bool)> {
    let directive = cursor.directive;
    let word: &'a str = directive.arg(argument)?;
    let flag = |word: &str| match word {
        "~" | "!~" => Some(false),
        "~*" | "!~*" => Some(true),
        _ => None,
    };
    match &*directive.name.value {
        "location" if argument == 1 => Some((word, flag(directive.arg(0)?)?)),
        "location" if directive.args.len() == 1 => match word.strip_prefix("~*") {
            Some(rest) => Some((rest, true)),
            None => Some((word.strip_prefix('~')?, false)),
        },
        "rewrite" if argument == 0 => Some((word, false)),
        "if" => {
            let operator = directive.arg(argument.checked_sub(1)?)?;
            let last = argument + 1 == directive.args.len();
            let word = if last { word.strip_suffix(')').unwrap_or(word) } else { word };
            Some((word, flag(operator)?))
        }
        "server_name" if cursor.context != Some(Context::Data) => {
            // `ngx_http_core_server_name`: an upper-case letter makes the whole expression caseless.
            let source = word.strip_prefix('~')?;
            Some((source, source.bytes().any(|byte| byte.is_ascii_uppercase())))
        }
        _ => None,
    }
}

/// The key of a `map` that is a regex.
pub(super) fn of_key(cursor: &Cursor<'_>) -> Option<String> {
    let (view, entry) = cursor.site?;
    let block = view.config.entry(entry).parent?;
    if !view.config.directive(block).is("map") {
        return None;
    }
    let key: &str = &cursor.directive.name.value;
    let (source, caseless) = match key.strip_prefix("~*") {
        Some(rest) => (rest, true),
        None => (key.strip_prefix('~')?, false),
    };
    Some(explained(cursor.language(), source, caseless))
}

/// The pieces, and an example; or what keeps it from being taken to pieces.
pub(super) fn explained(language: Language, source: &str, caseless: bool) -> String {
    let pattern = Pattern::get(source, caseless);
    if let Some(problem) = pattern.problem() {
        return message!(language, "hover-regex-refused", regex = code(source), problem = problem);
    }
    let head = match caseless {
        true => message!(language, "hover-regex-of-caseless", regex = code(source)),
        false => message!(language, "hover-regex-of-case", regex = code(source)),
    };
    let mut parts = vec![head];
    match ast::parse::ParserBuilder::new().nest_limit(DEPTH).build().parse(source) {
        Ok(tree) => {
            let mut teller = Teller { language, source, lines: Vec::new(), groups: 0 };
            teller.tell(&tree, 0);
            parts.push(teller.lines.join("\n"));
        }
        Err(error) => parts.push(match error.kind() {
            ast::ErrorKind::UnsupportedLookAround => message!(language, "hover-regex-look-around"),
            ast::ErrorKind::UnsupportedBackreference => message!(language, "hover-regex-back-reference"),
            _ => message!(language, "hover-regex-unusual"),
        }),
    }
    parts.extend(
        pattern.example().filter(|text| !text.is_empty()).map(|text| message!(language, "hover-regex-example", text = code(&text))),
    );
    parts.join("\n\n")
}

struct Teller<'a> {
    language: Language,
    source: &'a str,
    lines: Vec<String>,
    /// Groups that have a number, so far.
    groups: usize,
}

impl Teller<'_> {
    /// `- piece: what it matches`
    fn line(&mut self, depth: usize, span: &ast::Span, says: &str) {
        if self.lines.len() < LINES {
            let piece = self.source.get(span.start.offset..span.end.offset).unwrap_or_default();
            let shown: String = if piece.chars().count() > 60 { piece.chars().take(59).chain(['…']).collect() } else { piece.to_owned() };
            self.lines.push(format!("{}- {}: {says}", "  ".repeat(depth), code(&shown)));
        }
    }

    /// The lines of a piece; as deep as the parser's limit of nesting.
    fn tell(&mut self, piece: &Ast, depth: usize) {
        let language = self.language;
        match piece {
            Ast::Concat(concat) => {
                let mut rest = concat.asts.as_slice();
                while let Some((first, after)) = rest.split_first() {
                    // Letters in a row are one text.
                    let letters = rest.iter().take_while(|piece| matches!(piece, Ast::Literal(_))).count();
                    if letters > 0 {
                        let (text, after) = rest.split_at(letters);
                        let span = text.iter().skip(1).fold(*first.span(), |span, next| ast::Span::new(span.start, next.span().end));
                        let written: String = text.iter().filter_map(letter).collect();
                        self.line(depth, &span, &message!(language, "hover-regex-text", text = code(&visible(&written))));
                        rest = after;
                    } else {
                        self.tell(first, depth);
                        rest = after;
                    }
                }
            }
            Ast::Alternation(alternation) => {
                let says = self.either(alternation);
                self.line(depth, &alternation.span, &says);
                if !alternation.asts.iter().all(|branch| self.text(branch).is_some()) {
                    alternation.asts.iter().for_each(|branch| self.branch(branch, depth + 1));
                }
            }
            Ast::Group(group) => {
                let says = match &group.kind {
                    GroupKind::CaptureIndex(_) => {
                        self.groups += 1;
                        message!(language, "hover-regex-group", name = code(&format!("${}", self.groups)))
                    }
                    GroupKind::CaptureName { name, .. } => {
                        self.groups += 1;
                        message!(language, "hover-regex-group", name = code(&format!("${}", name.name)))
                    }
                    GroupKind::NonCapturing(_) => message!(language, "hover-regex-bare-group"),
                };
                match &*group.ast {
                    Ast::Alternation(inner) if inner.asts.iter().all(|branch| self.text(branch).is_some()) => {
                        let either = self.either(inner);
                        self.line(depth, &group.span, &message!(language, "hover-regex-group-of", group = says, inside = either));
                    }
                    inner => match self.simple(inner) {
                        Some(inside) => {
                            self.line(depth, &group.span, &message!(language, "hover-regex-group-of", group = says, inside = inside));
                        }
                        None => {
                            self.line(depth, &group.span, &says);
                            self.tell(inner, depth + 1);
                        }
                    },
                }
            }
            Ast::Repetition(repetition) => {
                let times = self.times(&repetition.op.kind);
                match self.simple(&repetition.ast) {
                    Some(what) => {
                        let says = message!(language, "hover-regex-repeated", what = what, times = times);
                        self.line(depth, &repetition.span, &says);
                    }
                    None => {
                        self.line(depth, &repetition.span, &message!(language, "hover-regex-repeat", times = times));
                        self.tell(&repetition.ast, depth + 1);
                    }
                }
            }
            Ast::Empty(_) => {}
            other => {
                let says = self.simple(other).unwrap_or_default();
                self.line(depth, other.span(), &says);
            }
        }
    }

    /// A branch as a line of its own.
    fn branch(&mut self, branch: &Ast, depth: usize) {
        match self.text(branch) {
            Some(_) if matches!(branch, Ast::Empty(_)) => {}
            Some(text) => self.line(depth, branch.span(), &message!(self.language, "hover-regex-text", text = code(&visible(&text)))),
            None => {
                self.line(depth, branch.span(), &message!(self.language, "hover-regex-branch"));
                self.tell(branch, depth + 1);
            }
        }
    }

    /// `a`, `b` or `c`
    fn either(&self, alternation: &ast::Alternation) -> String {
        let texts: Vec<String> = alternation.asts.iter().filter_map(|branch| self.text(branch)).collect();
        if texts.len() < alternation.asts.len() {
            return message!(self.language, "hover-regex-either", count = alternation.asts.len());
        }
        let nothing = || message!(self.language, "hover-regex-nothing");
        let texts: Vec<String> = texts.iter().map(|text| if text.is_empty() { nothing() } else { code(&visible(text)) }).collect();
        match texts.len() > NAMED {
            true => list(self.language, &texts, NAMED),
            false => join(self.language, Joint::Or, &texts),
        }
    }

    /// The text of a piece that is nothing but that.
    fn text(&self, piece: &Ast) -> Option<String> {
        match piece {
            Ast::Empty(_) => Some(String::new()),
            Ast::Literal(_) => letter(piece).map(String::from),
            Ast::Concat(concat) => concat.asts.iter().map(letter).collect(),
            _ => None,
        }
    }

    /// What a piece without inner structure matches.
    fn simple(&self, piece: &Ast) -> Option<String> {
        let language = self.language;
        Some(match piece {
            Ast::Literal(_) => message!(language, "hover-regex-text", text = code(&visible(&letter(piece)?.to_string()))),
            Ast::Concat(_) => message!(language, "hover-regex-text", text = code(&visible(&self.text(piece)?))),
            Ast::Dot(_) => message!(language, "hover-regex-dot"),
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::StartLine | AssertionKind::StartText => message!(language, "hover-regex-start"),
                AssertionKind::EndLine | AssertionKind::EndText => message!(language, "hover-regex-end"),
                AssertionKind::WordBoundary => message!(language, "hover-regex-boundary"),
                _ => message!(language, "hover-regex-no-boundary"),
            },
            Ast::ClassPerl(class) => self.perl(class),
            Ast::ClassBracketed(class) => {
                let mut items = Vec::new();
                self.items(&class.kind, &mut items)?;
                let items = if items.len() > NAMED { list(language, &items, NAMED) } else { join(language, Joint::Or, &items) };
                match class.negated {
                    true => message!(language, "hover-regex-none-of", items = items),
                    false => message!(language, "hover-regex-one-of", items = items),
                }
            }
            Ast::Flags(flags) => {
                let caseless = flags.flags.items.iter().any(|item| item.kind == FlagsItemKind::Flag(Flag::CaseInsensitive));
                if caseless { message!(language, "hover-regex-flag-caseless") } else { message!(language, "hover-regex-flag") }
            }
            Ast::Repetition(repetition) if matches!(*repetition.ast, Ast::Dot(_)) => {
                let times = self.times(&repetition.op.kind);
                message!(language, "hover-regex-repeated", what = message!(language, "hover-regex-dot"), times = times)
            }
            Ast::Repetition(repetition) if !matches!(*repetition.ast, Ast::Repetition(_) | Ast::Group(_)) => {
                let times = self.times(&repetition.op.kind);
                message!(language, "hover-regex-repeated", what = self.simple(&repetition.ast)?, times = times)
            }
            _ => return None,
        })
    }

    fn perl(&self, class: &ast::ClassPerl) -> String {
        let language = self.language;
        match (&class.kind, class.negated) {
            (ast::ClassPerlKind::Digit, false) => message!(language, "hover-regex-digit"),
            (ast::ClassPerlKind::Digit, true) => message!(language, "hover-regex-no-digit"),
            (ast::ClassPerlKind::Space, false) => message!(language, "hover-regex-blank"),
            (ast::ClassPerlKind::Space, true) => message!(language, "hover-regex-no-blank"),
            (ast::ClassPerlKind::Word, false) => message!(language, "hover-regex-word"),
            (ast::ClassPerlKind::Word, true) => message!(language, "hover-regex-no-word"),
        }
    }

    /// What stands between brackets; `None` for what PCRE reads otherwise (`&&`, `--`, brackets inside).
    fn items(&self, set: &ClassSet, out: &mut Vec<String>) -> Option<()> {
        let ClassSet::Item(item) = set else { return None };
        let all = match item {
            ClassSetItem::Union(union) => union.items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for item in all {
            out.push(match item {
                ClassSetItem::Literal(literal) => code(&visible(&literal.c.to_string())),
                ClassSetItem::Range(range) => {
                    let (first, last) = (visible(&range.start.c.to_string()), visible(&range.end.c.to_string()));
                    format!("{}–{}", code(&first), code(&last))
                }
                ClassSetItem::Perl(class) => self.perl(class),
                ClassSetItem::Ascii(class) => code(self.source.get(class.span.start.offset..class.span.end.offset).unwrap_or_default()),
                ClassSetItem::Empty(_) => continue,
                _ => return None,
            });
        }
        Some(())
    }

    fn times(&self, kind: &RepetitionKind) -> String {
        let language = self.language;
        match kind {
            RepetitionKind::ZeroOrOne => message!(language, "hover-regex-optional"),
            RepetitionKind::ZeroOrMore => message!(language, "hover-regex-any-times"),
            RepetitionKind::OneOrMore => message!(language, "hover-regex-once-or-more"),
            RepetitionKind::Range(RepetitionRange::Exactly(count)) => message!(language, "hover-regex-exactly", count = *count),
            RepetitionKind::Range(RepetitionRange::AtLeast(count)) => message!(language, "hover-regex-at-least", count = *count),
            RepetitionKind::Range(RepetitionRange::Bounded(low, high)) => {
                message!(language, "hover-regex-between", low = *low, high = *high)
            }
        }
    }
}

fn letter(piece: &Ast) -> Option<char> {
    match piece {
        Ast::Literal(literal) => Some(literal.c),
        _ => None,
    }
}

/// Blanks and control characters so that they are seen.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_server, said};
    use super::*;

    #[test]
    fn piece_by_piece() {
        assert_eq!(
            explained(Language::English, r"^/api/v(?<version>\d+)/(users|orders)(/.*)?[^/.]\.php$", false),
            "`^/api/v(?<version>\\d+)/(users|orders)(/.*)?[^/.]\\.php$` matches, in this order:\n\n\
             - `^`: the beginning\n\
             - `/api/v`: the text `/api/v`\n\
             - `(?<version>\\d+)`: kept as `$version`: a digit, once or more\n\
             - `/`: the text `/`\n\
             - `(users|orders)`: kept as `$2`: `users` or `orders`\n\
             - `(/.*)?`: not or once:\n\
             \u{20} - `(/.*)`: kept as `$3`\n\
             \u{20}   - `/`: the text `/`\n\
             \u{20}   - `.*`: any character, any number of times\n\
             - `[^/.]`: a character other than `/` or `.`\n\
             - `\\.php`: the text `.php`\n\
             - `$`: the end\n\n\
             For example it matches `/api/v0/usersx.php`."
        );
    }

    #[test]
    fn what_is_no_plain_regex() {
        let said = |source| explained(Language::English, source, true);
        assert!(said("^/(?!a)b").contains("looks ahead or behind"), "{}", said("^/(?!a)b"));
        assert!(said(r"^/(a)\1").contains("back-reference"), "{}", said(r"^/(a)\1"));
        assert!(said("(").contains("refuses"), "{}", said("("));
        assert!(said("a").starts_with("`a` matches, in upper or lower case and in this order:"));
        let deep = format!("{}a{}", "(".repeat(200), ")".repeat(200));
        assert!(!said(&deep).is_empty());
    }

    #[test]
    fn where_regexes_stand() {
        assert!(in_server("rewrite ^/$0old /new;").contains("- `/old`: the text `/old`"));
        assert!(in_server("if ($uri ~* \"^/$0x\") { return 403; }").contains("in upper or lower case"));
        assert!(in_server("location ~ \\.p$0hp$ { return 204; }").contains("- `\\.php`: the text `.php`"));
        let key = said("http { map $uri $x { ~^/$0a 1; } }").unwrap_or_default();
        assert!(key.contains("- `/a`: the text `/a`"), "{key}");
    }
}
