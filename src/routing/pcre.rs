//! The regular part of PCRE2's syntax, as nginx uses it: bytes, no option but caseless.
//!
//! Own parser instead of `regex-syntax`'s, because the two languages look alike and differ in dozens of places. What is not
//! surely the same is given up: look-around, back-references, recursion, atomic groups, possessive quantifiers, word
//! boundaries, `\K`, `\Q…\E`, `\R`, `(?m)`, `(?x)`, callouts, verbs, non-ASCII letters.

mod ends;

use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, Repetition};

/// A pattern as a regular expression over bytes.
#[derive(Debug)]
pub(super) struct Regular {
    /// The expression; an unanchored search for it finds something exactly in the subjects that PCRE matches.
    pub(super) hir: Hir,
    /// Every subject that matches begins with one of these, whatever the case of its letters (they are in lower case); none when
    /// nothing is known of the beginning.
    prefixes: Vec<Vec<u8>>,
    /// Every subject that matches ends with one of these, in the same way; a line feed may follow.
    suffixes: Vec<Vec<u8>>,
}

impl Regular {
    /// False only for a subject that the pattern can't match.
    pub(super) fn may_match(&self, subject: &[u8]) -> bool {
        let begins = |prefix: &Vec<u8>| subject.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let begins = self.prefixes.is_empty() || self.prefixes.iter().any(begins);
        let ends_with = |subject: &[u8], suffix: &[u8]| {
            let start = subject.len().checked_sub(suffix.len());
            start.and_then(|start| subject.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
        };
        let ends = |subject: &[u8]| self.suffixes.is_empty() || self.suffixes.iter().any(|suffix| ends_with(subject, suffix));
        begins && (ends(subject) || subject.strip_suffix(b"\n").is_some_and(ends))
    }

    /// What the subjects that match begin with, in lower case; empty when nothing is known of that.
    pub(super) fn prefixes(&self) -> &[Vec<u8>] {
        &self.prefixes
    }

    /// What the subjects that match end with, in lower case; a line feed may follow. Empty when nothing is known of that.
    pub(super) fn suffixes(&self) -> &[Vec<u8>] {
        &self.suffixes
    }

    /// A short string that the pattern probably matches (assertions are not looked at).
    pub(super) fn sample(&self) -> Vec<u8> {
        let mut out = Vec::new();
        sample(&self.hir, &mut out);
        out
    }
}

/// Translates a pattern; `None` when it is not regular, or not surely understood.
pub(super) fn parse(source: &str, caseless: bool) -> Option<Regular> {
    if !source.is_ascii() || source.len() > 4096 {
        return None;
    }
    let mut parser = Parser { source: source.as_bytes(), at: 0, flags: Flags { caseless, dot_all: false }, depth: 0 };
    let hir = parser.alternation()?;
    if parser.at != parser.source.len() {
        return None;
    }
    let hir = dollars(&hir, Tail::End)?;
    let (prefixes, suffixes) = (ends::prefixes(&hir), ends::suffixes(&hir));
    Some(Regular { hir, prefixes, suffixes })
}

/// The text of a part that matches nothing else, but for the case of its letters.
pub(super) fn text(part: &Hir) -> Option<Vec<u8>> {
    match part.kind() {
        HirKind::Literal(literal) => Some(literal.0.to_vec()),
        HirKind::Class(Class::Bytes(class)) => match class.ranges() {
            [upper, lower] if upper.len() == 1 && lower.len() == 1 && upper.start().eq_ignore_ascii_case(&lower.start()) => {
                Some(vec![lower.start()])
            }
            _ => None,
        },
        _ => None,
    }
}

/// `\n?`
fn line_feed() -> Hir {
    Hir::repetition(Repetition { min: 0, max: Some(1), greedy: true, sub: Box::new(Hir::literal(*b"\n")) })
}

/// Stands for PCRE's `$` until [`dollars`] has looked at what follows it; `(?m)`, whose meaning it has elsewhere, is given up.
const DOLLAR: Look = Look::EndLF;

/// Groups inside groups.
const DEPTH: usize = 100;
/// Of `{n,m}`: larger ones make automata that no budget allows.
const REPEAT: u32 = 256;

#[derive(Clone, Copy)]
struct Flags {
    caseless: bool,
    dot_all: bool,
}

struct Parser<'a> {
    source: &'a [u8],
    at: usize,
    flags: Flags,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn eat(&mut self, text: &[u8]) -> bool {
        let found = self.source.get(self.at..).is_some_and(|rest| rest.starts_with(text));
        if found {
            self.at += text.len();
        }
        found
    }

