//! A `log_format` as something that reads lines: compiled once, then no allocation a line.

use std::borrow::Cow;
use std::sync::Arc;

use super::escape::Escape;
use super::fields::{self, Class, FIELDS, Field, Record};
use super::json::{self, Value};
use crate::config::EntryId;

/// What `combined` is (`ngx_http_combined_fmt`).
pub const COMBINED: &str =
    r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;

/// A format that can be read back.
#[derive(Debug, Clone)]
pub struct Format {
    /// Its name.
    pub name: Arc<str>,
    /// The directive; `None` for `combined`.
    pub entry: Option<EntryId>,
    /// Its text, all arguments joined.
    pub text: Arc<str>,
    /// How values are written.
    pub escape: Escape,
    /// Which [`Field`]s it has, a bit each.
    fields: u32,
    line: Line,
    /// For a format that is an object of JSON: the same with members in any order, and others between.
    object: Option<Vec<Member>>,
}

/// A piece of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(Vec<u8>),
    Variable(String),
}

/// Variables with texts around them.
#[derive(Debug, Clone, Default)]
struct Line {
    head: Box<[u8]>,
    steps: Box<[Step]>,
    /// Some value may hold the text behind it.
    ambiguous: bool,
    /// In JSON a quote in a value has a backslash before it.
    json: bool,
}

/// One variable, and the text behind it.
#[derive(Debug, Clone)]
struct Step {
    field: Option<Field>,
    class: Class,
    end: End,
    /// Nothing else can stand before what ends it.
    delimited: bool,
    literal: Box<[u8]>,
    /// How its end is found without a search, where that is possible.
    quick: Quick,
}

/// Short values of which every byte is looked at anyhow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quick {
    /// It has so many bytes.
    Length(usize),
    /// It goes on as long as there are bytes of the class.
    Bytes(Class),
    /// It has to be searched for.
    No,
}

impl Quick {
    fn of(class: Class, end: End, literal: &[u8]) -> Quick {
        match (end, class.length(), literal.first()) {
            (End::Literal, Some(length), Some(_)) => Quick::Length(length),
            (End::Literal, None, Some(first)) if class.has_bytes() && !class.holds(*first) => Quick::Bytes(class),
            _ => Quick::No,
        }
    }
}

/// Where a value ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// At the literal.
    Literal,
    /// After so many bytes.
    Length(usize),
    /// Before the next value, which begins with this byte.
    Before(u8),
    /// After a `?`, if there is one.
    Mark,
    /// At the end.
    Line,
}

/// A value in an object.
#[derive(Debug, Clone)]
struct Member {
    /// The keys that lead to it.
    path: Vec<Vec<u8>>,
    line: Line,
}

/// Tries at one line that are not forgotten about before it is given up.
const TRIES: usize = 64;

impl Format {
    /// `combined`.
    pub fn combined() -> Format {
        match Format::compile("combined".into(), None, COMBINED, Escape::Default) {
            Ok(format) => format,
            // A test reads it.
            Err(_) => Format {
                name: "combined".into(),
                entry: None,
                text: COMBINED.into(),
                escape: Escape::Default,
                fields: 0,
                line: Line::default(),
                object: None,
            },
        }
    }

    /// Compiles the text of a `log_format`; `Err` says, for a person, why lines in it can't be read back.
    pub fn compile(name: Arc<str>, entry: Option<EntryId>, text: &str, escape: Escape) -> Result<Format, String> {
        let pieces = pieces(text)?;
        let mut problem = None;
        let line = match Line::compile(&pieces, escape) {
            Ok(line) => line,
            Err(why) => {
                problem = Some(why);
                Line { head: b"\0".as_slice().into(), ..Line::default() }
            }
        };
        let object = object(&pieces, escape);
        if let (Some(why), None) = (problem, &object) {
            return Err(why);
        }
        let steps = line.steps.iter().chain(object.iter().flatten().flat_map(|member| member.line.steps.iter()));
        let fields = steps.filter_map(|step| step.field).fold(0, |all, field| all | 1 << field as u32);
        Ok(Format { name, entry, text: text.into(), escape, fields, line, object })
    }

    /// Does it have the field?
    pub fn has(&self, field: Field) -> bool {
        self.fields & (1 << field as u32) != 0
    }

    /// Does it say which URI was asked for?
    pub fn has_target(&self) -> bool {
        [Field::Request, Field::RequestUri, Field::Uri].iter().any(|field| self.has(*field))
    }

    /// How much of a line is fixed: of two formats that take a line, the one with more is meant.
    pub fn weight(&self) -> usize {
        let literal: usize = self.line.steps.iter().map(|step| step.literal.len()).sum();
        self.line.head.len() + literal + self.line.steps.len()
    }

