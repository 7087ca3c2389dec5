//! The few words behind a symbol's name: what a block is for, as it says itself.

use super::Kind;
use crate::config::parse_listen;
use crate::nginx::handlers::passes;
use crate::project::commented::{shorten, title};
use crate::syntax::Directive;

/// How a server is called: by its first name and the port of its first `listen`, as everywhere else.
pub(super) fn server(server: &Directive) -> String {
    let name = names(server).into_iter().find(|name| !name.is_empty() && *name != "_");
    let listen = children(server, "listen").find_map(|directive| parse_listen(directive, None).into_iter().next());
    match (name, listen) {
        (Some(name), Some(listen)) if listen.port != 0 => format!("server {name}:{}", listen.port),
        (Some(name), _) => format!("server {name}"),
        (None, Some(listen)) if listen.port != 0 => format!("server {}:{}", listen.address, listen.port),
        (None, Some(listen)) => format!("server {}", listen.address),
        (None, None) => "server".into(),
    }
}

/// What stands behind the name; `None` where there is nothing that the name does not say.
pub(super) fn detail(directive: &Directive, kind: Kind) -> Option<String> {
    let written = match kind {
        Kind::Server => {
            let listens = children(directive, "listen").map(arguments);
            let names = names(directive).into_iter().filter(|name| !name.is_empty() && *name != "_").skip(1).map(str::to_owned);
            let all: Vec<String> = listens.chain(names).collect();
            // One port alone is in the name.
            if matches!(all.as_slice(), [one] if one.bytes().all(|byte| byte.is_ascii_digit())) {
                return None;
            }
            all.join(", ")
        }
        Kind::Location | Kind::NamedLocation => title(directive.children().iter().find(|inside| answers(inside))?),
        Kind::Upstream => children(directive, "server").filter_map(|server| server.arg(0)).collect::<Vec<_>>().join(", "),
        // `map $host`
        Kind::Table => {
            let defined = directive.args.len().checked_sub(1)?;
            let words = std::iter::once(&directive.name).chain(directive.args.get(..defined)?);
            words.map(|word| &*word.value).collect::<Vec<_>>().join(" ")
        }
        Kind::Variable => directive.args.get(1..)?.iter().map(|word| &*word.value).collect::<Vec<_>>().join(" "),
        Kind::Zone | Kind::Format => directive.name.value.to_string(),
        Kind::Context | Kind::Condition | Kind::Code => return None,
    };
    Some(shorten(&written)).filter(|detail| !detail.is_empty())
}

/// What a location does with its requests, as far as a look at its block says.
fn answers(directive: &Directive) -> bool {
    let name = &*directive.name.value;
    passes(name) || name.starts_with("content_by_lua") || matches!(name, "return" | "alias" | "root" | "try_files" | "js_content")
}

fn children<'a>(block: &'a Directive, name: &'static str) -> impl Iterator<Item = &'a Directive> {
    block.children().iter().map(|inside| &**inside).filter(move |inside| inside.is(name))
}

fn names(server: &Directive) -> Vec<&str> {
    children(server, "server_name").flat_map(|directive| &directive.args).map(|word| &*word.value).collect()
}

fn arguments(directive: &Directive) -> String {
    directive.args.iter().map(|word| &*word.value).collect::<Vec<_>>().join(" ")
}
