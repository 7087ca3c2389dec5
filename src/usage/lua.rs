//! What a piece of Lua names: modules, files, URIs.

use std::cell::RefCell;

use tree_sitter::{Node, Parser, Tree};

use crate::text::Span;

/// What a piece of Lua names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LuaFacts {
    /// Calls that matter here, in order.
    pub calls: Vec<Call>,
    /// It changes `package.path`, or hands `require` on: where modules come from can't be told.
    pub changes_path: bool,
    /// It names one of nginx's own ways to another location without calling it there and then (`local c = ngx.location.capture`):
    /// where it leads can't be told.
    pub dynamic: Option<Span>,
}

/// A call with a text as its first argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub kind: CallKind,
    /// The argument.
    pub target: Target,
    /// The argument, or the call where it has none.
    pub span: Span,
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// `require`
    Require,
    /// `dofile`, `loadfile`
    LoadFile,
    /// `ngx.location.capture`, `ngx.location.capture_multi`
    Capture,
    /// `ngx.exec`
    Exec,
    /// `ngx.req.set_uri` with `jump`
    SetUri,
    /// `ngx.redirect`
    Redirect,
}

impl CallKind {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            CallKind::Require => "require",
            CallKind::LoadFile => "dofile",
            CallKind::Capture => "ngx.location.capture",
            CallKind::Exec => "ngx.exec",
            CallKind::SetUri => "ngx.req.set_uri",
            CallKind::Redirect => "ngx.redirect",
        }
    }

    /// True for those by which a request comes to another location of the same server.
    pub fn sends_requests(self) -> bool {
        matches!(self, CallKind::Capture | CallKind::Exec | CallKind::SetUri)
    }
}

/// A text that is known, or how it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The whole text.
    Constant(String),
    /// Computed; what it certainly starts with, which may be nothing.
    Computed(String),
}

thread_local! {
    static PARSER: RefCell<Option<Parser>> = RefCell::new({
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_lua::LANGUAGE.into()).ok().map(|()| parser)
    });
}

/// Code larger than this is not looked at; it is taken to name anything.
const MAX_CODE: usize = 4 * 1024 * 1024;

/// Reads a piece of Lua. Code that is no Lua gives what could be made out.
pub fn read(code: &str) -> LuaFacts {
    let mut facts = LuaFacts::default();
    if code.len() > MAX_CODE {
        facts.dynamic = Some(Span::at(0));
        facts.changes_path = true;
        return facts;
    }
    // Most code has none of these: a look is cheaper than a parse.
    let worth = ["require", "ngx.location", "ngx.exec", "ngx.req.set_uri", "ngx.redirect", "dofile", "loadfile", "package", "[\"location\"]"];
    if !worth.iter().any(|word| code.contains(word)) {
        return facts;
    }
    let Some(tree) = parse(code) else { return facts };
    let mut cursor = tree.walk();
    loop {
        visit(cursor.node(), code, &mut facts);
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return facts;
            }
        }
    }
}

fn parse(code: &str) -> Option<Tree> {
    PARSER.with_borrow_mut(|parser| parser.as_mut()?.parse(code, None))
}

fn visit(node: Node<'_>, code: &str, facts: &mut LuaFacts) {
    match node.kind() {
        "function_call" => call(node, code, facts),
        "dot_index_expression" | "identifier" | "bracket_index_expression" => name(node, code, facts),
        _ => {}
    }
}

fn text<'a>(node: Node<'_>, code: &'a str) -> &'a str {
    code.get(node.byte_range()).unwrap_or("")
}

fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}

fn kind_of(callee: &str) -> Option<CallKind> {
    let callee: String = callee.chars().filter(|c| !c.is_whitespace()).collect();
    Some(match callee.as_str() {
        "require" => CallKind::Require,
        "dofile" | "loadfile" => CallKind::LoadFile,
        "ngx.location.capture" | "ngx.location.capture_multi" => CallKind::Capture,
        "ngx.exec" => CallKind::Exec,
        "ngx.req.set_uri" => CallKind::SetUri,
        "ngx.redirect" => CallKind::Redirect,
        _ => return None,
    })
}

fn call(node: Node<'_>, code: &str, facts: &mut LuaFacts) {
    let Some(callee) = node.child_by_field_name("name") else { return };
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let first = arguments.named_child(0);
    let mut kind = kind_of(text(callee, code));
    let mut argument = first;
    // `pcall(require, "x")`
    if matches!(text(callee, code), "pcall" | "xpcall")
        && let Some(first) = first
    {
        kind = kind_of(text(first, code));
        argument = arguments.named_child(if text(callee, code) == "pcall" { 1 } else { 2 });
    }
    let Some(kind) = kind else { return };
    if kind == CallKind::SetUri && arguments.named_child(1).is_none_or(|jump| text(jump, code) == "false") {
        return;
    }
    let Some(argument) = argument else {
        facts.calls.push(Call { kind, target: Target::Computed(String::new()), span: span(node) });
        return;
    };
    // capture_multi({ { "/a" }, { "/b", options } })
    if kind == CallKind::Capture && argument.kind() == "table_constructor" {
        let mut cursor = argument.walk();
        for field in argument.named_children(&mut cursor) {
            let inner = field.child_by_field_name("value").filter(|value| value.kind() == "table_constructor");
            let uri = inner.and_then(|inner| inner.named_child(0)?.child_by_field_name("value"));
            match uri {
                Some(uri) => facts.calls.push(Call { kind, target: target(uri, code), span: span(uri) }),
                None if field.kind() == "comment" => {}
                None => facts.calls.push(Call { kind, target: Target::Computed(String::new()), span: span(field) }),
            }
        }
        return;
    }
    facts.calls.push(Call { kind, target: target(argument, code), span: span(argument) });
}

