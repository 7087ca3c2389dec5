//! Bytes to directives: total (it never fails) and pure (no IO).
//!
//! A text becomes [`Directive`]s with decoded words and the spans they came from. What nginx would refuse is not an error here but a
//! [`Problem`] beside directives that are still as useful as they can be.
//!
//! A file is read afresh in one pass (`read`). The tree of the grammar is for files that are being edited: it says what an edit left as it was.

mod build;
mod collect;
mod lower;
mod lua;
mod read;
mod reuse;
mod sound;
mod tree;
mod word;

use std::sync::{Arc, OnceLock};

pub use sound::{Origin, Question, Sound};
pub use word::{Quote, Signs, Word};

use crate::text::{Span, Text};

/// A parsed file.
#[derive(Debug, Clone, Default)]
pub struct Parse {
    /// Made when somebody asks for it.
    tree: OnceLock<tree_sitter::Tree>,
    /// Directives of the file's top level, in order.
    pub directives: Vec<Arc<Directive>>,
    /// Comments, in order, each from its `#` to before the line break.
    pub comments: Vec<Span>,
    /// What nginx's tokenizer would refuse, in order.
    pub problems: Vec<Problem>,
}

/// One directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// From the name to past the `;` or the closing brace.
    pub span: Span,
    /// The first word.
    pub name: Word,
    /// The other words before `;` or `{`.
    pub args: Vec<Word>,
    /// What ends it.
    pub body: Body,
    /// Which signs are in its arguments.
    pub signs: Signs,
    /// It is an `include`, or there is one in it, however deep.
    pub includes: bool,
    /// In which contexts its words are known to be right.
    pub sound: Sound,
    /// Where it was read first.
    pub origin: Origin,
}

/// How a directive ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// `;`, or nothing where it is missing.
    Simple,
    /// `{ … }` with directives.
    Block(Box<Block>),
    /// `{ … }` with Lua code (`*_by_lua_block`); the span is that of the code between the braces.
    Lua(Span),
}

/// The inside of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// From `{` to past `}`, or to where the block was taken to end when `}` is missing.
    pub span: Span,
    /// False when the closing brace is missing.
    pub closed: bool,
    /// Directives inside, in order.
    pub directives: Vec<Arc<Directive>>,
}

/// Something that nginx's tokenizer refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where to point.
    pub span: Span,
    /// What it is.
    pub kind: ProblemKind,
}

/// Kinds of [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A directive without its `;`.
    MissingSemicolon,
    /// A `;` with nothing before it.
    StraySemicolon,
    /// A `}` that closes nothing.
    StrayClose,
    /// A `{` with no name before it.
    NamelessBlock,
    /// A block without its `}`.
    MissingClose,
    /// A quote without its partner.
    UnterminatedQuote,
    /// Something other than a blank, `;`, `{` or `)` behind a closing quote.
    TextAfterQuote,
    /// A word of more than 4095 bytes.
    WordTooLong,
    /// A comment that does not fit into nginx's buffer, either: it reads one as it reads a word.
    CommentTooLong,
    /// Lua code whose braces do not balance.
    UnbalancedLua,
    /// A byte order mark before the first word: nginx reads it as part of that word.
    ByteOrderMark,
    /// Blocks nested more than [`MAX_DEPTH`] deep; what is inside is not looked at.
    TooDeep,
}

/// How deep blocks may be nested. nginx has no bound of its own, but every context that takes a block does: nobody comes near.
pub const MAX_DEPTH: usize = 200;

/// The longest word that nginx reads, in bytes (`NGX_CONF_BUFFER`, less the one that ends it).
pub const MAX_WORD: u32 = 4095;

/// Says whether a name is that of a directive: lets [`Parse`] see that a `;` is missing.
pub type Vocabulary = fn(&str) -> bool;

impl Directive {
    /// One of these words.
    pub fn new(span: Span, name: Word, args: Vec<Word>, body: Body) -> Directive {
        let signs = Signs::of_all(&args);
        let inside = matches!(&body, Body::Block(block) if block.directives.iter().any(|directive| directive.includes));
        let includes = inside || &*name.value == "include";
        Directive { span, name, args, body, signs, includes, sound: Sound::default(), origin: Origin::default() }
    }

    /// The block's directives; none for a simple or a Lua directive.
    pub fn children(&self) -> &[Arc<Directive>] {
        match &self.body {
            Body::Block(block) => &block.directives,
            Body::Simple | Body::Lua(_) => &[],
        }
    }

