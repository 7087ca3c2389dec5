//! The text that is open in the server, and what is typed into it. Positions count bytes: what is generated is ASCII.

use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

pub struct Document {
    pub uri: String,
    pub version: i64,
    /// Whether the server takes what changed; it is sent the whole text else.
    pub is_incremental: bool,
    text: String,
    /// Where typing begins.
    place: usize,
    /// How much was typed since.
    typed: usize,
}

impl Document {
    pub fn read(path: &Path) -> anyhow::Result<Document> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let uri = format!("file://{}", path.display());
        Ok(Document { uri, version: 1, is_incremental: true, text, place: 0, typed: 0 })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// At most so many places of a word, spread over the text: each a little behind its begin.
    pub fn places_of(&self, word: &str, count: usize) -> Vec<Value> {
        let all: Vec<usize> = self.text.match_indices(word).map(|(at, _)| at + word.len() / 2).collect();
        let chosen = (0..count.min(all.len())).filter_map(|index| all.get(index * all.len() / count.min(all.len())));
        chosen.map(|at| self.position(*at)).collect()
    }

    /// Where typing goes on.
    pub fn cursor(&self) -> Value {
        self.position(self.place + self.typed)
    }

    /// A new line, indented, behind the directive `after` that is nearest to the middle: there typing begins. The changes, for `didChange`.
    pub fn make_room(&mut self, after: &str) -> anyhow::Result<Value> {
        let middle = self.text.len() / 2;
        let found = self.text.match_indices(after).map(|(at, _)| at).min_by_key(|at| at.abs_diff(middle));
        let at = found.with_context(|| format!("no {after} in the text"))?;
        let indentation = at - self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        let room = format!("\n{}", " ".repeat(indentation));
        self.place = at + after.len() + room.len();
        self.typed = 0;
        Ok(self.replace(at + after.len(), at + after.len(), &room))
    }

    /// The next character of a text that is typed again and again; all of it goes first where it is complete. The changes, for `didChange`.
    pub fn type_on(&mut self, wanted: &str) -> Vec<Value> {
        let mut changes = Vec::new();
        if self.typed >= wanted.len() {
            changes.push(self.replace(self.place, self.place + self.typed, ""));
            self.typed = 0;
        }
        let next: String = wanted.chars().skip(self.typed).take(1).collect();
        let at = self.place + self.typed;
        self.typed += 1;
        changes.push(self.replace(at, at, &next));
        changes
    }

    /// `didChange`'s parameters.
    fn replace(&mut self, start: usize, end: usize, with: &str) -> Value {
        let change = json!({ "range": { "start": self.position(start), "end": self.position(end) }, "text": with });
        self.text.replace_range(start..end, with);
        self.version += 1;
        let change = if self.is_incremental { change } else { json!({ "text": self.text }) };
        json!({ "textDocument": { "uri": self.uri, "version": self.version }, "contentChanges": [change] })
    }

    fn position(&self, at: usize) -> Value {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count();
        let character = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        json!({ "line": line, "character": character })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document { uri: "file:///a".to_owned(), version: 1, is_incremental: true, text: text.to_owned(), place: 0, typed: 0 }
    }

    #[test]
    fn typing_begins_on_a_line_of_its_own_and_again_when_all_is_typed() {
        let mut document = document("http {\n    a 1;\n    b 2;\n}\n");
        let room = document.make_room("a 1;").expect("a place");
        assert_eq!(room["contentChanges"][0]["range"]["start"], json!({ "line": 1, "character": 8 }));
        assert_eq!(document.text(), "http {\n    a 1;\n    \n    b 2;\n}\n");
        for wanted in ["x", "xy", "x"] {
            document.type_on("xy");
            assert_eq!(document.text(), format!("http {{\n    a 1;\n    {wanted}\n    b 2;\n}}\n"));
        }
        assert_eq!(document.cursor(), json!({ "line": 2, "character": 5 }));
        // The room, x, y, both away, x.
        assert_eq!(document.version, 6);
    }

    #[test]
    fn who_does_not_take_changes_gets_the_text() {
        let mut document = document("a 1;\n");
        document.is_incremental = false;
        let change = document.make_room("a 1;").expect("a place");
        assert_eq!(change["contentChanges"], json!([{ "text": "a 1;\n\n" }]));
    }

    #[test]
    fn places_are_spread_over_the_text() {
        let document = document("word\nword\nword\nword\n");
        let lines =
            |count| document.places_of("word", count).iter().map(|place| place["line"].as_u64().expect("a line")).collect::<Vec<_>>();
        assert_eq!(lines(2), [0, 2]);
        assert_eq!(lines(9), [0, 1, 2, 3]);
        assert_eq!(document.places_of("other", 3), Vec::<Value>::new());
    }
}