    /// Takes a line apart into an empty record. False when it is not in this format; what is in the record then means nothing.
    #[inline]
    pub fn read<'a>(&self, line: &'a [u8], record: &mut Record<'a>) -> bool {
        if self.line.read(line, record) {
            return true;
        }
        match &self.object {
            Some(members) if line.first() == Some(&b'{') => {
                *record = Record::new();
                read_object(members, line, record)
            }
            _ => false,
        }
    }

    /// The value of a field as it was before nginx wrote it.
    pub fn decoded<'a>(&self, value: &'a [u8]) -> Cow<'a, [u8]> {
        let plain = memchr::memchr(b'\\', value).is_none() || (self.escape == Escape::None && self.object.is_none());
        if plain { Cow::Borrowed(value) } else { Cow::Owned(super::escape::decode(value)) }
    }
}

/// Cuts the text at its variables (`ngx_http_log_compile_format`).
fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut out: Vec<Piece> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        if !before.is_empty() {
            out.push(Piece::Literal(before.as_bytes().to_vec()));
        }
        let from = &from[1..];
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (name, after) = match from.strip_prefix('{') {
            Some(inside) => inside.split_once('}').ok_or("`${` has no `}`")?,
            None => from.split_at(from.find(|c| !is_name(c)).unwrap_or(from.len())),
        };
        if name.is_empty() || !name.chars().all(is_name) {
            return Err("a `$` that no variable's name follows".into());
        }
        out.push(Piece::Variable(name.to_ascii_lowercase()));
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Piece::Literal(rest.as_bytes().to_vec()));
    }
    Ok(out)
}

impl Line {
    fn compile(pieces: &[Piece], escape: Escape) -> Result<Line, String> {
        let mut pieces = pieces.iter().peekable();
        let mut line = Line { json: escape == Escape::Json, ..Line::default() };
        if let Some(Piece::Literal(text)) = pieces.peek() {
            line.head = text.as_slice().into();
            pieces.next();
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut quoted = line.head.ends_with(b"\"");
        while let Some(piece) = pieces.next() {
            let Piece::Variable(name) = piece else { continue };
            let (field, class) = fields::of(name);
            let (end, literal) = match pieces.peek() {
                None => (End::Line, Vec::new()),
                Some(Piece::Literal(text)) => {
                    let text = text.clone();
                    pieces.next();
                    (End::Literal, text)
                }
                Some(Piece::Variable(next)) => {
                    let (wanted, follows) = fields::of(next);
                    match class.length() {
                        Some(length) => (End::Length(length), Vec::new()),
                        None if class == Class::IsArgs => (End::Mark, Vec::new()),
                        // The query may come right behind the URI: both are one value then, and are parted at the `?`.
                        None if matches!(class, Class::Target | Class::Path) && follows == Class::IsArgs => {
                            pieces.next();
                            pieces.next_if(|next| matches!(next, Piece::Variable(name) if fields::of(name).0 == Some(Field::Args)));
                            match pieces.next_if(|next| matches!(next, Piece::Literal(_))) {
                                Some(Piece::Literal(text)) => (End::Literal, text.clone()),
                                _ if pieces.peek().is_none() => (End::Line, Vec::new()),
                                _ => return Err(format!("nothing stands between `${name}` and what follows it")),
                            }
                        }
                        None if matches!(follows, Class::Target | Class::Path)
                            && matches!(class, Class::Token | Class::Number | Class::Address) =>
                        {
                            (End::Before(b'/'), Vec::new())
                        }
                        None if field.is_none() && wanted.is_none() => {
                            // Where one of the two ends does not matter.
                            continue;
                        }
                        None => return Err(format!("nothing stands between `${name}` and `${next}`")),
                    }
                }
            };
            let closes = literal.starts_with(b"\"");
            // A quote can't stand in a value, unless values are written as they are.
            let delimited = quoted && (closes || end == End::Line);
            quoted = literal.ends_with(b"\"") && (literal.len() > 1 || !closes || !quoted);
            let quick = Quick::of(class, end, &literal);
            steps.push(Step { field, class, end, delimited: delimited && escape != Escape::None, literal: literal.into(), quick });
            names.push(name.clone());
        }
        // What may hold anything, and is not in quotes, must have something behind it that is recognised before the next value that counts.
        for (at, step) in steps.iter().enumerate() {
            let open = step.class.goes_on() && step.end == End::Literal && !step.delimited;
            if !open {
                continue;
            }
            line.ambiguous = true;
            if step.class != Class::Free || step.literal.contains(&b'"') {
                continue;
            }
            for (next, name) in steps.iter().zip(&names).skip(at + 1) {
                let counts = next.field.is_some_and(|field| !matches!(field, Field::Client | Field::Forwarded | Field::Agent));
                if next.class.is_strict() || next.delimited {
                    break;
                }
                if counts {
                    let what = names.get(at).map_or("", String::as_str);
                    return Err(format!(
                        "`${what}` is not in quotes and may hold the text behind it, so that `${name}` can't be told from it"
                    ));
                }
                if next.literal.contains(&b'"') {
                    break;
                }
            }
        }
        line.ambiguous |= escape == Escape::None;
        line.steps = steps.into();
        Ok(line)
    }

    /// True when the whole text is this.
    #[inline]
    fn read<'a>(&self, text: &'a [u8], record: &mut Record<'a>) -> bool {
        if !begins(text, &self.head) {
            return false;
        }
        let mut rest = text.get(self.head.len()..).unwrap_or_default();
        for (at, step) in self.steps.iter().enumerate() {
            // The bytes of a run are looked at already.
            let (quick, admitted) = match step.quick {
                Quick::Length(length) => (Some(length), false),
                Quick::Bytes(class) => {
                    let length = class.run(rest);
                    (Some(length), length > 0)
                }
                Quick::No => (None, false),
            };
            let (end, admitted) = match quick {
                Some(end) if begins(rest.get(end..).unwrap_or_default(), &step.literal) => (end, admitted),
                _ => match self.end(step, rest, 0) {
                    Some(end) => (end, false),
                    None => return self.again(at, text, record),
                },
            };
            let (value, after) = rest.split_at(end);
            if !admitted && !step.class.admits(value, step.delimited) {
                return self.again(at, text, record);
            }
            if let Some(field) = step.field {
                record.set(field, value);
            }
            // What ends a value was seen to be there, except behind a value of a fixed length.
            let Some(after) = after.get(step.literal.len()..) else { return false };
            rest = after;
        }
        rest.is_empty() || self.again(self.steps.len(), text, record)
    }