    /// Name and arguments, without the body: what to underline.
    pub fn header(&self) -> Span {
        self.args.last().map_or(self.name.span, |last| self.name.span.join(last.span))
    }

    /// The decoded argument, or `None` when there are fewer.
    #[inline]
    pub fn arg(&self, index: usize) -> Option<&str> {
        self.args.get(index).map(|word| &*word.value)
    }

    /// True when the directive has this name.
    #[inline]
    pub fn is(&self, name: &str) -> bool {
        &*self.name.value == name
    }
}

impl Parse {
    /// Parses a text afresh. No names are known: a directive whose `;` is missing swallows the next one.
    pub fn new(text: &Text) -> Parse {
        Parse::with_vocabulary(text, |_| false)
    }

    /// Parses a text afresh.
    pub fn with_vocabulary(text: &Text, known: Vocabulary) -> Parse {
        let source = text.to_str();
        let mut tokens = collect::Collector::new(&source);
        read::read(&mut tokens);
        tokens.finish(known)
    }

    /// The comments that begin in a span.
    pub fn comments_in(&self, span: Span) -> &[Span] {
        let first = self.comments.partition_point(|comment| comment.start < span.start);
        let behind = self.comments.partition_point(|comment| comment.start < span.end);
        self.comments.get(first..behind).unwrap_or_default()
    }

    /// The problems that begin in a span or right behind it.
    pub fn problems_at(&self, span: Span) -> &[Problem] {
        let first = self.problems.partition_point(|problem| problem.span.start < span.start);
        let behind = self.problems.partition_point(|problem| problem.span.start <= span.end);
        self.problems.get(first..behind).unwrap_or_default()
    }

    /// Parses a text that came about from this one's by the changes, in that order. The result equals a fresh parse; what
    /// the changes do not touch is not read again, if this one has its [tree](Parse::tree).
    pub fn edit(&self, text: &Text, changes: &[Change], known: Vocabulary) -> Parse {
        let mut old = self.tree.get().filter(|_| !comes_to_begin_with_a_mark(text, changes)).cloned();
        if let Some(old) = &mut old {
            changes.iter().for_each(|change| old.edit(&change.0));
        }
        let Some(tree) = tree::parse(text, old.as_ref()) else { return Parse::with_vocabulary(text, known) };
        let parse = lower::lower(&tree, text, known, reuse::Earlier::new(self, changes));
        Parse { tree: tree.into(), ..parse }
    }

    /// The tree-sitter tree of the text that this is the parse of: for queries, and for the edits to come. `None` only if the library were
    /// built for other versions of the language's tables than it reads, which the tests would show.
    pub fn tree(&self, text: &Text) -> Option<&tree_sitter::Tree> {
        if self.tree.get().is_none() {
            // Whoever else made it meanwhile made the same.
            let _ = self.tree.set(tree::parse(text, None)?);
        }
        self.tree.get()
    }

    /// The tree as an S-expression, for people who look at the grammar.
    pub fn sexp(&self, text: &Text) -> String {
        self.tree(text).map(|tree| tree.root_node().to_sexp()).unwrap_or_default()
    }
}

/// Has an edit put a byte order mark where the text begins, perhaps? The word behind it is another one then, although nothing in it changed:
/// tree-sitter would keep it.
fn comes_to_begin_with_a_mark(text: &Text, changes: &[Change]) -> bool {
    const MARK: &str = "\u{feff}";
    changes.iter().any(|change| change.0.start_byte <= MARK.len()) && text.slice(Span::new(0, MARK.len() as u32)) == MARK
}

/// One replacement in a text.
#[derive(Debug, Clone, Copy)]
pub struct Change(tree_sitter::InputEdit);

impl Change {
    /// The replacement of `span` in `old` by `with`; to be made before the text is changed.
    pub fn new(old: &Text, span: Span, with: &str) -> Change {
        let (start, end) = (old.floor(span.start), old.floor(span.end).max(old.floor(span.start)));
        let (start_position, old_end_position) = (tree::point(old, start), tree::point(old, end));
        let new_end_position = match with.rfind('\n') {
            Some(last) => tree_sitter::Point { row: start_position.row + with.matches('\n').count(), column: with.len() - last - 1 },
            None => tree_sitter::Point { row: start_position.row, column: start_position.column + with.len() },
        };
        Change(tree_sitter::InputEdit {
            start_byte: start as usize,
            old_end_byte: end as usize,
            new_end_byte: start as usize + with.len(),
            start_position,
            old_end_position,
            new_end_position,
        })
    }
}
