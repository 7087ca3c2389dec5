//! YAML with places. Built from the parser's events: scalars stay as they are written (`08` and `1.10` are no
//! numbers here), an alias shares the node that it names (so nested aliases can't blow up), nesting is limited.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{FileId, Notice, Place};
use crate::text::{Span, Text};

/// Deeper nesting is refused.
const DEPTH: usize = 100;
/// Larger texts are refused, in bytes: no compose file or manifest is near that.
pub const LIMIT: u32 = 4 * 1024 * 1024;

/// A node and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where; for a list or mapping from its first to behind its last byte.
    pub place: Place,
    /// Its tag without the handle: `override` of `!override`.
    pub tag: Option<String>,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// A scalar as written, quotes and escapes resolved.
    Scalar(String),
    /// A list.
    List(Vec<Arc<Node>>),
    /// A mapping, in written order, `<<` among the keys.
    Map(Vec<(Arc<Node>, Arc<Node>)>),
}

impl Node {
    /// The scalar's text; `None` for null, lists and mappings.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Arc<Node>] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// True for `null`, `~` or nothing.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// Keys and values of a mapping with its merge keys (`<<`) resolved: what is written in the mapping itself wins, then
    /// the merged mappings in their order. Of a key written twice the last counts.
    pub fn entries(&self) -> Vec<(&Node, &Node)> {
        let mut out: Vec<(&Node, &Node)> = Vec::new();
        let mut at: FxHashMap<&str, usize> = FxHashMap::default();
        // A mapping that was merged once adds nothing when it is merged again: this is what makes nested merges linear.
        let mut seen: Vec<*const Node> = Vec::new();
        let mut todo: Vec<&Node> = vec![self];
        while let Some(node) = todo.pop() {
            if seen.contains(&std::ptr::from_ref(node)) || seen.len() > 1000 {
                continue;
            }
            seen.push(node);
            let Value::Map(pairs) = &node.value else { continue };
            let mut own: Vec<&str> = Vec::new();
            let mut merged: Vec<&Node> = Vec::new();
            for (key, value) in pairs {
                let Some(name) = key.text() else { continue };
                if name == "<<" {
                    match &value.value {
                        Value::List(items) => merged.extend(items.iter().map(|item| &**item)),
                        _ => merged.push(value),
                    }
                    continue;
                }
                match at.get(name) {
                    Some(index) if own.contains(&name) => out[*index] = (key, value),
                    Some(_) => {}
                    None => {
                        at.insert(name, out.len());
                        own.push(name);
                        out.push((key, value));
                    }
                }
            }
            todo.extend(merged.into_iter().rev());
        }
        out
    }

    /// The value of a key, merge keys resolved; `None` when absent.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries().into_iter().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
    }

    /// The value of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}

enum Open {
    List(Vec<Arc<Node>>),
    Map(Vec<(Arc<Node>, Arc<Node>)>, Option<Arc<Node>>),
}

struct Frame {
    open: Open,
    start: usize,
    anchor: usize,
    tag: Option<String>,
}

