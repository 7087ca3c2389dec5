//! Taking a change of whole lines back in a text that may have been edited elsewhere since.

use serde::{Deserialize, Serialize};

use super::{Change, Part, TextEdit};
use crate::text::{Span, Text};

/// How many lines around a change are kept, to find its place again.
const AROUND: usize = 3;

/// One block's change, as it is kept: enough to undo it without the file as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The block's first words.
    pub title: String,
    /// The rule that found it.
    pub rule: Option<String>,
    /// Why it was changed.
    pub reason: String,
    /// Its first line before the change, from 1.
    pub line: u32,
    /// Its lines before.
    pub was: String,
    /// Its lines afterwards; empty where they were deleted.
    pub now: String,
    /// The lines around it afterwards.
    pub around: Around,
    /// The lines around it before: a neighbour may have been taken back when this one is.
    pub around_before: Around,
    /// It was taken back.
    #[serde(default)]
    pub undone: bool,
}

/// Lines around a change, at most three on each side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    /// Above.
    pub above: String,
    /// Below.
    pub below: String,
}

impl Around {
    fn of(text: &str, lines: std::ops::Range<usize>) -> Around {
        let above: Vec<&str> = text.get(..lines.start).unwrap_or_default().split_inclusive('\n').collect();
        let below = text.get(lines.end..).unwrap_or_default();
        Around { above: above[above.len().saturating_sub(AROUND)..].concat(), below: below.split_inclusive('\n').take(AROUND).collect() }
    }
}

/// Why a change can't be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// Its lines are not there any more, or were edited.
    Edited,
    /// They are there more than once.
    Ambiguous,
}

impl Recorded {
    /// What is kept of a part of a change.
    pub fn new(change: &Change, part: &Part) -> Recorded {
        let after = change.after.to_str();
        let lines = part.after.range();
        Recorded {
            title: part.title.clone(),
            rule: part.rule.clone(),
            reason: part.reason.clone(),
            line: change.before.line_of(part.before.start) + 1,
            was: change.before.slice(part.before).into_owned(),
            now: after.get(lines.clone()).unwrap_or_default().to_owned(),
            around: Around::of(&after, lines),
            around_before: Around::of(&change.before.to_str(), part.before.range()),
            undone: false,
        }
    }

    /// The edit that takes it back: the lines as they were, where they are now. `None` when that is how they are already.
    pub fn undo(&self, text: &Text) -> Result<Option<TextEdit>, Lost> {
        let source = text.to_str();
        let spans = if self.now.is_empty() { self.gap(&source) } else { self.find(&source) };
        match spans[..] {
            [span] => Ok(Some(TextEdit { span, new: self.was.clone() })),
            [] if !self.was.is_empty() && places(&source, &self.was).len() == 1 => Ok(None),
            [] => Err(Lost::Edited),
            _ => Err(Lost::Ambiguous),
        }
    }

    /// Where its lines are; of several the one between the lines that were around it.
    fn find(&self, source: &str) -> Vec<Span> {
        let all = places(source, &self.now);
        if all.len() < 2 {
            return all;
        }
        let between = |span: &Span| {
            let range = span.range();
            let above = source.get(..range.start).unwrap_or_default();
            let below = source.get(range.end..).unwrap_or_default();
            self.neighbours().any(|(first, last)| above.ends_with(first) && below.starts_with(last))
        };
        all.into_iter().filter(between).collect()
    }

    /// The lines above and below that may be there: each neighbour as it was afterwards, or as before.
    fn neighbours(&self) -> impl Iterator<Item = (&str, &str)> {
        let (now, was) = (&self.around, &self.around_before);
        let pairs = [(now, now), (now, was), (was, now), (was, was)];
        pairs.into_iter().map(|(first, last)| (first.above.as_str(), last.below.as_str()))
    }

