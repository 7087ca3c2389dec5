//! YAML with the place of every value, as byte spans.

use saphyr::{MarkedYaml, YamlData};
use saphyr_parser::{BufferedInput, Parser};

use crate::messages::Message;
use crate::phrase;
use crate::text::Span;

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yaml {
    /// Where.
    pub span: Span,
    /// What.
    pub value: Value,
}

/// What a YAML node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A scalar as it is written, without quotes: nobody's idea of numbers turns the port mapping `22:22` into 1342.
    Scalar(String),
    /// A sequence.
    Sequence(Vec<Yaml>),
    /// A mapping, in order.
    Mapping(Vec<(Yaml, Yaml)>),
    /// Anything else.
    Other,
}

/// How many nodes aliases may make: a few lines of nested anchors could ask for billions.
const ALIAS_LIMIT: usize = 20_000;
/// How deep values may be nested.
const MAX_DEPTH: usize = 64;

impl Yaml {
    /// All documents of a text, or where it stops being YAML and why.
    pub fn documents(text: &str) -> Result<Vec<Yaml>, (Span, Message)> {
        let offsets = Offsets::new(text);
        if nesting(text) > MAX_DEPTH {
            return Err((Span::at(0), phrase!("yaml-too-deep", most = MAX_DEPTH)));
        }
        let mut loader = saphyr::YamlLoader::<MarkedYaml<'_>>::default();
        loader.early_parse(false);
        loader.allow_duplicate_keys(true);
        loader.alias_limit(ALIAS_LIMIT);
        let mut parser = Parser::new(BufferedInput::new(text.chars()));
        let error = parser.load(&mut loader, true).err().or_else(|| loader.error().cloned());
        if let Some(error) = error {
            return Err((Span::at(offsets.byte(error.marker().index())), Message::verbatim(error.info())));
        }
        Ok(loader.into_documents().iter().map(|node| convert(node, &offsets, 0)).collect())
    }

    /// The value of a key; with merge keys (`<<`) followed. `None` where there is none, or this is no mapping.
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        let Value::Mapping(pairs) = &self.value else { return None };
        let own = pairs.iter().rev().find(|(name, _)| name.scalar() == Some(key)).map(|(_, value)| value);
        own.or_else(|| {
            let merged = pairs.iter().filter(|(name, _)| name.scalar() == Some("<<")).map(|(_, value)| value);
            merged
                .flat_map(|value| if let Value::Sequence(values) = &value.value { values.iter().collect() } else { vec![value] })
                .find_map(|value| value.get(key))
        })
    }

    /// The keys and values of a mapping, merge keys followed; what is nearer comes first. Empty for anything else.
    pub fn pairs(&self) -> Vec<(&Yaml, &Yaml)> {
        let Value::Mapping(pairs) = &self.value else { return Vec::new() };
        let mut out: Vec<(&Yaml, &Yaml)> = Vec::new();
        let (merged, own): (Vec<_>, Vec<_>) = pairs.iter().partition(|(name, _)| name.scalar() == Some("<<"));
        out.extend(own.iter().map(|(name, value)| (name, value)));
        for (_, value) in merged {
            let values = if let Value::Sequence(values) = &value.value { values.iter().collect() } else { vec![value] };
            for (name, value) in values.into_iter().flat_map(Yaml::pairs) {
                if !out.iter().any(|(known, _)| known.scalar() == name.scalar()) {
                    out.push((name, value));
                }
            }
        }
        out
    }

    /// The items of a sequence; empty for anything else.
    pub fn items(&self) -> &[Yaml] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

fn convert(node: &MarkedYaml<'_>, offsets: &Offsets<'_>, depth: usize) -> Yaml {
    let span = Span::new(offsets.byte(node.span.start.index()), offsets.byte(node.span.end.index()));
    let value = match &node.data {
        _ if depth > MAX_DEPTH => Value::Other,
        YamlData::Representation(text, ..) => Value::Scalar(text.to_string()),
        YamlData::Sequence(items) => Value::Sequence(items.iter().map(|item| convert(item, offsets, depth + 1)).collect()),
        YamlData::Mapping(pairs) => Value::Mapping(
            pairs.iter().map(|(key, value)| (convert(key, offsets, depth + 1), convert(value, offsets, depth + 1))).collect(),
        ),
        YamlData::Tagged(_, node) => return convert(node, offsets, depth + 1),
        _ => Value::Other,
    };
    // The parser ends a block mapping or sequence where the next thing begins: its last value is where a person sees it end.
    let last = match &value {
        Value::Sequence(items) => items.last().map(|item| item.span.end),
        Value::Mapping(pairs) => pairs.last().map(|(key, value)| value.span.end.max(key.span.end)),
        Value::Scalar(_) | Value::Other => None,
    };
    let span = match last {
        Some(end) if !offsets.closes(span.end) => Span::new(span.start, end.min(span.end)),
        _ => span,
    };
    Yaml { span, value }
}

/// The deepest nesting that brackets and indentation can make: the library's loader recurses.
fn nesting(text: &str) -> usize {
    let mut flow = 0usize;
    let mut deepest = 0;
    for line in text.lines() {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        let opened = line.matches(['[', '{']).count();
        deepest = deepest.max(flow + opened).max(if line.trim().is_empty() { 0 } else { indent / 2 });
        flow = (flow + opened).saturating_sub(line.matches([']', '}']).count());
    }
    deepest
}

/// From the parser's character counts to bytes.
struct Offsets<'a> {
    text: &'a str,
    bytes: Option<Vec<u32>>,
    length: u32,
}

impl Offsets<'_> {
    fn new(text: &str) -> Offsets<'_> {
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at as u32).collect());
        Offsets { text, bytes, length: text.len() as u32 }
    }

    /// True behind the bracket that closes a flow collection.
    fn closes(&self, end: u32) -> bool {
        self.text.as_bytes().get((end as usize).wrapping_sub(1)).is_some_and(|byte| matches!(byte, b']' | b'}'))
    }

    fn byte(&self, character: usize) -> u32 {
        match &self.bytes {
            Some(bytes) => bytes.get(character).copied().unwrap_or(self.length),
            None => (character as u32).min(self.length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_places() {
        let text = "# \u{e9}\na: &x\n  b: '22:22'\nc:\n  <<: *x\n  d: [1, \"two\"]\n";
        let documents = Yaml::documents(text).expect("YAML");
        let c = documents[0].get("c").expect("c");
        let b = c.get("b").expect("merged");
        assert_eq!(b.scalar(), Some("22:22"));
        assert_eq!(&text[b.span.range()], "'22:22'");
        let two = &c.get("d").expect("d").items()[1];
        assert_eq!(&text[two.span.range()], "\"two\"");
        assert_eq!(c.pairs().len(), 2);
    }

    #[test]
    fn what_is_no_yaml_says_where() {
        let (span, _) = Yaml::documents("a: b\n  c: [\n").expect_err("no YAML");
        assert!(span.start > 0);
    }

    #[test]
    fn bombs_are_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", ")));
        }
        assert!(Yaml::documents(&text).is_err());
        assert!(Yaml::documents(&"[".repeat(100_000)).is_err());
    }
}