/// A string, a concatenation that begins with one, or something else.
fn target(node: Node<'_>, code: &str) -> Target {
    match node.kind() {
        "string" => match string(node, code) {
            Some(text) => Target::Constant(text),
            None => Target::Computed(String::new()),
        },
        "parenthesized_expression" => node.named_child(0).map_or(Target::Computed(String::new()), |inner| target(inner, code)),
        "binary_expression" => {
            let side = |name: &str| node.child_by_field_name(name).map(|side| target(side, code));
            let concatenation = code.get(node.byte_range()).is_some_and(|text| text.contains(".."));
            match (side("left"), side("right")) {
                (Some(Target::Constant(left)), Some(Target::Constant(right))) if concatenation => Target::Constant(left + &right),
                (Some(Target::Constant(left)), Some(Target::Computed(right))) if concatenation => Target::Computed(left + &right),
                (Some(Target::Computed(left)), _) if concatenation => Target::Computed(left),
                _ => Target::Computed(String::new()),
            }
        }
        _ => Target::Computed(String::new()),
    }
}

/// The value of a string literal; `None` for one with escapes that are more than a character each.
fn string(node: Node<'_>, code: &str) -> Option<String> {
    let Some(content) = node.child_by_field_name("content") else { return Some(String::new()) };
    let raw = text(content, code);
    if !raw.contains('\\') || text(node, code).starts_with('[') {
        return Some(raw.to_owned());
    }
    let mut out = String::new();
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next()? {
            c @ ('\\' | '"' | '\'') => out.push(c),
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            _ => return None,
        }
    }
    Some(out)
}

/// Names that are used other than by a call there and then.
fn name(node: Node<'_>, code: &str, facts: &mut LuaFacts) {
    let compact: String = text(node, code).chars().filter(|c| !c.is_whitespace()).collect();
    match compact.as_str() {
        "package.path" | "package.loaders" | "package.searchers" | "package.preload" => facts.changes_path = true,
        "ngx.location" | "ngx.location.capture" | "ngx.location.capture_multi" | "ngx.exec" | "ngx.req.set_uri" | "ngx[\"location\"]" | "ngx['location']" => {
            let parent = node.parent();
            let within = parent.is_some_and(|parent| parent.kind() == "dot_index_expression" && parent.child_by_field_name("table") == Some(node));
            let known_member = parent.is_some_and(|parent| matches!(text(parent, code), "ngx.location.capture" | "ngx.location.capture_multi"));
            let called = parent.is_some_and(|parent| parent.kind() == "function_call" && parent.child_by_field_name("name") == Some(node));
            let protected = parent.and_then(|parent| parent.parent()).is_some_and(|call| {
                call.kind() == "function_call" && call.child_by_field_name("name").is_some_and(|name| matches!(text(name, code), "pcall" | "xpcall"))
            });
            if !(called || protected || (within && known_member)) {
                facts.dynamic = facts.dynamic.or(Some(span(node)));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(code: &str) -> Vec<(CallKind, Target)> {
        read(code).calls.into_iter().map(|call| (call.kind, call.target)).collect()
    }

    fn constant(text: &str) -> Target {
        Target::Constant(text.into())
    }

    #[test]
    fn calls_are_found_and_comments_and_strings_are_not() {
        let code = "local a, b = require \"x.y\", require('z')\n-- require 'no'\nlocal s = 'require \"no\"' --[[ ngx.exec('/no') ]]\n\
                    ngx.location.capture('/a', { method = 1 })\nlocal ok = pcall(require, 'p')\nreturn ngx.exec(\"@named\")";
        assert_eq!(
            calls(code),
            [
                (CallKind::Require, constant("x.y")),
                (CallKind::Require, constant("z")),
                (CallKind::Capture, constant("/a")),
                (CallKind::Require, constant("p")),
                (CallKind::Exec, constant("@named")),
            ]
        );
        assert_eq!(read(code).dynamic, None);
    }

    #[test]
    fn what_is_computed_is_said_to_be() {
        assert_eq!(calls("ngx.exec('/api/' .. name .. '/x')"), [(CallKind::Exec, Target::Computed("/api/".into()))]);
        assert_eq!(calls("ngx.exec('/a' .. '/b')"), [(CallKind::Exec, constant("/a/b"))]);
        assert_eq!(calls("ngx.exec(target)"), [(CallKind::Exec, Target::Computed(String::new()))]);
        assert_eq!(
            calls("ngx.location.capture_multi({ { '/a' }, { uri, {} } })"),
            [(CallKind::Capture, constant("/a")), (CallKind::Capture, Target::Computed(String::new()))]
        );
        for code in ["local c = ngx.location.capture\nc('/a')", "local l = ngx.location", "f(ngx.exec)"] {
            assert!(read(code).dynamic.is_some(), "{code}");
        }
        assert!(read("package.path = '/x/?.lua;' .. package.path").changes_path);
    }

    #[test]
    fn set_uri_counts_only_when_it_jumps() {
        assert_eq!(calls("ngx.req.set_uri('/a')\nngx.req.set_uri('/b', false)\nngx.req.set_uri('/c', true)"), [(CallKind::SetUri, constant("/c"))]);
    }

    #[test]
    fn what_is_no_lua_does_no_harm() {
        let _ = read("require require ( ngx.exec( } ] \0 \u{1f600} [[");
    }
}