    /// Up to `)` or the end; flags set inside hold to its end.
    fn alternation(&mut self) -> Option<Hir> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let flags = self.flags;
        let mut branches = Vec::new();
        loop {
            branches.push(self.sequence()?);
            if !self.eat(b"|") {
                break;
            }
        }
        self.flags = flags;
        self.depth -= 1;
        Some(Hir::alternation(branches))
    }

    fn sequence(&mut self) -> Option<Hir> {
        let mut parts = Vec::new();
        while let Some(byte) = self.peek() {
            if matches!(byte, b'|' | b')') {
                break;
            }
            let Some((atom, repeatable)) = self.atom()? else { continue };
            parts.push(self.quantified(atom, repeatable)?);
        }
        Some(Hir::concat(parts))
    }

    /// One atom and whether a quantifier may follow; `Some(None)` for a setting like `(?i)`.
    fn atom(&mut self) -> Option<Option<(Hir, bool)>> {
        Some(Some(match self.next()? {
            b'^' => (Hir::look(Look::Start), false),
            b'$' => (Hir::look(DOLLAR), false),
            b'.' if self.flags.dot_all => (bytes(&[(0, 255)]), true),
            b'.' => (bytes(&[(0, b'\n' - 1), (b'\n' + 1, 255)]), true),
            b'[' => (self.class()?, true),
            b'(' => return self.group(),
            b'\\' => self.escape()?,
            b'*' | b'+' | b'?' => return None,
            byte => (self.literal(byte), true),
        }))
    }

    fn literal(&self, byte: u8) -> Hir {
        if self.flags.caseless && byte.is_ascii_alphabetic() {
            let (lower, upper) = (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
            return bytes(&[(lower, lower), (upper, upper)]);
        }
        Hir::literal([byte])
    }

    fn quantified(&mut self, atom: Hir, repeatable: bool) -> Option<Hir> {
        let (min, max) = match self.peek() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => match self.bounds()? {
                Some(bounds) => bounds,
                None => return Some(atom),
            },
            _ => return Some(atom),
        };
        self.at += 1;
        if !repeatable {
            return None;
        }
        // Lazy or greedy is the same set of subjects; possessive is not, and two quantifiers in a row are given up.
        if !self.eat(b"?") && self.peek() == Some(b'+') {
            return None;
        }
        if matches!(self.peek(), Some(b'*' | b'+' | b'?')) || self.peek() == Some(b'{') && self.looks_like_bounds() {
            return None;
        }
        Some(Hir::repetition(Repetition { min, max, greedy: true, sub: Box::new(atom) }))
    }

    fn looks_like_bounds(&self) -> bool {
        let rest = self.source.get(self.at + 1..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'}');
        end.is_some_and(|end| end > 0 && rest.iter().take(end).all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' ')))
    }

    /// At `{`: `{n}`, `{n,}`, `{n,m}`, left at its `}`. `Some(None)` where the brace is plain text; `None` where versions of PCRE2
    /// differ (`{,m}`, blanks) or the numbers are too large.
    fn bounds(&mut self) -> Option<Option<(u32, Option<u32>)>> {
        if !self.looks_like_bounds() {
            return Some(None);
        }
        let rest = self.source.get(self.at + 1..)?;
        let end = rest.iter().position(|byte| *byte == b'}')?;
        let text = std::str::from_utf8(rest.get(..end)?).ok()?;
        let (min, max) = match text.split_once(',') {
            None => (text.parse().ok()?, Some(text.parse().ok()?)),
            Some((min, "")) => (min.parse().ok()?, None),
            Some((min, max)) => (min.parse().ok()?, Some(max.parse().ok()?)),
        };
        if min > REPEAT || max.is_some_and(|max| max > REPEAT || max < min) {
            return None;
        }
        self.at += 1 + end;
        Some(Some((min, max)))
    }

    /// Behind `(`.
    fn group(&mut self) -> Option<Option<(Hir, bool)>> {
        let outer = self.flags;
        if self.peek() == Some(b'*') {
            return None;
        }
        if self.eat(b"?") {
            if self.eat(b"P<")
                || self.peek() == Some(b'<') && self.source.get(self.at + 1).is_some_and(|byte| is_name(*byte)) && self.eat(b"<")
            {
                self.name(b'>')?;
            } else if self.eat(b"'") {
                self.name(b'\'')?;
            } else {
                let mut on = true;
                loop {
                    match self.next()? {
                        b'i' => self.flags.caseless = on,
                        b's' => self.flags.dot_all = on,
                        b'-' if on => on = false,
                        b':' => break,
                        b')' => return Some(None),
                        _ => return None,
                    }
                }
            }
        }
        let inner = self.alternation()?;
        self.flags = outer;
        self.eat(b")").then_some(Some((inner, true)))
    }

    fn name(&mut self, end: u8) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(is_name) {
            self.at += 1;
        }
        let name = self.source.get(start..self.at)?;
        (name.first().is_some_and(|byte| !byte.is_ascii_digit()) && name.len() <= 32 && self.next() == Some(end)).then_some(())
    }

    /// Behind a backslash, outside a class.
    fn escape(&mut self) -> Option<(Hir, bool)> {
        let byte = self.next()?;
        Some(match byte {
            b'A' => (Hir::look(Look::Start), false),
            b'z' => (Hir::look(Look::End), false),
            b'Z' => (Hir::look(DOLLAR), false),
            _ => match shorthand(byte) {
                Some(class) => (Hir::class(Class::Bytes(class)), true),
                None => (self.literal_escape(byte)?, true),
            },
        })
    }

    fn literal_escape(&mut self, byte: u8) -> Option<Hir> {
        let byte = self.escaped_byte(byte)?;
        Some(self.literal(byte))
    }

    /// The byte that an escape stands for, in a class or outside.
    fn escaped_byte(&mut self, byte: u8) -> Option<u8> {
        Some(match byte {
            b't' => b'\t',
            b'n' => b'\n',
            b'r' => b'\r',
            b'f' => 0x0c,
            b'e' => 0x1b,
            b'a' => 0x07,
            b'x' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| (byte as char).to_digit(16));
                let high = digit(self.next())?;
                let low = digit(self.next())?;
                u8::try_from(high * 16 + low).ok()?
            }
            byte if byte.is_ascii_alphanumeric() => return None,
            byte => byte,
        })
    }

    /// Behind `[`.
    fn class(&mut self) -> Option<Hir> {
        let negated = self.eat(b"^");
        let mut class = ClassBytes::empty();
        let mut first = true;
        loop {
            let byte = self.next()?;
            if byte == b']' && !first {
                break;
            }
            first = false;
            let start = match byte {
                b'[' if matches!(self.peek(), Some(b':' | b'.' | b'=')) => {
                    class.union(&self.posix()?);
                    self.after_class()?;
                    continue;
                }
                b'\\' => {
                    let escaped = self.next()?;
                    if let Some(short) = shorthand(escaped) {
                        class.union(&short);
                        self.after_class()?;
                        continue;
                    }
                    if escaped == b'b' { 0x08 } else { self.escaped_byte(escaped)? }
                }
                byte => byte,
            };
            let mut end = start;
            if self.peek() == Some(b'-') && self.source.get(self.at + 1).is_some_and(|byte| *byte != b']') {
                self.at += 1;
                end = match self.next()? {
                    b'[' if matches!(self.peek(), Some(b':' | b'.' | b'=')) => return None,
                    b'\\' => {
                        let escaped = self.next()?;
                        if shorthand(escaped).is_some() {
                            return None;
                        }
                        if escaped == b'b' { 0x08 } else { self.escaped_byte(escaped)? }
                    }
                    byte => byte,
                };
            }
            if end < start {
                return None;
            }
            class.push(ClassBytesRange::new(start, end));
        }
        if self.flags.caseless {
            class.case_fold_simple();
        }
        if negated {
            class.negate();
        }
        Some(Hir::class(Class::Bytes(class)))
    }

    /// A `-` behind a shorthand in a class is text only at the class's end; elsewhere it is given up.
    fn after_class(&self) -> Option<()> {
        (self.peek() != Some(b'-') || self.source.get(self.at + 1) == Some(&b']')).then_some(())
    }

    /// Behind the `[` of `[:name:]`.
    fn posix(&mut self) -> Option<ClassBytes> {
        let rest = self.source.get(self.at..)?;
        let end = rest.windows(2).position(|pair| pair == b":]").filter(|_| rest.first() == Some(&b':'))?;
        let name = rest.get(1..end)?;
        let (name, negated) = name.strip_prefix(b"^").map_or((name, false), |name| (name, true));
        let test: fn(&u8) -> bool = match name {
            b"alpha" => u8::is_ascii_alphabetic,
            b"digit" => u8::is_ascii_digit,
            b"alnum" => u8::is_ascii_alphanumeric,
            b"lower" if !self.flags.caseless => u8::is_ascii_lowercase,
            b"upper" if !self.flags.caseless => u8::is_ascii_uppercase,
            b"lower" | b"upper" => u8::is_ascii_alphabetic,
            b"xdigit" => u8::is_ascii_hexdigit,
            b"punct" => u8::is_ascii_punctuation,
            b"word" => |byte| is_name(*byte),
            b"space" => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
            b"blank" => |byte| matches!(byte, b' ' | b'\t'),
            b"cntrl" => u8::is_ascii_control,
            b"graph" => u8::is_ascii_graphic,
            b"print" => |byte| matches!(byte, b' '..=b'~'),
            _ => return None,
        };
        self.at += end + 2;
        let mut class = where_(test);
        if negated {
            class.negate();
        }
        Some(class)
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn where_(test: fn(&u8) -> bool) -> ClassBytes {
    ClassBytes::new((0..=255u8).filter(test).map(|byte| ClassBytesRange::new(byte, byte)))
}

fn bytes(ranges: &[(u8, u8)]) -> Hir {
    Hir::class(Class::Bytes(ClassBytes::new(ranges.iter().map(|(start, end)| ClassBytesRange::new(*start, *end)))))
}

/// `\d \D \w \W \s \S \h \H \v \V` in PCRE2's C locale.
fn shorthand(byte: u8) -> Option<ClassBytes> {
    let mut class = match byte.to_ascii_lowercase() {
        b'd' => where_(u8::is_ascii_digit),
        b'w' => where_(|byte| is_name(*byte)),
        b's' => where_(|byte| matches!(byte, b' ' | b'\t'..=b'\r')),
        b'h' => where_(|byte| matches!(byte, b' ' | b'\t' | 0xa0)),
        b'v' => where_(|byte| matches!(byte, b'\n'..=b'\r' | 0x85)),
        _ => return None,
    };
    if byte.is_ascii_uppercase() {
        class.negate();
    }
    Some(class)
}

/// What follows a part of the pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// Nothing, or only what can match nothing at the subject's end.
    End,
    /// Something that takes a byte, or an assertion.
    More,
}