    /// Where the value ends that begins here; `from` bytes belong to it for certain.
    #[inline]
    fn end(&self, step: &Step, text: &[u8], from: usize) -> Option<usize> {
        match step.end {
            End::Line => Some(text.len()),
            End::Length(length) => (length <= text.len()).then_some(length),
            End::Before(byte) => position(byte, text.get(from..)?).map(|at| from + at),
            End::Mark => Some(usize::from(text.first() == Some(&b'?'))),
            End::Literal => self.find(&step.literal, text, from),
        }
    }

    #[inline]
    fn find(&self, literal: &[u8], text: &[u8], from: usize) -> Option<usize> {
        let first = *literal.first()?;
        let mut from = from;
        loop {
            let rest = text.get(from..)?;
            let at = match first {
                b'"' if self.json => from + json::closing_quote(rest)?,
                first => from + position(first, rest)?,
            };
            if begins(text.get(at..)?, literal) {
                return Some(at);
            }
            from = at + 1;
        }
    }

    /// Some value held what looked like its end: tries the later places, too. `failed` is the step that could not be read.
    #[cold]
    fn again<'a>(&self, failed: usize, text: &'a [u8], record: &mut Record<'a>) -> bool {
        let open = |step: &Step| step.end == End::Literal && !step.delimited && step.class.goes_on();
        if !self.ambiguous || !self.steps.iter().take(failed + 1).any(open) {
            return false;
        }
        let Some(rest) = text.strip_prefix(&*self.head) else { return false };
        let mut values: Vec<&'a [u8]> = Vec::with_capacity(self.steps.len());
        let mut tries = TRIES;
        if !self.search(rest, &mut values, &mut tries) {
            return false;
        }
        *record = Record::new();
        for (step, value) in self.steps.iter().zip(values) {
            if let Some(field) = step.field {
                record.set(field, value);
            }
        }
        true
    }

    fn search<'a>(&self, text: &'a [u8], values: &mut Vec<&'a [u8]>, tries: &mut usize) -> bool {
        let Some(step) = self.steps.get(values.len()) else { return text.is_empty() };
        let mut from = 0;
        while let Some(end) = self.end(step, text, from) {
            if *tries == 0 {
                return false;
            }
            *tries -= 1;
            let (value, after) = text.split_at(end);
            if !step.class.admits(value, step.delimited) {
                if step.class.goes_on() && step.end == End::Literal {
                    from = end + 1;
                    continue;
                }
                return false;
            }
            values.push(value);
            if let Some(after) = after.get(step.literal.len()..)
                && self.search(after, values, tries)
            {
                return true;
            }
            values.pop();
            if step.end != End::Literal {
                return false;
            }
            from = end + 1;
        }
        false
    }
}