    /// Where its lines were: between those around it.
    fn gap(&self, source: &str) -> Vec<Span> {
        let mut out: Vec<Span> = Vec::new();
        for (above, below) in self.neighbours() {
            let around = format!("{above}{below}");
            if around.is_empty() && source.is_empty() {
                out.push(Span::at(0));
            }
            out.extend(places(source, &around).into_iter().map(|span| Span::at(span.start + above.len() as u32)));
        }
        out.sort();
        out.dedup();
        out
    }
}

/// Where whole lines are in a text.
fn places(source: &str, lines: &str) -> Vec<Span> {
    if lines.is_empty() {
        return Vec::new();
    }
    let at_line = |at: usize| at == 0 || source.as_bytes().get(at - 1) == Some(&b'\n');
    // Lines that lacked the last line break ended the file.
    let ends = |end: usize| lines.ends_with('\n') || end == source.len();
    let found = source.match_indices(lines).filter(|(at, _)| at_line(*at) && ends(at + lines.len()));
    found.map(|(at, _)| Span::new(at as u32, (at + lines.len()) as u32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cleanup::apply;

    fn recorded(was: &str, now: &str, above: &str, below: &str) -> Recorded {
        let own = |text: &str| text.to_owned();
        let around = Around { above: own(above), below: own(below) };
        let (title, rule, reason) = (own("t"), None, own("r"));
        Recorded { title, rule, reason, line: 1, was: own(was), now: own(now), around_before: around.clone(), around, undone: false }
    }

    fn undone(text: &str, change: &Recorded) -> Result<String, Lost> {
        let text = Text::new(text);
        change.undo(&text).map(|edit| apply(&text, &edit.into_iter().collect::<Vec<_>>()).to_string())
    }

    #[test]
    fn it_is_found_again_where_the_rest_was_edited() {
        let change = recorded("a;\n", "#X# a;\n", "x {\n", "}\n");
        assert_eq!(undone("new;\nx {\n  more;\n#X# a;\n}\n", &change).as_deref(), Ok("new;\nx {\n  more;\na;\n}\n"));
        assert_eq!(undone("x {\na;\n}\n", &change).as_deref(), Ok("x {\na;\n}\n"), "it is as it was");
        assert_eq!(undone("x {\n#X# b;\n}\n", &change), Err(Lost::Edited));
        assert_eq!(undone("x {\n #X# a;\n}\n", &change), Err(Lost::Edited), "part of a line is another line");
    }

    #[test]
    fn of_two_that_are_alike_the_one_between_its_neighbours_is_meant() {
        let change = recorded("a;\n", "#X# a;\n", "y {\n", "}\n");
        assert_eq!(undone("x {\n#X# a;\n}\ny {\n#X# a;\n}\n", &change).as_deref(), Ok("x {\n#X# a;\n}\ny {\na;\n}\n"));
        assert_eq!(undone("y {\n#X# a;\n}\ny {\n#X# a;\n}\n", &change), Err(Lost::Ambiguous));
    }

    #[test]
    fn what_was_deleted_comes_back_between_the_lines_around_it() {
        let change = recorded("a;\n\n", "", "x {\n", "b;\n}\n");
        assert_eq!(undone("u;\nx {\nb;\n}\n", &change).as_deref(), Ok("u;\nx {\na;\n\nb;\n}\n"));
        assert_eq!(undone("x {\nc;\nb;\n}\n", &change), Err(Lost::Edited));
        let whole = recorded("a;\n", "", "", "");
        assert_eq!(undone("", &whole).as_deref(), Ok("a;\n"));
        assert_eq!(undone("b;\n", &whole), Err(Lost::Edited));
    }

    #[test]
    fn a_last_line_without_its_break_is_only_the_last_line() {
        let change = recorded("a;", "#X# a;", "x;\n", "");
        assert_eq!(undone("x;\n#X# a;", &change).as_deref(), Ok("x;\na;"));
        assert_eq!(undone("x;\n#X# a;\ny;\n", &change), Err(Lost::Edited));
    }
}
