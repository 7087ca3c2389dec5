//! Shell: which commands send requests, with variables, loops and functions of the same script followed.

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::command::{self, Line};
use super::value::{self, Piece, Value, Values};
use super::{Found, Kind, parse};
use crate::text::Span;

/// How deep functions and scripts in words are followed.
const DEPTH: usize = 4;
/// How many commands of one script are looked at, calls of functions counted each time.
const COMMANDS: usize = 5_000;

/// Reads a script.
pub(super) fn read(code: &str, kind: Kind) -> Vec<Found> {
    read_deep(code, "", kind, 0)
}

/// Reads a script behind the texts of those that it sources: their variables and functions are its own.
pub(super) fn read_behind(sourced: &str, code: &str, kind: Kind) -> Vec<Found> {
    read_deep(code, sourced, kind, 0)
}

/// The files that a script sources (`.`, `source`, the `load` of bats), as far as they are known: what stands behind the last variable.
pub(super) fn sources(code: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in code.lines() {
        let line = line.trim().trim_start_matches("set -a;").trim_start();
        let named = [". ", "source ", "load "].iter().find_map(|word| Some((line.strip_prefix(word)?, *word == "load ")));
        let Some((rest, bats)) = named else { continue };
        let rest = rest.split([';', '|', '&', '#']).next().unwrap_or(rest).trim();
        let known = rest.rsplit(['$', ')', '}']).next().unwrap_or(rest);
        // `$DIR/lib.sh`: behind the variable's name.
        let known = if rest.len() > known.len() && !rest[..rest.len() - known.len()].ends_with([')', '}']) {
            known.split_once('/').map_or("", |(_, behind)| behind)
        } else {
            known
        };
        let name = known.trim_matches(['"', '\'', '/', ' ']);
        let name = name.strip_prefix("./").unwrap_or(name);
        if !name.is_empty() && name.len() < 200 && !name.contains([' ', '"', '\'', '*']) {
            out.push(if bats && !name.contains('.') { format!("{name}.bash") } else { name.to_owned() });
        }
    }
    out
}

fn read_deep(code: &str, sourced: &str, kind: Kind, depth: usize) -> Vec<Found> {
    let whole;
    let own = sourced.len() + 1;
    // One text: what comes first is there for what follows. Places in it are those of the calls.
    let (code, own) = if sourced.is_empty() {
        (code, 0)
    } else {
        whole = format!("{sourced}\n{code}");
        (whole.as_str(), own)
    };
    let Some(tree) = parse(code, &tree_sitter_bash::LANGUAGE.into()) else { return Vec::new() };
    let mut script = Script {
        code,
        kind,
        depth,
        own,
        variables: FxHashMap::default(),
        later: FxHashMap::default(),
        functions: FxHashMap::default(),
        bodies: Vec::new(),
        called: Vec::new(),
        calls: Vec::new(),
        found: Vec::new(),
        commands: 0,
    };
    script.walk(tree.root_node());
    if !script.bodies.is_empty() {
        // A function may use what is only set behind it.
        script.later = std::mem::take(&mut script.variables);
        script.functions.clear();
        script.bodies.clear();
        script.called.clear();
        script.calls.clear();
        script.walk(tree.root_node());
    }
    script.finish();
    let shift = |found: Found| {
        let start = found.span.start.checked_sub(own as u32)?;
        Some(Found { span: Span::new(start, found.span.end - own as u32), ..found })
    };
    script.found.into_iter().filter_map(shift).collect()
}

/// One command: its words and where they stand.
#[derive(Clone)]
struct Command {
    words: Vec<Values>,
    spans: Vec<Span>,
}