/// Where a byte is. Most values are short: eight bytes at once are looked at before a search is set up.
#[inline(always)]
fn position(byte: u8, text: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let Some((first, rest)) = text.split_first_chunk::<8>() else { return text.iter().position(|other| *other == byte) };
    let word = u64::from_le_bytes(*first) ^ (ONES * u64::from(byte));
    // The lowest bit that is set here belongs to the first byte that is zero.
    let zeros = word.wrapping_sub(ONES) & !word & (ONES << 7);
    match zeros {
        0 => memchr::memchr(byte, rest).map(|at| at + 8),
        zeros => Some(zeros.trailing_zeros() as usize / 8),
    }
}

/// `starts_with` for the short texts that stand between values: quicker than a call.
#[inline(always)]
fn begins(text: &[u8], with: &[u8]) -> bool {
    match (with, text) {
        ([a], [x, ..]) => a == x,
        ([a, b], [x, y, ..]) => a == x && b == y,
        ([a, b, c], [x, y, z, ..]) => a == x && b == y && c == z,
        ([], _) => true,
        _ => text.starts_with(with),
    }
}

/// The values of a format that is an object of JSON; `None` for one that is not, or of which a value can't be read.
fn object(pieces: &[Piece], escape: Escape) -> Option<Vec<Member>> {
    /// Before the number of a variable, which no text of a configuration holds.
    const MARK: u8 = 1;
    let mut text = Vec::new();
    let mut variables = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) if literal.contains(&MARK) => return None,
            Piece::Literal(literal) => text.extend_from_slice(literal),
            Piece::Variable(name) => {
                let number = u8::try_from(variables.len()).ok().filter(|number| *number < 128)?;
                text.extend([MARK, number | 128]);
                variables.push(name.clone());
            }
        }
    }
    let mut out = Vec::new();
    let mut ok = true;
    collect(&text, &mut Vec::new(), &mut |path, value| {
        let mut inside: Vec<Piece> = Vec::new();
        let mut rest = value;
        while let Some(at) = rest.iter().position(|byte| *byte == MARK) {
            let (before, from) = rest.split_at(at);
            if !before.is_empty() {
                inside.push(Piece::Literal(before.to_vec()));
            }
            let name = from.get(1).and_then(|number| variables.get(usize::from(number & 127)));
            let Some(name) = name else { break };
            inside.push(Piece::Variable(name.clone()));
            rest = from.get(2..).unwrap_or_default();
        }
        if !rest.is_empty() {
            inside.push(Piece::Literal(rest.to_vec()));
        }
        let named = |piece: &Piece| matches!(piece, Piece::Variable(name) if fields::of(name).0.is_some());
        if inside.iter().any(named) {
            match Line::compile(&inside, escape) {
                Ok(mut line) => {
                    // A quote ends the value, whatever is in it.
                    if let [step] = &mut *line.steps
                        && step.end == End::Line
                    {
                        step.delimited = true;
                    }
                    out.push(Member { path: path.to_vec(), line });
                }
                Err(_) => ok = false,
            }
        }
    })
    .then_some(out)
    .filter(|_| ok)
}

/// Gets a value and the keys that lead to it.
type Found<'a> = &'a mut dyn FnMut(&[Vec<u8>], &[u8]);

/// Every value that is no object, with the keys that lead to it.
fn collect(text: &[u8], path: &mut Vec<Vec<u8>>, found: Found<'_>) -> bool {
    let mut nested = true;
    json::members(text, &mut |key, value| {
        path.push(key.to_vec());
        match value {
            Value::String(text) | Value::Bare(text) => found(path, text),
            Value::Object(text) if path.len() < 8 => nested &= collect(text, path, found),
            Value::Object(_) | Value::Array(_) => {}
        }
        path.pop();
        true
    }) && nested
}

/// Members in any order. It is this format when all of those are there that say where a request went.
fn read_object<'a>(members: &[Member], text: &'a [u8], record: &mut Record<'a>) -> bool {
    let mut seen = 0;
    let whole = inside(members, 0, text, record, &mut seen);
    whole && seen == members.len()
}

fn inside<'a>(members: &[Member], depth: usize, text: &'a [u8], record: &mut Record<'a>, seen: &mut usize) -> bool {
    let mut fits = true;
    let whole = json::members(text, &mut |key, value| {
        for member in members.iter().filter(|member| member.path.get(depth).is_some_and(|wanted| wanted == key)) {
            match value {
                Value::String(text) | Value::Bare(text) if member.path.len() == depth + 1 => {
                    *seen += 1;
                    // An empty value is one that is not there.
                    fits &= text.is_empty() || text == b"null" || member.line.read(text, record);
                }
                Value::Object(text) if member.path.len() > depth + 1 => {
                    fits &= inside(std::slice::from_ref(member), depth + 1, text, record, seen);
                }
                _ => {}
            }
        }
        fits
    });
    whole && fits
}

const _: () = assert!(FIELDS <= 32, "a bit each");

#[cfg(test)]
mod tests;
