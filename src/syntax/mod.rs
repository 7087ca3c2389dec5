//! Bytes to directives: total (it never fails) and pure (no IO).
//!
//! A text becomes a tree, the tree becomes [`Directive`]s with decoded words and the spans they came from. What
//! nginx would refuse is not an error here but a [`Problem`] beside a tree that is still as useful as it can be.

mod lower;

use std::sync::Arc;

use crate::text::{Span, Text};

/// A parsed file.
#[derive(Debug, Clone, Default)]
pub struct Parse {
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
}

/// How a directive ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// `;`, or nothing where it is missing.
    Simple,
    /// `{ … }` with directives.
    Block(Block),
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

/// One word, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In the source, quotes included.
    pub span: Span,
    /// What nginx makes of it (`ngx_conf_read_token`: quotes removed, `\" \' \\ \t \r \n` decoded).
    pub value: Arc<str>,
    /// How it was quoted.
    pub quote: Quote,
}

/// Quotes around a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// A bare word.
    None,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
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
    /// Lua code whose braces do not balance.
    UnbalancedLua,
}

impl Directive {
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
    pub fn arg(&self, index: usize) -> Option<&str> {
        self.args.get(index).map(|word| &*word.value)
    }

    /// True when the directive has this name.
    pub fn is(&self, name: &str) -> bool {
        &*self.name.value == name
    }
}

impl Parse {
    /// Parses a text afresh.
    pub fn new(text: &Text) -> Parse {
        lower::parse(&text.to_str())
    }
}
