//! What an editor asks for as soon as a `}` or a line break was typed: the beginning of that line. The text is half written then; it is
//! read as completion reads it, and lines are set by the lines around them, whatever width those have.

use super::{Edit, Options, leading};
use crate::ide::complete::scan::{Inside, Scene};
use crate::ide::lines::Lines;
use crate::text::{Span, Text};

/// The beginning of the line of `offset`, behind what was typed there; `None` where it is right, and where nobody can tell.
pub fn typed(text: &Text, offset: u32, letter: char, options: Options) -> Option<Edit> {
    let source = text.to_str();
    let lines = Lines::new(&source);
    let blanks = leading(&lines, lines.line_of(offset));
    let first = source.get(blanks.end as usize..).and_then(|rest| rest.chars().next());
    let scene = Scene::new(&source, blanks.end);
    // In the middle of a word, of Lua, of a comment. Behind words without a `;` a person may have forgotten it, or want to align.
    let open = scene.on_word && scene.words.get(scene.index).is_some_and(|word| word.span.start < blanks.start);
    if scene.inside != Inside::Words || open || scene.index > 0 {
        return None;
    }
    let block = scene.blocks.last().and_then(|words| words.first());
    let outer = |offset: u32| lines.slice(leading(&lines, lines.line_of(offset))).to_owned();
    let wanted = match (letter, first, block) {
        ('}', Some('}'), Some(block)) | ('\n', Some('}'), Some(block)) => outer(block.span.start),
        ('\n', _, Some(block)) => format!("{}{}", outer(block.span.start), options.step()),
        ('\n', _, None) => String::new(),
        _ => return None,
    };
    (lines.slice(blanks) != wanted).then_some(Edit { span: Span::new(blanks.start, blanks.end), with: wanted })
}

impl Options {
    /// One step in.
    fn step(&self) -> String {
        if self.insert_spaces { " ".repeat(self.tab_size) } else { "\t".to_owned() }
    }
}