struct Script<'a> {
    code: &'a str,
    kind: Kind,
    depth: usize,
    /// Where the script itself begins, behind what it sources.
    own: usize,
    variables: FxHashMap<String, Values>,
    /// What variables are at the end.
    later: FxHashMap<String, Values>,
    /// Numbers of functions by name.
    functions: FxHashMap<String, usize>,
    /// The commands in each function, in which arguments are [`Piece::Param`]s.
    bodies: Vec<Vec<Command>>,
    called: Vec<bool>,
    /// Commands outside of functions that may be calls of one.
    calls: Vec<Command>,
    found: Vec<Found>,
    commands: usize,
}

/// Where a node stands.
#[derive(Clone, Copy, Default)]
struct Around {
    /// In this function.
    function: Option<usize>,
    /// Something decides whether it runs.
    conditional: bool,
}

impl<'a> Script<'a> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.code.get(node.byte_range()).unwrap_or("")
    }

    /// All nodes in the order of the text, without recursion.
    fn walk(&mut self, root: Node<'_>) {
        let mut pending = vec![(root, Around::default())];
        while let Some((node, around)) = pending.pop() {
            let mut inner = around;
            match node.kind() {
                "function_definition" => {
                    if let Some(name) = node.child_by_field_name("name") {
                        let number = self.bodies.len();
                        self.functions.insert(self.text(name).to_owned(), number);
                        self.bodies.push(Vec::new());
                        self.called.push(false);
                        inner = Around { function: Some(number), conditional: false };
                    }
                }
                "variable_assignment" => self.assign(node, around),
                "for_statement" => {
                    if let Some(name) = node.child_by_field_name("variable") {
                        let mut cursor = node.walk();
                        let mut values = Values::new();
                        for item in node.children_by_field_name("value", &mut cursor) {
                            value::add(&mut values, self.word(self.text(item), around.function));
                        }
                        let name = self.text(name).to_owned();
                        self.variables.insert(name, if values.is_empty() { vec![Value::gap()] } else { values });
                    }
                    inner.conditional = true;
                }
                "if_statement" | "case_statement" | "while_statement" | "subshell" | "elif_clause" | "else_clause" => {
                    inner.conditional = true
                }
                "command" => self.command(node, around),
                _ => {}
            }
            let mut cursor = node.walk();
            let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
            pending.extend(children.into_iter().rev().map(|child| (child, inner)));
        }
    }

    fn assign(&mut self, node: Node<'_>, around: Around) {
        let (Some(name), Some(given)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else { return };
        let name = self.text(name);
        let values = if given.kind() == "array" {
            let mut cursor = given.walk();
            let mut values = Values::new();
            for item in given.named_children(&mut cursor).filter(|item| item.kind() != "comment") {
                value::add(&mut values, self.word(self.text(item), around.function));
            }
            values
        } else {
            self.word(self.text(given), around.function)
        };
        let adds = self.code.get(..given.start_byte()).is_some_and(|before| before.ends_with("+="));
        let known = self.variables.get(name).cloned();
        let values = match known {
            Some(known) if adds && given.kind() != "array" => value::joined(&known, &values),
            Some(mut known) if adds || around.conditional => {
                value::add(&mut known, values);
                known
            }
            _ => values,
        };
        self.variables.insert(name.to_owned(), values);
    }

    fn command(&mut self, node: Node<'_>, around: Around) {
        let mut command = Command { words: Vec::new(), spans: Vec::new() };
        let mut cursor = node.walk();
        let mut parts: Vec<Node<'_>> = node.child_by_field_name("name").into_iter().collect();
        parts.extend(node.children_by_field_name("argument", &mut cursor));
        for part in parts {
            let raw = self.text(part);
            if command.words.first().is_some_and(|word| word.first().and_then(Value::known) == Some(":")) {
                self.set_default(raw, around.function);
            }
            let span = Span::new(part.start_byte() as u32, part.end_byte() as u32);
            let values = self.word(raw, around.function);
            // `$CURL` without quotes is as many words as it holds.
            let bare = raw.starts_with('$') && !raw.contains(['"', '(']);
            match values.as_slice() {
                [only] if bare && only.known().is_some_and(|text| text.contains(' ')) => {
                    for word in only.known().unwrap_or("").split_whitespace() {
                        command.words.push(vec![Value::text(word)]);
                        command.spans.push(span);
                    }
                }
                _ => {
                    command.words.push(values);
                    command.spans.push(span);
                }
            }
        }
        match around.function.and_then(|function| self.bodies.get_mut(function)) {
            Some(body) => body.push(command),
            None => self.calls.push(command),
        }
    }

    fn finish(&mut self) {
        for command in std::mem::take(&mut self.calls) {
            self.run(&command, 0);
        }
        // What nobody here calls may be called from elsewhere.
        for function in 0..self.bodies.len() {
            if !self.called.get(function).copied().unwrap_or(true) {
                for command in self.bodies.get(function).cloned().unwrap_or_default() {
                    self.run(&command, DEPTH);
                }
            }
        }
        self.found.dedup();
    }

    /// Looks at one command, and follows it into a function of the script.
    fn run(&mut self, command: &Command, depth: usize) {
        self.commands += 1;
        if self.commands > COMMANDS {
            return;
        }
        // `! check /x`, `if check /x`: names of functions stand where commands do.
        let called = command.words.iter().take(2).enumerate().find_map(|(at, word)| {
            let name = word.first()?.known()?;
            Some((at, *self.functions.get(name)?))
        });
        if let Some((at, function)) = called {
            if let Some(flag) = self.called.get_mut(function) {
                *flag = true;
            }
            if depth < DEPTH {
                let words = command.words.get(at + 1..).unwrap_or(&[]);
                let spans = command.spans.get(at + 1..).unwrap_or(&[]);
                let place = command.spans.get(at).copied().unwrap_or(Span::at(0));
                for inner in self.bodies.get(function).cloned().unwrap_or_default() {
                    let mut inner = substitute(&inner, function, words, spans);
                    // What is sourced stands in another file.
                    inner.spans.iter_mut().filter(|span| (span.start as usize) < self.own).for_each(|span| *span = place);
                    self.run(&inner, depth + 1);
                }
            }
            return;
        }
        match command::read(&command.words) {
            Line::Asks(asked) => {
                for one in asked {
                    let span = command.spans.get(one.word).copied().unwrap_or(Span::at(0));
                    self.found.push(Found { span, kind: self.kind, method: one.method, url: one.url, service: one.service });
                }
            }
            Line::Script(at, script, service) => {
                let span = command.spans.get(at).copied().unwrap_or(Span::at(0));
                for script in script.iter().filter(|_| self.depth < DEPTH) {
                    // What is not known stays a variable that nobody sets.
                    let code: String =
                        script.0.iter().map(|piece| if let Piece::Text(text) = piece { text.as_str() } else { "$_unknown" }).collect();
                    for found in read_deep(&code, "", self.kind, self.depth + 1) {
                        let service = found.service.clone().or(service.clone());
                        self.found.push(Found { span, service, ..found });
                    }
                }
            }
        }
    }

    /// What one word can be, quotes and variables replaced. In a function its arguments stay open.
    fn word(&self, raw: &str, function: Option<usize>) -> Values {
        self.expand(raw, function, 0)
    }

    fn expand(&self, raw: &str, function: Option<usize>, depth: usize) -> Values {
        let mut out: Values = vec![Value::default()];
        let mut plain = String::new();
        let mut rest = raw;
        let mut quoted = false;
        macro_rules! flush {
            () => {
                if !plain.is_empty() {
                    out.iter_mut().for_each(|value| value.push(Piece::Text(plain.clone())));
                    plain.clear();
                }
            };
        }
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            match c {
                '\'' if !quoted => {
                    let (inside, behind) = after.split_once('\'').unwrap_or((after, ""));
                    plain.push_str(inside);
                    rest = behind;
                }
                '"' => {
                    quoted = !quoted;
                    rest = after;
                }
                '\\' => {
                    let escaped = after.chars().next();
                    if quoted && !matches!(escaped, Some('$' | '`' | '"' | '\\' | '\n')) {
                        plain.push('\\');
                    }
                    plain.extend(escaped.filter(|c| *c != '\n'));
                    rest = &after[escaped.map_or(0, char::len_utf8)..];
                }
                '`' => {
                    flush!();
                    out.iter_mut().for_each(|value| value.push(Piece::Gap));
                    rest = after.split_once('`').map_or("", |(_, behind)| behind);
                }
                '$' => {
                    let (values, behind) = self.variable(after, function, depth);
                    match values {
                        Some(values) => {
                            flush!();
                            out = value::joined(&out, &values);
                        }
                        None => plain.push('$'),
                    }
                    rest = behind;
                }
                _ => {
                    plain.push(c);
                    rest = after;
                }
            }
        }
        flush!();
        out
    }

    /// What stands behind a `$`, and the rest of the text. `None` for a plain dollar.
    fn variable<'t>(&self, text: &'t str, function: Option<usize>, depth: usize) -> (Option<Values>, &'t str) {
        let gap = || Some(vec![Value::gap()]);
        if text.starts_with('(') {
            let end = balanced(text, '(', ')');
            // `$(cat x)`, `$((1+1))`
            return (gap(), &text[end..]);
        }
        if text.starts_with('{') {
            let end = balanced(text, '{', '}');
            let inside = text[..end].trim_start_matches('{').strip_suffix('}').unwrap_or("");
            let length = match inside.chars().next() {
                Some('@' | '*') => 1,
                _ => inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len()),
            };
            let (name, operator) = inside.split_at(length);
            let known = self.value_of(name, function);
            let other = |from: usize| {
                if depth < DEPTH { self.expand(operator.get(from..).unwrap_or(""), function, depth + 1) } else { vec![Value::gap()] }
            };
            let values = match operator {
                _ if name.is_empty() => vec![Value::gap()],
                "" | "[@]" | "[*]" => known.unwrap_or_else(|| vec![Value::gap()]),
                _ if operator.starts_with(":-") || operator.starts_with(":=") => with_default(known, || other(2)),
                _ if operator.starts_with('-') || operator.starts_with('=') => with_default(known, || other(1)),
                _ if operator.starts_with(":?") || operator.starts_with('?') => known.unwrap_or_else(|| vec![Value::gap()]),
                // Without what it ends in: a slash.
                "%/" | "%%/" => known.unwrap_or_else(|| vec![Value::gap()]).into_iter().map(without_slash).collect(),
                _ => vec![Value::gap()],
            };
            return (Some(values), &text[end..]);
        }
        let length = match text.chars().next() {
            Some('@' | '*' | '#' | '?' | '$' | '!' | '-') => 1,
            Some(c) if c.is_ascii_digit() => 1,
            Some('"' | '\'') => 0,
            _ => text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len()),
        };
        if length == 0 {
            return (None, text);
        }
        let (name, rest) = text.split_at(length);
        (Some(self.value_of(name, function).unwrap_or_else(|| vec![Value::gap()])), rest)
    }

    fn value_of(&self, name: &str, function: Option<usize>) -> Option<Values> {
        if let Some(function) = function {
            if matches!(name, "@" | "*") {
                return Some(vec![Value(vec![Piece::Rest(function)])]);
            }
            if let Ok(index @ 1..) = name.parse::<usize>() {
                return Some(vec![Value(vec![Piece::Param(function, index - 1)])]);
            }
        }
        self.variables.get(name).or_else(|| function.and_then(|_| self.later.get(name))).cloned()
    }

    /// `: "${HOST:=a.example}"`
    fn set_default(&mut self, raw: &str, function: Option<usize>) {
        let inside = raw.trim_matches('"').strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let Some((name, default)) = inside.and_then(|inside| inside.split_once('=')) else { return };
        let name = name.trim_end_matches(':').to_owned();
        let default = self.expand(default, function, 1);
        self.variables.entry(name).or_insert(default);
    }
}

