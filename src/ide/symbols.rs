//! What an outline shows of a file, and what is found by name in a workspace.

mod detail;
mod workspace;

pub use workspace::{Found, find};

use std::sync::Arc;

use super::present::Present;
use super::shallow::{Nested, shallow};
use crate::project::commented::{shorten, title};
use crate::syntax::{Body, Directive, Quote};
use crate::text::Span;
use crate::usage::definitions::{self, Kind as Name};

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `http`, `events`, `stream`, … and blocks of which nothing is known.
    Context,
    /// `server`
    Server,
    /// `location`
    Location,
    /// `location @name`
    NamedLocation,
    /// `upstream`
    Upstream,
    /// `map`, `geo`, `split_clients` and their like: a variable with a table.
    Table,
    /// `if`, `limit_except`
    Condition,
    /// A block of Lua.
    Code,
    /// `set` and its like.
    Variable,
    /// `log_format`
    Format,
    /// A zone, a cache, a shared dictionary.
    Zone,
}

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Never empty, on one line.
    pub name: String,
    /// What to show behind the name.
    pub detail: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// The whole directive.
    pub span: Span,
    /// What of it to select; within `span`.
    pub selection: Span,
    /// Those in it, in order.
    pub children: Vec<Symbol>,
}

/// The outline of a document: its blocks as they are nested, and what is defined by name in them.
pub fn outline(present: &Present<'_>) -> Vec<Symbol> {
    shallow(level(&present.source.parse.directives))
}

impl Nested for Symbol {
    fn children(&mut self) -> &mut Vec<Symbol> {
        &mut self.children
    }
}

fn level(directives: &[Arc<Directive>]) -> Vec<Symbol> {
    // Blocks are nested at most `syntax::MAX_DEPTH` deep.
    directives.iter().filter_map(|directive| symbol(directive)).collect()
}

/// A directive as a symbol, with those in it; `None` for one that is neither a block nor defines a name.
fn symbol(directive: &Directive) -> Option<Symbol> {
    let (kind, name, selection) = kind(directive)?;
    let is_data = matches!(kind, Kind::Table) || directive.is("types") || directive.is("charset_map");
    Some(Symbol {
        // A name may be nothing but blanks in quotes; a client wants one that can be seen.
        name: [name, shorten(&directive.name.value)].into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "…".to_owned()),
        detail: detail::detail(directive, kind),
        kind,
        span: directive.span,
        selection: if directive.span.covers(selection) { selection } else { directive.name.span },
        children: if is_data { Vec::new() } else { level(directive.children()) },
    })
}

/// What a directive is as a symbol, how it is called, and what of it has the name.
fn kind(directive: &Directive) -> Option<(Kind, String, Span)> {
    let argument = |index: usize| directive.args.get(index).map_or(directive.name.span, |word| word.span);
    if let Some((name, text, index)) = definitions::defined_by(directive) {
        let kind = match name {
            Name::Variable if directive.children().is_empty() && !matches!(directive.body, Body::Block(_)) => Kind::Variable,
            Name::Variable => Kind::Table,
            Name::Upstream => return Some((Kind::Upstream, shorten(&format!("upstream {text}")), argument(index))),
            Name::LogFormat => Kind::Format,
            Name::RequestZone | Name::ConnectionZone | Name::Cache | Name::Dictionary => Kind::Zone,
        };
        let span = selected(directive, text, index).unwrap_or_else(|| argument(index));
        let dollar = if name == Name::Variable { "$" } else { "" };
        return Some((kind, shorten(&format!("{dollar}{text}")), span));
    }
    let whole = || Span::new(argument(0).start, directive.header().end);
    match (&directive.body, &*directive.name.value) {
        (Body::Simple, _) => None,
        (Body::Lua(_), name) => Some((Kind::Code, shorten(name), directive.name.span)),
        (Body::Block(_), "server") => Some((Kind::Server, shorten(&detail::server(directive)), directive.name.span)),
        (Body::Block(_), "location") if directive.arg(0).is_some_and(|name| name.starts_with('@')) => {
            Some((Kind::NamedLocation, title(directive), whole()))
        }
        (Body::Block(_), "location") => Some((Kind::Location, title(directive), whole())),
        (Body::Block(_), "if" | "limit_except") => Some((Kind::Condition, title(directive), directive.header())),
        (Body::Block(_), _) => Some((Kind::Context, title(directive), directive.header())),
    }
}

/// The name in `zone=name:10m`, where the word is written as it is read. A variable has its `$`.
fn selected(directive: &Directive, name: &str, index: usize) -> Option<Span> {
    let word = directive.args.get(index)?;
    let at = (name.as_ptr() as usize).checked_sub(word.value.as_ptr() as usize)? as u32;
    let plain = word.quote == Quote::None && word.value.len() as u32 == word.span.len() && at > 1;
    plain.then(|| Span::new(word.span.start + at, word.span.start + at + name.len() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::present::testing::source;

    fn drawn(symbols: &[Symbol], text: &str, depth: usize, out: &mut String) {
        for symbol in symbols {
            let detail = symbol.detail.as_ref().map(|detail| format!(" · {detail}")).unwrap_or_default();
            let selected = text.get(symbol.selection.range()).unwrap_or_default();
            out.push_str(&format!("{}{:?} {}{detail} [{selected}]\n", "  ".repeat(depth), symbol.kind, symbol.name));
            assert!(symbol.span.covers(symbol.selection) && !symbol.selection.is_empty(), "{symbol:?}");
            drawn(&symbol.children, text, depth + 1, out);
        }
    }

    fn outline_of(text: &str) -> String {
        let source = source(text);
        let mut out = String::new();
        drawn(&outline(&Present::new(&source, None)), text, 0, &mut out);
        out
    }

    #[test]
    fn a_whole_configuration() {
        insta::assert_snapshot!(outline_of(include_str!("symbols/whole.conf")));
    }

    #[test]
    fn half_written_text_has_an_outline() {
        let text = "http {\n  upstream {\n }\n  server {\n    server_name\n    location {\n  }\n  map $a\n  set $b 1;\n  location ~ \"x";
        assert_eq!(
            outline_of(text),
            "Context http [http]\n  Context upstream [upstream]\n  Server server [server]\n    Location location [location]\n  Variable $b · 1 [$b]\n"
        );
    }

    #[test]
    fn names_stay_on_their_line_and_are_never_empty() {
        assert_eq!(
            outline_of("location ~ 'a\nb' { } upstream '' { } if ($x) { }"),
            "Location location ~ a b [~ 'a\nb']\nUpstream upstream ['']\nCondition if ($x) [if ($x)]\n"
        );
        assert_eq!(
            outline_of("a\\\n_by_lua_block { } \"\n\" { } 'x\n_by_lua_block' { }"),
            "Code a\\ _by_lua_block [a\\\n_by_lua_block]\nContext … [\"\n\"]\nCode x _by_lua_block ['x\n_by_lua_block']\n"
        );
    }
}
