//! Text to tree-sitter tree.

use std::cell::RefCell;

use tree_sitter::{Parser, Point, Tree};

use crate::text::Text;

thread_local! {
    // A parser keeps its stacks and buffers: making one for every keystroke would cost more than the parse.
    static PARSER: RefCell<Option<Parser>> = RefCell::new(new_parser());
}

fn new_parser() -> Option<Parser> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_nginx::LANGUAGE.into()).ok()?;
    Some(parser)
}

/// Parses, with what can be kept of an edited old tree. `None` only if the library were built for other versions of the
/// language's tables than it reads, which the tests would show.
pub(super) fn parse(text: &Text, old: Option<&Tree>) -> Option<Tree> {
    PARSER.with_borrow_mut(|parser| {
        let length = text.len() as usize;
        let mut read = |byte: usize, _: Point| -> &[u8] {
            if byte >= length {
                return &[];
            }
            let (chunk, start) = text.chunk_at(byte as u32);
            &chunk.as_bytes()[byte - start as usize..]
        };
        parser.as_mut()?.parse_with_options(&mut read, old, None)
    })
}

/// A byte offset as tree-sitter counts places: rows end at line feeds only.
pub(super) fn point(text: &Text, offset: u32) -> Point {
    let (mut row, mut column, mut at) = (0, 0, 0);
    while at < offset {
        let (chunk, start) = text.chunk_at(at);
        let bytes = &chunk.as_bytes()[(at - start) as usize..];
        let bytes = &bytes[..bytes.len().min((offset - at) as usize)];
        if bytes.is_empty() {
            break;
        }
        match memchr::memrchr(b'\n', bytes) {
            Some(last) => {
                row += memchr::memchr_iter(b'\n', bytes).count();
                column = bytes.len() - last - 1;
            }
            None => column += bytes.len(),
        }
        at += bytes.len() as u32;
    }
    Point { row, column }
}