/// A default counts where nothing gives another value; an argument of a function may not be given.
fn with_default(known: Option<Values>, other: impl FnOnce() -> Values) -> Values {
    match known {
        Some(known) if known.iter().all(|value| value.is_gap()) => other(),
        Some(mut known) if known.iter().any(|value| matches!(value.0.as_slice(), [Piece::Param(..)])) => {
            value::add(&mut known, other());
            known
        }
        Some(known) => known,
        None => other(),
    }
}

fn without_slash(mut value: Value) -> Value {
    if let Some(Piece::Text(text)) = value.0.last_mut()
        && text.ends_with('/')
    {
        text.pop();
    }
    value
}

/// Where the bracket that the text begins with is closed; the end where it is not.
fn balanced(text: &str, open: char, close: char) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + c.len_utf8();
            }
        }
    }
    text.len()
}

/// The command of a function with the arguments of one call.
fn substitute(command: &Command, function: usize, arguments: &[Values], spans: &[Span]) -> Command {
    let mut out = Command { words: Vec::new(), spans: Vec::new() };
    for (word, span) in command.words.iter().zip(&command.spans) {
        let all = word.iter().any(|value| matches!(value.0.as_slice(), [Piece::Rest(of)] if *of == function));
        if all {
            out.words.extend(arguments.iter().cloned());
            out.spans.extend(spans.iter().copied());
            continue;
        }
        let mut place = *span;
        let mut values = Values::new();
        for value in word {
            let mut made: Values = vec![Value::default()];
            for piece in &value.0 {
                made = match piece {
                    Piece::Param(of, index) if *of == function => match arguments.get(*index) {
                        Some(given) => {
                            place = spans.get(*index).copied().unwrap_or(place);
                            value::joined(&made, given)
                        }
                        // Not given: its default is another alternative of the word, if there is one.
                        None if word.len() > 1 => Values::new(),
                        None => made,
                    },
                    Piece::Rest(of) if *of == function => value::joined(&made, &[Value::gap()]),
                    piece => value::joined(&made, &[Value(vec![piece.clone()])]),
                };
            }
            value::add(&mut values, made);
        }
        out.words.push(values);
        out.spans.push(place);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(code: &str) -> Vec<String> {
        read(code, Kind::Script).iter().map(|found| format!("{} {}", found.method.as_deref().unwrap_or("?"), found.url)).collect()
    }

    #[test]
    fn variables_of_the_script_are_followed() {
        let cases: &[(&str, &[&str])] = &[
            ("curl \"http://${HOST:-gateway.example.com}/health\"", &["GET http://gateway.example.com/health"]),
            ("BASE=\"http://${HOST:-a.example}\"\ncurl -b \"$C\" -X DELETE \"$BASE/t/$ID\"", &["DELETE http://a.example/t/…"]),
            ("curl $BASE/x", &["GET ?…/x"]),
            ("curl \"${BASE%/}/x\"", &["GET ?…/x"]),
            ("B=http://a/\ncurl \"${B%/}/x\"", &["GET http://a/x"]),
            ("HOST=${1:-a.example}\ncurl http://$HOST/x", &["GET http://a.example/x"]),
            (": \"${HOST:=a.example}\"\ncurl http://$HOST/x", &["GET http://a.example/x"]),
            ("for p in /a /b; do curl -s http://h.example$p; done", &["GET http://h.example/a", "GET http://h.example/b"]),
            (
                "P=(/a \"/b\")\nfor p in \"${P[@]}\"; do curl \"http://h.example$p\"; done",
                &["GET http://h.example/a", "GET http://h.example/b"],
            ),
            ("if x; then B=http://a; else B=http://b; fi\ncurl $B/x", &["GET http://a/x", "GET http://b/x"]),
            ("CURL=\"curl -fsS -X POST\"\n$CURL http://a/x", &["POST http://a/x"]),
            ("S=$(curl -s -o /dev/null -w '%{http_code}' http://a/x)\n[ \"$S\" = 200 ]", &["GET http://a/x"]),
            ("until curl -sf http://a/x > /dev/null; do sleep 1; done", &["GET http://a/x"]),
            ("curl http://a/x | jq . && curl http://a/y || exit 1", &["GET http://a/x", "GET http://a/y"]),
            ("curl -s \\\n  -H 'A: b' \\\n  http://a/x", &["GET http://a/x"]),
            ("sh -c \"curl http://a/x; curl http://$H/y\"", &["GET http://a/x", "GET http://?/y"]),
        ];
        for (code, expected) in cases {
            assert_eq!(urls(code), *expected, "{code}");
        }
    }

    #[test]
    fn functions_of_the_script_are_followed() {
        let code = "B=http://a.example\ncheck() {\n  local path=$1\n  code=$(curl -s -o /dev/null -w '%{http_code}' \"$B$path\")\n}\ncheck /x 200\ncheck \"/y\"\n";
        assert_eq!(urls(code), ["GET http://a.example/x", "GET http://a.example/y"]);
        let all = "api() { curl -fsS -b c.txt \"$@\"; }\napi -X POST http://a/x -d '{}'\nif api http://a/y; then :; fi\n";
        assert_eq!(urls(all), ["POST http://a/x", "GET http://a/y"]);
        let inner = "req() { curl -X \"$1\" \"http://a$2\"; }\nget() { req GET \"/v1$1\"; }\nget /x\n";
        assert_eq!(urls(inner), ["GET http://a/v1/x"]);
        let unused = "lib() { curl http://a/x/$1; }\n";
        assert_eq!(urls(unused), ["GET http://a/x/…"]);
        let default = "check() { curl http://a${1:-/d}; }\ncheck\ncheck /e\n";
        assert!(urls(default).contains(&"GET http://a/d".to_owned()));
        let endless = "f() { f $1; curl http://a/x; }\nf 1\n";
        assert!(!urls(endless).is_empty());
    }

    #[test]
    fn what_is_sourced_is_known() {
        let lib = "BASE=http://a.example\ncheck() { curl -fsS \"$BASE$1\"; }\nup() { curl http://a.example/up; }\nother() { curl http://a.example/other; }\n";
        let code = ". \"$(dirname \"$0\")/lib.sh\"\ncheck /x\nup\ncurl $BASE/y\n";
        let found = read_behind(lib, code, Kind::Script);
        let shown: Vec<String> = found.iter().map(|found| format!("{} | {}", found.url, &code[found.span.range()])).collect();
        assert_eq!(shown, ["http://a.example/x | /x", "http://a.example/up | up", "http://a.example/y | $BASE/y"]);
        let names = sources(
            ". ./.env\nsource \"$DIR/lib/common.sh\"\n. \"$(dirname \"$0\")/a.sh\"; x\nsource ${HERE}/b.sh\nload test_helper\n# . no\n. \"$X\"\n",
        );
        assert_eq!(names, [".env", "lib/common.sh", "a.sh", "b.sh", "test_helper.bash"]);
    }

    #[test]
    fn what_only_looks_like_a_request_is_none() {
        for code in [
            "# curl http://a/x",
            "echo 'curl http://a/x'",
            "cat <<EOF\ncurl http://a/x\nEOF",
            "URL=http://a/x",
            "grep http://a/x file",
            "curl --version",
        ] {
            assert_eq!(urls(code), [] as [&str; 0], "{code}");
        }
    }

    #[test]
    fn places_are_those_of_the_urls() {
        let code = "check() { curl http://a$1; }\ncheck /x\ncurl -s 'http://a/y'";
        let found = read(code, Kind::Script);
        let texts: Vec<&str> = found.iter().map(|found| &code[found.span.range()]).collect();
        assert_eq!(texts, ["/x", "'http://a/y'"]);
    }
}
