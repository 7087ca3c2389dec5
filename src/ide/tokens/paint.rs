//! Tokens as they are collected, and in the end brought into order.

use super::{Kind, Token, UNREACHABLE};
use crate::syntax::{Directive, Quote, Word};
use crate::text::Span;

/// Collects tokens.
pub(super) struct Painter<'a> {
    source: &'a str,
    dead: &'a [Span],
    /// Up to where the directive reaches that never counts.
    dead_until: u32,
    tokens: Vec<Token>,
}

/// A part of a word: its text as it is written, and where that begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub text: &'a str,
    pub start: u32,
}

impl<'a> Part<'a> {
    pub fn span(self) -> Span {
        Span::new(self.start, self.start + self.text.len() as u32)
    }

    /// From a byte of it on; empty where it ends before.
    pub fn from(self, at: usize) -> Part<'a> {
        let text = self.text.get(at..).unwrap_or_default();
        Part { text, start: self.start + (self.text.len() - text.len()) as u32 }
    }

    /// Up to a byte of it.
    pub fn until(self, at: usize) -> Part<'a> {
        Part { text: self.text.get(..at).unwrap_or(self.text), start: self.start }
    }
}

impl<'a> Painter<'a> {
    pub fn new(source: &'a str, dead: &'a [Span]) -> Painter<'a> {
        Painter { source, dead, dead_until: 0, tokens: Vec::new() }
    }

    /// What follows is of this directive.
    pub fn begin(&mut self, directive: &Directive) {
        if directive.span.end > self.dead_until && (self.is_dead(directive.span) || self.is_dead(directive.header())) {
            self.dead_until = directive.span.end;
        }
    }

    /// What follows is of no directive.
    pub fn leave(&mut self) {
        self.dead_until = 0;
    }

    fn is_dead(&self, span: Span) -> bool {
        self.dead.binary_search(&span).is_ok()
    }

    /// A word without its quotes.
    pub fn inner(&self, word: &Word) -> Part<'a> {
        let text = self.source.get(word.span.range()).unwrap_or_default();
        let whole = Part { text, start: word.span.start };
        match word.quote {
            Quote::None => whole,
            // The one at the end may be missing.
            Quote::Single | Quote::Double => {
                let quote = if word.quote == Quote::Single { '\'' } else { '"' };
                let inside = whole.from(1);
                inside.until(inside.text.strip_suffix(quote).map_or(inside.text.len(), str::len))
            }
        }
    }

    /// A token; nothing for an empty span.
    pub fn add(&mut self, span: Span, kind: Kind, modifiers: u8) {
        if !span.is_empty() {
            let dead = span.start < self.dead_until || !self.dead.is_empty() && self.is_dead(span);
            self.tokens.push(Token { span, kind, modifiers: modifiers | if dead { UNREACHABLE } else { 0 } });
        }
    }

    /// A token of a part of a word.
    pub fn part(&mut self, part: Part<'_>, kind: Kind, modifiers: u8) {
        self.add(part.span(), kind, modifiers);
    }

    /// Those that were collected, in order and apart from each other.
    pub fn finish(mut self, within: Option<Span>) -> Vec<Token> {
        // Nearly sorted: the text was read in its order.
        self.tokens.sort_by_key(|token| token.span.start);
        let mut end = 0;
        self.tokens.retain(|token| {
            let keeps = token.span.start >= end;
            end = if keeps { token.span.end } else { end };
            keeps && within.is_none_or(|within| token.span.start < within.end && within.start < token.span.end)
        });
        self.tokens
    }
}