/// Replaces PCRE's `$`: it holds at the end and before a final line feed. Where nothing has to follow it, the subjects are those of
/// `\n?\z`; elsewhere that consumes what the rest wants to see, so it is given up.
fn dollars(hir: &Hir, tail: Tail) -> Option<Hir> {
    if !hir.properties().look_set().contains(DOLLAR) {
        return Some(hir.clone());
    }
    match hir.kind() {
        HirKind::Look(_) if tail == Tail::End => Some(Hir::concat(vec![line_feed(), Hir::look(Look::End)])),
        HirKind::Concat(parts) => {
            let mut out = Vec::with_capacity(parts.len());
            let mut tail = tail;
            for part in parts.iter().rev() {
                out.push(dollars(part, tail)?);
                let properties = part.properties();
                let looks = properties.look_set().remove(DOLLAR);
                if properties.minimum_len() != Some(0) || !looks.is_empty() {
                    tail = Tail::More;
                }
            }
            out.reverse();
            Some(Hir::concat(out))
        }
        HirKind::Alternation(branches) => {
            Some(Hir::alternation(branches.iter().map(|branch| dollars(branch, tail)).collect::<Option<_>>()?))
        }
        HirKind::Repetition(repetition) if repetition.max == Some(1) => {
            Some(Hir::repetition(repetition.with(dollars(&repetition.sub, tail)?)))
        }
        _ => None,
    }
}

fn sample(hir: &Hir, out: &mut Vec<u8>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.extend_from_slice(&literal.0),
        HirKind::Class(Class::Bytes(class)) => {
            let has = |byte: u8| class.iter().any(|range| (range.start()..=range.end()).contains(&byte));
            let nice = [b'x', b'A', b'0', b'/', b'-', b'_'].into_iter().find(|byte| has(*byte));
            out.extend(nice.or_else(|| class.iter().next().map(|range| range.start())));
        }
        HirKind::Class(Class::Unicode(_)) => {}
        HirKind::Repetition(repetition) => (0..repetition.min).for_each(|_| sample(&repetition.sub, out)),
        HirKind::Capture(capture) => sample(&capture.sub, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| sample(part, out)),
        HirKind::Alternation(branches) => {
            if let Some(branch) = branches.first() {
                sample(branch, out);
            }
        }
    }
}
