//! What is offered, as data.

use crate::text::Span;

/// What is offered at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// The best first.
    pub items: Vec<Item>,
    /// True when there is more than was worth sending: the next letter asks again.
    pub incomplete: bool,
}

/// One thing to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// As it is shown.
    pub label: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// A few words behind the label: where it is from.
    pub detail: Option<String>,
    /// What it replaces: from where the word begins to where it ends, the cursor within.
    pub replace: Span,
    /// What is written.
    pub text: String,
    /// The same for an editor with tab stops (`${1:name}`), where that is something else.
    pub snippet: Option<String>,
    /// What is compared with what was typed, where that is not the label.
    pub filter: Option<String>,
    /// Lower comes first.
    pub rank: u32,
    /// What it is about, for its documentation.
    pub about: Option<About>,
}

/// Kinds of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A directive.
    Directive,
    /// A directive with a block.
    Block,
    /// One of a few words.
    Word,
    /// `key=`
    Option,
    /// A variable.
    Variable,
    /// A size, a time, a number, a status.
    Value,
    /// Something that is defined by name: an upstream, a zone.
    Name,
    /// A header, a MIME type, a method.
    Constant,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A Lua module.
    Module,
}

/// What an item is about, and what its documentation is made from when it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A directive.
    Directive {
        /// Its name.
        name: String,
        /// `ngx_http_core_module`
        module: String,
    },
    /// A variable that nginx or a module defines.
    Variable {
        /// Without `$`; the beginning for a prefix.
        name: String,
        /// `http` or `stream`.
        protocol: String,
    },
}

impl Item {
    /// Plain text that is written as it is shown.
    pub(super) fn new(label: impl Into<String>, kind: Kind, replace: Span) -> Item {
        let label = label.into();
        let text = label.clone();
        Item { label, kind, detail: None, replace, text, snippet: None, filter: None, rank: 0, about: None }
    }

    /// With a few words behind the label.
    #[must_use]
    pub(super) fn detail(self, detail: impl Into<String>) -> Item {
        Item { detail: Some(detail.into()).filter(|detail| !detail.is_empty()), ..self }
    }

    /// At this rank.
    #[must_use]
    pub(super) fn rank(self, rank: u32) -> Item {
        Item { rank, ..self }
    }

    /// What is compared with what was typed.
    pub fn compared(&self) -> &str {
        self.filter.as_deref().unwrap_or(&self.label)
    }
}
