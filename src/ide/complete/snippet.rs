//! What a directive looks like when it is written whole: its arguments as tab stops, its block with braces and indentation.

use std::fmt::Write as _;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::nginx::directives::{Directive, Form, Value};

/// Those of `snippets.tsv`, by name: protocols, arguments, what is in the block.
static WRITTEN: LazyLock<FxHashMap<&'static str, Vec<[&'static str; 3]>>> = LazyLock::new(|| {
    let mut written: FxHashMap<&'static str, Vec<[&'static str; 3]>> = FxHashMap::default();
    for line in include_str!("snippets.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        if let (Some(name), Some(protocols), Some(arguments), Some(body)) = (columns.next(), columns.next(), columns.next(), columns.next())
        {
            written.entry(name).or_default().push([protocols, arguments, body]);
        }
    }
    written
});

/// The whole directive as a snippet of the protocol; `indent` is one step of indentation.
pub(super) fn whole(directive: &Directive, indent: &str) -> String {
    let written = WRITTEN.get(directive.name).and_then(|all| {
        let of_protocol = |one: &&[&str; 3]| one[0] == "*" || one[0].split(',').any(|own| own == directive.protocol);
        all.iter().find(of_protocol)
    });
    let (arguments, body) = match written {
        Some([_, arguments, body]) => ((*arguments).to_owned(), *body),
        None => (by_syntax(directive), "$0"),
    };
    let space = if arguments.is_empty() { "" } else { " " };
    let name = directive.name;
    match directive.form {
        Form::Simple => format!("{name}{space}{arguments};"),
        Form::Block | Form::Lua => {
            let body = if body.is_empty() { "$0" } else { body };
            let body = body.replace("\\n", &format!("\n{indent}")).replace("\\t", indent);
            // A line without anything has no blanks either.
            let body = body.replace(&format!("\n{indent}\n"), "\n\n");
            format!("{name}{space}{arguments} {{\n{indent}{body}\n}}")
        }
    }
}

/// The arguments that have to be there, as the documentation names them.
fn by_syntax(directive: &Directive) -> String {
    let count = directive.arguments.least();
    if directive.value == Value::Flag {
        let off = directive.defaults().any(|default| default == "off");
        return if off { "${1|on,off|}" } else { "${1|off,on|}" }.to_owned();
    }
    let syntax = directive.syntaxes().next().map(required).filter(|syntax| !syntax.contains(['{', '}']));
    let written = syntax.map(|syntax| from_syntax(&syntax)).unwrap_or_default();
    if written.is_empty() && count > 0 && directive.form != Form::Lua {
        return (1..=count).map(|at| format!("${{{at}}}")).collect::<Vec<_>>().join(" ");
    }
    written
}

/// A syntax without what stands in brackets: that may be left out.
fn required(syntax: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(syntax.len());
    for letter in syntax.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            letter if depth == 0 => out.push(letter),
            _ => {}
        }
    }
    out
}

fn from_syntax(syntax: &str) -> String {
    // What is to be filled in may be told in several words: `<export_name from module.js>`.
    let mut inside = false;
    let blank = |letter: char| {
        inside = letter == '<' || inside && letter != '>';
        letter.is_whitespace() && !inside
    };
    let words: Vec<&str> = syntax.split(blank).filter(|word| !word.is_empty() && *word != "...").collect();
    let mut stops = 0;
    let mut out: Vec<String> = Vec::new();
    let mut rest = words.as_slice();
    while let Some((first, mut after)) = rest.split_first() {
        let mut choices = vec![*first];
        while let [bar, next, more @ ..] = after
            && *bar == "|"
        {
            choices.push(next);
            after = more;
        }
        rest = after;
        out.push(parameter(&choices, &mut stops));
    }
    out.join(" ")
}

/// One argument, which may be written in several ways.
fn parameter(choices: &[&str], stops: &mut usize) -> String {
    let literal = |word: &str| !word.contains(['<', '>', '|', ',']);
    if let [only] = choices {
        let glued: Vec<&str> = only.split('|').collect();
        if glued.len() > 1 && glued.iter().all(|word| literal(word) && !word.is_empty()) {
            return choice(&glued, stops);
        }
    } else if choices.iter().all(|word| literal(word)) {
        return choice(choices, stops);
    }
    // A place to fill in says more than one of the words that may stand there.
    let shown = choices.iter().find(|word| word.contains('<')).or(choices.first()).copied().unwrap_or_default();
    placeholders(shown, stops)
}

fn choice(words: &[&str], stops: &mut usize) -> String {
    *stops += 1;
    let words: Vec<String> = words.iter().map(|word| escape(word)).collect();
    format!("${{{stops}|{}|}}", words.join(","))
}

/// `zone=<name>:<size>` with tab stops.
fn placeholders(word: &str, stops: &mut usize) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some((before, inner)) = rest.split_once('<') {
        let Some((name, after)) = inner.split_once('>') else { break };
        *stops += 1;
        let _ = write!(out, "{}${{{stops}:{}}}", escape(before), escape(name));
        rest = after;
    }
    out + &escape(rest)
}

/// Text in a snippet (LSP 3.17, "Snippet Syntax": `$`, `}` and `\` are escaped).
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nginx::context::Context;
    use crate::nginx::directives;

    fn of(name: &str, context: Context) -> String {
        whole(directives::in_context(name, context).expect("a directive"), "  ")
    }

    #[test]
    fn every_line_is_one_of_a_directive() {
        let lines = include_str!("snippets.tsv").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 4, "{line}");
            assert!(directives::is_known(columns[0]), "{line}");
        }
    }

    #[test]
    fn arguments_are_tab_stops() {
        assert_eq!(of("proxy_pass", Context::Location), "proxy_pass ${1:http://upstream};");
        assert_eq!(of("gzip", Context::Http), "gzip ${1|on,off|};");
        assert_eq!(of("location", Context::Server), "location ${1:/} {\n  $0\n}");
        assert_eq!(of("server", Context::Http), "server {\n  listen ${1:80};\n  server_name ${2:example.com};\n\n  $0\n}");
        assert_eq!(of("satisfy", Context::Server), "satisfy ${1|all,any|};");
        assert_eq!(of("proxy_read_timeout", Context::Server), "proxy_read_timeout ${1:time};");
        assert_eq!(of("content_by_lua_block", Context::Location), "content_by_lua_block {\n  $0\n}");
        assert_eq!(of("least_conn", Context::Upstream), "least_conn;");
        assert_eq!(of("env", Context::Main), "env ${1:variable};");
    }

    #[test]
    fn every_directive_has_a_snippet_that_is_one() {
        for directive in directives::all() {
            let text = whole(directive, "    ");
            let stops = text.matches("${").count();
            assert!(text.replace("\\}", "").matches('}').count() >= stops, "{text}");
            assert!(!text.contains(['<', '>']) || text.contains("http_"), "{text}");
        }
    }
}