/// The documents of a text, and what is wrong with it. Documents before a mistake are still returned.
pub fn parse(file: FileId, text: &Text) -> (Vec<Arc<Node>>, Option<Notice>) {
    let notice = |span, message| Some(Notice { place: Place { file, span }, message });
    if text.len() > LIMIT {
        let message = format!("{} bytes of YAML: more than {LIMIT} are not read", text.len());
        return (Vec::new(), notice(Span::at(0), message));
    }
    let whole = text.to_str();
    let source = whole.strip_prefix('\u{feff}').unwrap_or(&whole);
    let shift = whole.len() - source.len();
    // The parser counts characters.
    let offsets: Option<Vec<u32>> = (!source.is_ascii()).then(|| source.char_indices().map(|(at, _)| at as u32).collect());
    let byte = |index: usize| match &offsets {
        Some(offsets) => offsets.get(index).map_or(source.len(), |at| *at as usize),
        None => index.min(source.len()),
    };
    let place = |start: usize, end: usize| Place { file, span: Span::new((shift + byte(start)) as u32, (shift + byte(end)) as u32) };

    let mut documents = Vec::new();
    let mut stack: Vec<Frame> = Vec::new();
    let mut anchors: FxHashMap<usize, Arc<Node>> = FxHashMap::default();
    let mut parser = Parser::new_from_str(source);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = place(error.marker().index(), error.marker().index());
                return (documents, notice(at.span, format!("this is no YAML: {}", error.info())));
            }
        };
        let tag_of = |tag: Option<std::borrow::Cow<'_, saphyr_parser::Tag>>| tag.map(|tag| tag.suffix.clone());
        let done = match event {
            Event::Scalar(value, style, anchor, tag) => {
                let plain_null = style == ScalarStyle::Plain && matches!(&*value, "" | "~" | "null" | "Null" | "NULL");
                let value = if plain_null { Value::Null } else { Value::Scalar(value.into_owned()) };
                Some((Arc::new(Node { place: place(span.start.index(), span.end.index()), tag: tag_of(tag), value }), anchor))
            }
            // An alias inside of what it names has no value yet.
            Event::Alias(id) => {
                let here = place(span.start.index(), span.end.index());
                Some((anchors.get(&id).cloned().unwrap_or_else(|| Arc::new(Node { place: here, tag: None, value: Value::Null })), 0))
            }
            Event::SequenceStart(anchor, tag) => {
                stack.push(Frame { open: Open::List(Vec::new()), start: span.start.index(), anchor, tag: tag_of(tag) });
                None
            }
            Event::MappingStart(anchor, tag) => {
                stack.push(Frame { open: Open::Map(Vec::new(), None), start: span.start.index(), anchor, tag: tag_of(tag) });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(|frame| {
                let end = match &frame.open {
                    Open::List(items) => items.last().map(|node| node.place),
                    Open::Map(pairs, _) => pairs.last().map(|(_, node)| node.place),
                };
                // A block's end event stands at the next token: the last child says where it really ends.
                let whole = place(frame.start, span.end.index());
                let last = end.map_or(whole.span.start, |last| last.span.end);
                let flow = span.end.index() > span.start.index();
                let place = Place { file, span: Span::new(whole.span.start, if flow { whole.span.end } else { last }) };
                let value = match frame.open {
                    Open::List(items) => Value::List(items),
                    Open::Map(pairs, _) => Value::Map(pairs),
                };
                (Arc::new(Node { place, tag: frame.tag, value }), frame.anchor)
            }),
            _ => None,
        };
        if stack.len() > DEPTH {
            return (documents, notice(place(span.start.index(), span.end.index()).span, format!("nested deeper than {DEPTH} levels: not read")));
        }
        let Some((node, anchor)) = done else { continue };
        if anchor > 0 {
            anchors.insert(anchor, node.clone());
        }
        match stack.last_mut().map(|frame| &mut frame.open) {
            None => documents.push(node),
            Some(Open::List(items)) => items.push(node),
            Some(Open::Map(pairs, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => pairs.push((key, node)),
            },
        }
    }
    (documents, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(source: &str) -> (Vec<Arc<Node>>, Option<Notice>) {
        parse(FileId(0), &Text::new(source))
    }

    #[test]
    fn places_are_bytes_also_behind_other_letters_and_a_bom() {
        let source = "\u{feff}# \u{e9}\u{1f600}\na: [x, 'y z']\n";
        let (documents, problem) = load(source);
        assert_eq!(problem, None);
        let a = documents[0].get("a").expect("a");
        let text = |node: &Node| source[node.place.span.range()].to_string();
        assert_eq!(text(a), "[x, 'y z']");
        assert_eq!(text(&a.items()[1]), "'y z'");
        assert_eq!(a.items()[1].text(), Some("y z"));
    }

    #[test]
    fn merge_keys_yield_to_what_is_written() {
        let (documents, _) = load("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 0\n");
        let z = documents[0].get("z").expect("z");
        let got: Vec<_> = ["a", "b", "c"].iter().map(|key| z.get(key).and_then(Node::text)).collect();
        assert_eq!(got, [Some("0"), Some("2"), Some("4")]);
    }

    #[test]
    fn a_bomb_of_aliases_is_shared_and_not_copied() {
        let mut source = String::from("a0: &a0 {k: v}\n");
        for level in 1..60 {
            let before = level - 1;
            source.push_str(&format!("a{level}: &a{level}\n  <<: [*a{before}, *a{before}, *a{before}]\n  l: [*a{before}, *a{before}]\n"));
        }
        let (documents, problem) = load(&source);
        assert_eq!(problem, None);
        assert_eq!(documents[0].get("a59").and_then(|node| node.get("k")).and_then(Node::text), Some("v"));
    }

    #[test]
    fn mistakes_are_told_and_what_came_before_is_kept() {
        let (documents, problem) = load("a: 1\n---\nb: [\n");
        assert_eq!(documents.len(), 1);
        assert!(problem.is_some_and(|notice| notice.message.contains("no YAML")));
        let (_, problem) = load(&"[".repeat(5000));
        assert!(problem.is_some());
    }
}
